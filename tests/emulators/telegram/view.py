"""What the page shows: bots, people with their last words, and one open chat."""

from typing import Any

from .sending import as_sender
from .stage import Stage
from .watching import NOT_A_KIND
from .world import Bot, Chat, Json, Message

TYPING_SECONDS = 5


class View(Stage):
    """The page's JSON. Nothing here changes anything."""

    def view(self, bot_id: int, chat_id: int) -> Json:
        """Return the whole picture with the chat that is open."""
        with self.world.lock:
            bot = self.world.bots.get(bot_id)
            chat = bot.chats.get(chat_id) if bot else None
            return {
                "version": self.world.version,
                "now": self.clock.now(),
                "bots": [self._bot(item) for item in self.world.bots.values()],
                "people": self._people(bot),
                "chat": self._chat(bot, chat) if bot and chat else None,
            }

    @staticmethod
    def _bot(bot: Bot) -> Json:
        return {
            "id": bot.id,
            "name": bot.first_name,
            "username": bot.username,
            "webhook": bot.webhook.url if bot.webhook else "",
            "pending": sum(len(queue) for queue in bot.updates.values()),
            "error": bot.last_error_message if bot.updates else "",
            "commands": bot.commands.get("default/", []),
            "menu_button": bot.menu_button,
        }

    def _people(self, bot: Bot | None) -> list[Json]:
        people = [
            {
                "id": person.id,
                "name": f"{person.first_name} {person.last_name}".strip(),
                "username": person.username,
                "phone": person.phone,
                **self._last(bot, person.id),
            }
            for person in self.world.people.values()
        ]
        groups = [chat for chat in bot.chats.values() if chat.id < 0 and not chat.migrated_to] if bot else []
        return people + [{"id": chat.id, "name": chat.title, **self._last(bot, chat.id)} for chat in groups]

    @staticmethod
    def _last(bot: Bot | None, chat_id: int) -> Json:
        chat = bot.chats.get(chat_id) if bot else None
        shown = [message for message in chat.messages.values() if not message.is_deleted] if chat else []
        by_bot = [message.id for message in shown if message.by_bot]
        if not shown:
            return {"last": None, "from_bot": []}
        last = shown[-1]
        return {"last": {"text": snippet(last), "date": last.date, "by_bot": last.by_bot}, "from_bot": by_bot[-30:]}

    def _chat(self, bot: Bot, chat: Chat) -> Json:
        recent = self.clock.now() - chat.action_at < TYPING_SECONDS
        answers = [query for query in bot.queries.values() if query.chat_id == chat.id and query.answer]
        return {
            "id": chat.id,
            "type": chat.type,
            "is_open": chat.is_open,
            "is_blocked": chat.is_blocked,
            "keyboard": chat.keyboard,
            "action": chat.action if recent else "",
            "menu_button": chat.menu_button,
            "messages": [self._message(bot, chat, m) for m in chat.messages.values() if not m.is_deleted],
            "toasts": [
                {"id": q.id, "user_id": q.user_id, **(q.answer or {})}
                for q in answers[-5:]
                if (q.answer or {}).get("text")
            ],
        }

    def _message(self, bot: Bot, chat: Chat, message: Message) -> Json:
        replied = chat.messages.get(message.reply_to)
        return {
            "id": message.id,
            "date": message.date,
            "by_bot": message.by_bot,
            "sender": as_sender(self.world, bot, message)["first_name"],
            "sender_id": message.sender_id,
            "content": message.content,
            "buttons": (message.markup or {}).get("inline_keyboard", []),
            "is_edited": bool(message.edit_date),
            "reply_to": snippet(replied) if replied else "",
        }


WORDS = {
    "photo": "Фотография", "document": "Документ", "voice": "Голосовое сообщение", "sticker": "Стикер",
    "location": "Место на карте", "contact": "Контакт", "invoice": "Счёт", "video": "Видео", "audio": "Аудио",
    "successful_payment": "Оплачено",
}  # fmt: skip


def snippet(message: Message) -> str:
    """Return a message in one line."""
    content: dict[str, Any] = message.content
    kind = next((name for name in content if name not in NOT_A_KIND), "")
    return str(content.get("text") or content.get("caption") or WORDS.get(kind, "Сообщение"))[:120]

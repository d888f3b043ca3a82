"""Groups: the bot may be put in, thrown out, and the group may turn into a supergroup."""

from .sending import as_chat
from .stage import Stage
from .world import Bot, Chat, Json


class Groups(Stage):
    """Acts around groups (negative ids)."""

    def add_group(self, token: str, chat_id: int, title: str = "Отдел продаж") -> Chat:
        """Put the bot into a group; one it was in before keeps what was said there."""
        with self.world.lock:
            kind = "supergroup" if str(chat_id).startswith("-100") else "group"
            chat = self.api.bot(token).chats.setdefault(chat_id, Chat(chat_id, kind, title, is_open=True))
            chat.title, chat.is_bot_kicked = title, False
            self.world.changed()
            return chat

    def puts_in(self, token: str, chat_id: int, *, by: int, title: str = "Отдел продаж", kind: str = "") -> Json:
        """Put the bot into a group or a channel (`kind`), as a person does it: the bot is told who."""
        with self.world.lock:
            bot, chat = self.api.bot(token), self.add_group(token, chat_id, title)
            chat.type = kind or chat.type
            return self._membership_of(bot, chat, by=by, before="left", after="administrator")

    def kicks(self, token: str, chat_id: int, *, by: int) -> Json:
        """Throw the bot out of the group."""
        with self.world.lock:
            bot, chat = self.chat(token, chat_id)
            chat.is_bot_kicked = True
            return self._membership_of(bot, chat, by=by, before="member", after="kicked")

    def _membership_of(self, bot: Bot, chat: Chat, *, by: int, before: str, after: str) -> Json:
        member: Json = {"status": after, "user": bot.as_user(), **({"until_date": 0} if after == "kicked" else {})}
        body = {
            "chat": as_chat(self.world, chat),
            "from": self.world.person(by).as_user(),
            "date": int(self.clock.now()),
            "old_chat_member": {"status": before, "user": bot.as_user()},
            "new_chat_member": member,
        }
        return self.tell(bot, "my_chat_member", body)

    def migrates(self, token: str, chat_id: int) -> int:
        """Turn the group into a supergroup and return its new id; the old one answers with `migrate_to_chat_id`."""
        with self.world.lock:
            bot, chat = self.chat(token, chat_id)
            new_id = -1_000_000_000_000 + chat_id
            chat.migrated_to = new_id
            bot.chats[new_id] = Chat(new_id, "supergroup", chat.title, is_open=True)
            self.world.changed()
            return new_id

"""What people do: write, press, share, block. Each act changes the chat they see and queues the update the bot gets."""

from collections.abc import Iterable
from typing import Any

from .buttons import find_button
from .files import as_body, store_file
from .markup import found_entities
from .samples import DOCUMENT, PICTURE, SOUND, STICKER
from .sending import as_chat, as_message, next_message
from .stage import Stage
from .world import Bot, Chat, Json, Message, Person, Query

MIME_TYPES = {"pdf": "application/pdf", "txt": "text/plain", "jpg": "image/jpeg", "png": "image/png"}


class People(Stage):
    """Acts of people. A verb takes the bot's token and the person's id and returns the update the bot gets."""

    def add_person(
        self,
        user_id: int,
        *,
        first_name: str | None = None,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = None,
        phone: str | None = None,
    ) -> Person:
        """Make or change a person; what is None stays as it is."""
        given = {"first_name": first_name, "last_name": last_name, "username": username, "phone": phone}
        with self.world.lock:
            person = self.world.person(user_id)
            for name, value in {**given, "language_code": language_code}.items():
                if value is not None:
                    setattr(person, name, value)
            self.world.changed()
            return person

    def user_says(
        self,
        token: str,
        user_id: int,
        text: str,
        *,
        first_name: str | None = None,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = None,
        chat_id: int = 0,
        reply_to: int = 0,
    ) -> Json:
        """Write a text to the bot (or into the group `chat_id`)."""
        self.add_person(
            user_id, first_name=first_name, last_name=last_name, username=username, language_code=language_code
        )
        entities = found_entities(text)
        content: Json = {"text": text, "entities": entities} if entities else {"text": text}
        return self.puts(token, user_id, content, chat_id=chat_id, reply_to=reply_to)

    def starts(self, token: str, user_id: int, payload: str = "", *, first_name: str | None = None) -> Json:
        """Press Start, from a link `?start=payload` when there is one."""
        return self.user_says(token, user_id, f"/start {payload}".strip(), first_name=first_name)

    def puts(self, token: str, user_id: int, content: Json, *, chat_id: int = 0, reply_to: int = 0) -> Json:
        """Put a message of any body into the chat; writing to a bot that was blocked unblocks it first."""
        with self.world.lock:
            bot, chat = self.chat(token, chat_id or user_id)
            self.world.person(user_id)
            if chat.is_blocked:
                self.unblocks(token, user_id)
            chat.is_open = True
            message = next_message(bot, chat, sender_id=user_id, now=self.clock.now(), content=content)
            message.reply_to = reply_to
            if chat.keyboard and (chat.keyboard.get("one_time_keyboard") or chat.keyboard.get("force_reply")):
                chat.keyboard = None
            return self.tell(bot, "message", as_message(self.world, bot, chat, message))

    def sends_file(self, token: str, user_id: int, kind: str, data: bytes, *, caption: str = "", **about: str) -> Json:
        """Send a photo, document, voice, video, audio, animation, video_note or sticker (`about`: name, mime_type)."""
        with self.world.lock:
            body = as_body(kind, store_file(self.world, kind=kind, data=data, **about))
            if kind == "sticker":
                body["sticker"]["emoji"] = "👍"
            return self.puts(token, user_id, {**body, "caption": caption} if caption else body)

    def sends_photo(self, token: str, user_id: int, *, caption: str = "") -> Json:
        """Send a picture."""
        return self.sends_file(token, user_id, "photo", PICTURE, mime_type="image/png", caption=caption)

    def sends_document(self, token: str, user_id: int, name: str = "смета.pdf", *, caption: str = "") -> Json:
        """Send a file under a name."""
        kind = MIME_TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
        return self.sends_file(token, user_id, "document", DOCUMENT, name=name, mime_type=kind, caption=caption)

    def sends_voice(self, token: str, user_id: int) -> Json:
        """Send three seconds of voice."""
        return self.sends_file(token, user_id, "voice", SOUND, mime_type="audio/ogg")

    def sends_sticker(self, token: str, user_id: int) -> Json:
        """Send a sticker."""
        return self.sends_file(token, user_id, "sticker", STICKER, mime_type="image/webp")

    def sends_location(self, token: str, user_id: int, latitude: float, longitude: float) -> Json:
        """Send a place on the map."""
        return self.puts(token, user_id, {"location": {"latitude": latitude, "longitude": longitude}})

    def shares_contact(self, token: str, user_id: int, phone: str, *, foreign: bool = False, owner_id: int = 0) -> Json:
        """Share a phone. `foreign` attaches somebody else's card: without a Telegram id, or with `owner_id`'s."""
        with self.world.lock:
            _, chat = self.chat(token, user_id)
            person = self.world.person(user_id)
            if not foreign:
                person.phone = phone
            contact: Json = {"phone_number": phone, "first_name": "Иван" if foreign else person.first_name}
            card_id = owner_id if foreign else user_id
            content = {"contact": {**contact, "user_id": card_id} if card_id else contact}
            return self.puts(token, user_id, content, reply_to=0 if foreign else _last_question(chat))

    def edits(self, token: str, user_id: int, message_id: int, text: str) -> Json:
        """Change an own text message."""
        with self.world.lock:
            bot, chat = self.chat(token, user_id)
            message = chat.messages[message_id]
            if message.by_bot or "text" not in message.content:
                raise ValueError("people may change only their own text messages")
            message.content = {"text": text}
            message.edit_date = int(self.clock.now())
            return self.tell(bot, "edited_message", as_message(self.world, bot, chat, message))

    def presses(
        self, token: str, user_id: int, message_id: int | None, data: str, *, chat_id: int = 0, forged: bool = False
    ) -> Json:
        """Press an inline button by its data or its label; without a message id, the newest message that has it.

        `forged` presses what is not there, as a person with a changed client or a very old keyboard could.
        """
        with self.world.lock:
            bot, chat = self.chat(token, chat_id or user_id)
            if not forged:
                message_id, data = find_button(chat, message_id, data)
            query = _ask(bot, user_id, chat, message_id or 0, data, now=self.clock.now())
            body: Json = {"id": query.id, "from": self.world.person(user_id).as_user(), "chat_instance": str(-chat.id)}
            pressed = chat.messages.get(message_id or 0)
            if pressed is not None:
                body["message"] = self._whole_or_inaccessible(bot, chat, pressed)
            return self.tell(bot, "callback_query", {**body, "data": data})

    def _whole_or_inaccessible(self, bot: Bot, chat: Chat, message: Message) -> Json:
        if message.is_deleted:
            return {"chat": as_chat(self.world, chat), "message_id": message.id, "date": 0}
        return as_message(self.world, bot, chat, message)

    def blocks(self, token: str, user_id: int) -> Json:
        """Block the bot."""
        return self._membership(token, user_id, blocked=True)

    def unblocks(self, token: str, user_id: int) -> Json:
        """Unblock the bot."""
        return self._membership(token, user_id, blocked=False)

    def _membership(self, token: str, user_id: int, *, blocked: bool) -> Json:
        with self.world.lock:
            bot, chat = self.chat(token, user_id)
            chat.is_blocked = blocked
            chat.is_open = True
            member: Json = {"status": "member", "user": bot.as_user()}
            kicked: Json = {"status": "kicked", "user": bot.as_user(), "until_date": 0}
            before, after = (member, kicked) if blocked else (kicked, member)
            body = {
                "chat": as_chat(self.world, chat),
                "from": self.world.person(user_id).as_user(),
                "date": int(self.clock.now()),
                "old_chat_member": before,
                "new_chat_member": after,
            }
            return self.tell(bot, "my_chat_member", body)

    def deactivates(self, user_id: int) -> None:
        """Delete the person's account: whoever writes to it gets 403."""
        with self.world.lock:
            self.world.person(user_id).is_deactivated = True
            self.world.changed()

    def met_elsewhere(self, token: str, user_id: int) -> None:
        """Let the bot know a person who has not written to it (from a group, say): sending gives 403, not 400."""
        with self.world.lock:
            self.world.person(user_id)
            self.chat(token, user_id)

    def pays(self, token: str, user_id: int, message_id: int) -> Json:
        """Press Pay under an invoice: the bot gets a pre-checkout question and has ten seconds."""
        with self.world.lock:
            bot, chat = self.chat(token, user_id)
            query = _ask(bot, user_id, chat, message_id, "pay", now=self.clock.now())
            person = self.world.person(user_id).as_user()
            return self.tell(
                bot, "pre_checkout_query", {"id": query.id, "from": person, **_bill(bot, chat, message_id)}
            )

    def pays_link(self, token: str, user_id: int, slug: str) -> Json:
        """Press Pay in the sheet that a link has opened, as a Mini App does."""
        with self.world.lock:
            bot, chat = self.chat(token, user_id)
            link = bot.invoice_links[slug.removeprefix("$")]
            query = _ask(bot, user_id, chat, 0, slug, now=self.clock.now())
            person = self.world.person(user_id).as_user()
            return self.tell(bot, "pre_checkout_query", {"id": query.id, "from": person, **_bill_of(link)})

    def finishes_payment(self, token: str, query_id: str) -> Json:
        """Let the money move, if the bot agreed in time; the update holds `successful_payment`."""
        with self.world.lock:
            bot = self.api.bot(token)
            query = bot.queries[query_id]
            if not (query.answer or {}).get("ok"):
                raise ValueError("the bot has not agreed to this payment")
            charge = f"tg-charge-{query.id}"
            bot.charges[charge] = {"user_id": query.user_id, "message_id": query.message_id}
            charges = {"telegram_payment_charge_id": charge, "provider_payment_charge_id": f"provider-{query.id}"}
            opened = bot.invoice_links.get(query.data.removeprefix("$"))
            bill = _bill_of(opened) if opened else _bill(bot, bot.chats[query.chat_id], query.message_id)
            return self.puts(token, query.user_id, {"successful_payment": {**bill, **charges}})


def _last_question(chat: Chat) -> int:
    """Return the bot's last message when a keyboard is shown: a contact shared by its button replies to it."""
    own: Iterable[int] = [item.id for item in chat.messages.values() if item.by_bot and not item.is_deleted]
    return max(own, default=0) if chat.keyboard else 0


def _ask(bot: Bot, user_id: int, chat: Chat, message_id: int, data: str, *, now: float) -> Query:
    number = str(9_000_000_000_000 + len(bot.queries))
    query = Query(number, user_id, chat.id, message_id, data, now)
    bot.queries[number] = query
    return query


def _bill_of(link: Json) -> dict[str, Any]:
    return {"currency": link["currency"], "total_amount": link["total_amount"], "invoice_payload": link["payload"]}


def _bill(bot: Bot, chat: Chat, message_id: int) -> dict[str, Any]:
    invoice = chat.messages[message_id].content["invoice"]
    money = {"currency": invoice["currency"], "total_amount": invoice["total_amount"]}
    return {**money, "invoice_payload": bot.invoices[message_id]}

"""Looking at what happened: what a person sees, what a bot called, what it answered to a press."""

from collections.abc import Callable
from dataclasses import dataclass

from .api import Record
from .stage import Stage
from .world import Json, Message

NOT_A_KIND = {"link_preview_options", "entities", "caption", "caption_entities", "media_group_id", "forward_origin"}


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as its reader sees it. `text` is the text or the caption, `buttons` the inline ones row by row."""

    id: int
    by_bot: bool
    text: str
    buttons: tuple[tuple[Json, ...], ...]
    content: Json
    is_edited: bool

    @property
    def labels(self) -> list[str]:
        """Return what stands on the inline buttons."""
        return [button["text"] for row in self.buttons for button in row]

    @property
    def picture(self) -> str:
        """Return the address of the picture that goes with the words."""
        return str(self.content.get("link_preview_options", {}).get("url", ""))

    @property
    def kind(self) -> str:
        """Return what it is: text, photo, document, voice, sticker, contact, invoice …"""
        return next(name for name in self.content if name not in NOT_A_KIND)


class Watching(Stage):
    """Questions a test asks; nothing here changes anything."""

    @property
    def calls(self) -> list[Record]:
        """Return every call of every bot, oldest first."""
        return self.api.calls

    def calls_of(self, method: str, token: str = "") -> list[Record]:
        """Return the calls of one method, of one bot when a token is given."""
        wanted = method.lower()
        return [call for call in self.calls if call.method.lower() == wanted and token in ("", call.token)]

    def messages(self, token: str, user_id: int) -> list[Seen]:
        """Return all messages this person (or group) sees in the chat with the bot, own ones too, in order."""
        with self.world.lock:
            _, chat = self.chat(token, user_id)
            return [_seen(message) for _, message in sorted(chat.messages.items()) if not message.is_deleted]

    def said(self, token: str, user_id: int) -> list[Seen]:
        """Return only what the bot said."""
        return [message for message in self.messages(token, user_id) if message.by_bot]

    def keyboard(self, token: str, user_id: int) -> list[list[Json]]:
        """Return the reply keyboard the person sees now, row by row; empty when there is none."""
        with self.world.lock:
            keyboard = self.chat(token, user_id)[1].keyboard or {}
            rows: list[list[Json]] = keyboard.get("keyboard", [])
            return rows

    def toasts(self, token: str, user_id: int) -> list[Json]:
        """Return the bot's answers to this person's presses, oldest first."""
        with self.world.lock:
            queries = self.bot(token).queries.values()
            return [query.answer for query in queries if query.user_id == user_id and query.answer is not None]

    def wait_until(self, is_so: Callable[[], bool], *, timeout: float = 10.0) -> None:
        """Return as soon as it is so, looking after every change; raise TimeoutError with nothing done otherwise."""
        with self.world.moved:
            if not self.world.moved.wait_for(is_so, timeout):
                raise TimeoutError(f"not so after {timeout} s")

    def wait_for(self, token: str, user_id: int, count: int, timeout: float = 10.0) -> list[Seen]:
        """Return what the bot said to this person once it is at least `count` messages."""
        try:
            self.wait_until(lambda: len(self.said(token, user_id)) >= count, timeout=timeout)
        except TimeoutError:
            said = [message.text for message in self.said(token, user_id)]
            raise TimeoutError(f"{len(said)} messages of {count} after {timeout} s: {said}") from None
        return self.said(token, user_id)


def _seen(message: Message) -> Seen:
    rows = tuple(tuple(row) for row in (message.markup or {}).get("inline_keyboard", []))
    text = str(message.content.get("text") or message.content.get("caption") or "")
    return Seen(message.id, message.by_bot, text, rows, message.content, bool(message.edit_date))

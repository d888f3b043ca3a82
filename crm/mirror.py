"""What a customer writes while a manager has the dialogue, passed on to the manager's own chat with the bot."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.messages import Media, Outgoing
from bot.models import Chat, Message
from bot.outbox import say
from crm import cards, takeovers, ways
from crm.models import Lead, Takeover

FILES = {
    "photo": "🖼 фотография",
    "document": "📄 документ",
    "voice": "🎤 голосовое сообщение",
    "video": "🎬 видео",
    "video_note": "🎥 видеосообщение",
    "audio": "🎵 аудио",
    "animation": "🎞 анимация",
    "sticker": "🙂 стикер",
    "location": "📍 место на карте",
}


def pass_on(spoken: Mapping[Chat, Sequence[Message]]) -> None:
    """Queue what customers of these chats have just said for the managers who have their dialogues. One query for all."""
    rows = takeovers.mirrored(chat for chat, said in spoken.items() if said)
    for chat, said in spoken.items():
        takeover = rows.get(chat.pk)
        if takeover is not None and takeover.lead is not None:
            for message in said:
                _pass(message, takeover, takeover.lead)


def _pass(message: Message, takeover: Takeover, lead: Lead) -> None:
    way = ways.way_to(takeover.manager, lead) if takeover.manager else None
    if way is None or message.role != Message.Role.USER:
        return
    name = lead.customer.name or f"№ {lead.pk}"
    media = [Media(item["kind"], item["ref"], item.get("name", "")) for item in message.extras.get("media", ())]
    same_bot = way.channel_id == message.channel_id  # a file's id means nothing to another bot
    described = [] if same_bot else [FILES.get(item.kind, "📎 файл") for item in media]
    text = "\n".join(part for part in (message.text, *described) if part)
    key = f"mirror:{takeover.pk}:{message.external_id[:40]}:{message.created_at.timestamp():.6f}"
    words = Outgoing(f"💬 {name}: {text}".rstrip(": "), about=cards.about(lead))
    say(way, words, dedupe_key=key)
    if same_bot:
        for number, item in enumerate(item for item in media if item.ref):
            say(way, Outgoing("", media=(item,), about=cards.about(lead)), dedupe_key=f"{key}:f{number}")


def last_words(chat: Chat, *, limit: int = 6) -> str:
    """Return how the dialogue stood when the manager came, oldest first."""
    marks: dict[Any, str] = {Message.Role.USER: "👤", Message.Role.BOT: "🤖", Message.Role.MANAGER: "🧑‍💼"}
    rows = Message.objects.filter(chat=chat, role__in=list(marks)).order_by("-id")[:limit]
    spoken = [row for row in reversed(rows) if row.text and not row.text.startswith("/start")]
    lines = [f"{marks[row.role]} {_short(row.text)}" for row in spoken]
    return "\n".join(lines)


def _short(text: str, limit: int = 300) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else f"{flat[: limit - 1]}…"

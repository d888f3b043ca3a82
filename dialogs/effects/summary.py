"""What a manager reads first: the customer's own words, without those that only answered the bot."""

import datetime as dt
import re

from bot.models import Message
from dialogs.effects.sheet import Occasion

NOTE_MARK = "? "  # begins a line of the summary left by the action `note`
LINES = 5
LOOKED_AT = 40  # the customer's last messages; more is never needed for five lines
LENGTH = 600  # characters
LEEWAY = dt.timedelta(minutes=5)  # the words that opened the dialogue are older than it
NUMBER = re.compile(r"\+?\d[\d\s().-]*")
WORD = re.compile(r"\w+")
# Said to the bot, not to the manager: greetings, thanks, yes and no, and what stands around a number.
SMALL_TALK = frozenset(
    WORD.findall("""
    да ага угу ок окей хорошо ладно верно правильно точно именно так все всё нет неа не исправить спасибо благодарю
    пожалуйста привет здравствуйте здрасте здраствуйте здрасьте добрый доброе день утро вечер доброго времени суток
    мой номер телефон телефона тел вот это он она запишите записывайте и а ну yes no ok
    """)
)


def summary_of(at: Occasion) -> str:
    """Return notes and the customer's words in short, for whoever takes the lead; the first words are never left out."""
    before = at.session.lead.summary.splitlines() if at.session.lead is not None else []
    noted = [line for line in before if line.startswith(NOTE_MARK)]
    words = [text for text in telling(said_in(at)) if NOTE_MARK + text not in noted]
    shown = words if len(words) <= LINES else [words[0], *words[1 - LINES :]]
    lines = noted + [f"— {text}" for text in shown]
    return "\n".join(lines)[:LENGTH]


def telling(texts: list[str]) -> list[str]:
    """Return what tells a manager something, each once, in order."""
    return [text for text in dict.fromkeys(" ".join(text.split()) for text in texts) if _tells(text)]


def _tells(text: str) -> bool:
    if not text or text.startswith(("/", "📱")):  # a command; a shared contact
        return False
    words = WORD.findall(NUMBER.sub(" ", text).lower())
    if not words:
        return not NUMBER.search(text)  # a bare number is on the card; a smile or "???" says something
    return not SMALL_TALK.issuperset(words)


def said_in(at: Occasion, *, presses: bool = True) -> list[str]:
    """Return the customer's last words in this dialogue, oldest first; with or without the buttons they pressed."""
    rows = at.session.chat.messages.filter(role=Message.Role.USER)
    if not presses:
        rows = rows.exclude(extras__has_key="pressed")
    if at.session.conversation is not None:
        rows = rows.filter(created_at__gte=at.session.conversation.started_at - LEEWAY)
    return [*rows.order_by("-id").values_list("text", flat=True)[:LOOKED_AT]][::-1]

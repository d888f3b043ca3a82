"""A dialogue played without a database, a channel or a clock: what a test says goes straight into `advance`."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import yaml

from dialogs.engine.advance import advance
from dialogs.engine.effects import Act, Effect, Finish, Key, Say, SettleLead, StartTimer, Track
from dialogs.engine.events import Alarm, Event, Pressed, Said, SharedContact, Started
from dialogs.engine.facts import Facts
from dialogs.engine.reading import FaqHit, Reading
from dialogs.engine.script import load
from dialogs.engine.state import Mode, State

PRESETS = Path(__file__).resolve().parents[3] / "dialogs/presets"
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)  # a Monday; noon in Moscow
MOSCOW = dt.timezone(dt.timedelta(hours=3))
VARIABLES = {"business.name": "Окна", "customer.first_name": "Анна", "business.privacy_url": "https://o.example/p"}
FACTS = Facts(
    variables=VARIABLES, consent_text="согласие компании «{{business.name}}».", consent_version="7", time_zone=MOSCOW,
    advertising_text="согласие на рекламу компании «{{business.name}}».", advertising_version="3",
)  # fmt: skip
PHONE = "+79161234567"
SHOWN = "+7 916 123-45-67"
HOURS = FaqHit("hours", "Работаем с 9 до 18.", 0.9)
ADDRESS = FaqHit("address", "Ленина, 10.", 0.8)
PRICE = FaqHit("price", "Цена по замеру.", 0.7)

E = TypeVar("E")


def said(text: str = "слова", *intents: str, media: tuple[str, ...] = (), **found: Any) -> Said:
    """Return words as the reader would understand them."""
    return Said(Reading(text=text, intents=intents, **found), media)


def gives(phone: str = PHONE, *, text: str = "вот номер", shown: str = "", **found: Any) -> Said:
    """Return words that hold a phone."""
    found = {"phones": (phone,), "shown_phones": (shown or SHOWN,), **found}
    intents = ("gives_phone", *found.pop("intents", ()))
    return Said(Reading(text=text, intents=intents, **found))


def card(phone: str = PHONE, *, own: bool = True) -> SharedContact:
    """Return a contact card."""
    return SharedContact(phone, SHOWN if phone else "", is_own=own)


def ask(**settings: Any) -> dict[str, Any]:
    """Return a step that asks for the phone."""
    return {
        "kind": "ask", "field": "phone", "text": "Ваш номер?", "retries": ["Номер?", "Так какой номер?"],
        "persuade": "Только для ответа.", "timeout": "1h", "on_timeout": "silent", "on_refusal": "refused",
        "next": "done", **settings,
    }  # fmt: skip


def shipped(name: str) -> dict[str, Any]:
    """Return a preset as its file has it, with stand-ins for what it takes from the prompts."""
    text = (PRESETS / f"{name}.yaml").read_text(encoding="utf-8")
    raw: dict[str, Any] = yaml.safe_load(re.sub(r"\{\{\s*prompt\.[\w.-]+\s*\}\}", "Слова", text))
    return raw


def quiz(**settings: Any) -> dict[str, Any]:
    """Return a survey of two questions, from 0 to 8 points."""
    answers = [
        {"key": "a", "text": "Никогда", "points": 0, "reaction": "С нуля — это хорошо."},
        {"key": "b", "text": "Пробовал", "points": 2, "synonyms": ["немного"]},
        {"key": "c", "text": "Каждый день", "points": 4, "reaction": "Опыт виден."},
    ]
    personas = [
        {"key": "investor", "when": {"q2": "large"}},
        {"key": "trader", "when": {"q1": ["b", "c"]}},
        {"key": "newcomer"},
    ]
    sums = [
        {"key": "small", "text": "До 100", "points": 1},
        {"key": "large", "text": "Больше 100", "points": 4, "reaction": "Понял."},
    ]
    return {
        "kind": "survey", "text": "Два вопроса.", "next": "done", "timeout": "3d", "on_timeout": "silent",
        "questions": [{"key": "q1", "text": "Опыт?", "answers": answers}, {"key": "q2", "text": "Сумма?", "answers": sums}],
        "segments": {"cold": "0-2", "warm": "3–5", "hot": "6+"},
        "personas": personas,
        "reminders": [{"after": "1h", "text": "Осталось немного."}],
        **settings,
    }  # fmt: skip


def script(steps: Mapping[str, Any] | None = None, **settings: Any) -> dict[str, Any]:
    """Return a raw script: the given steps before the usual ends."""
    ends = {
        "done": {"kind": "end", "outcome": "captured", "text": "Спасибо!"},
        "silent": {"kind": "end", "reopen": "phone"},
        "refused": {"kind": "end", "text": "Не настаиваю.", "reopen": "phone"},
    }
    return {"key": "test", "steps": {"phone": ask(), **(steps or {}), **ends}, **settings}


class Play:
    """One dialogue under test; keeps what the last turn did."""

    def __init__(self, raw: Mapping[str, Any] | None = None, **facts: Any) -> None:
        self.script = load(raw or script())
        self.facts = replace(FACTS, **facts)
        self.state = State()
        self.now = NOW
        self.effects: tuple[Effect, ...] = ()

    def hear(self, event: Event) -> "Play":
        """Take one turn; it must be the same when it is taken again, and its state must survive the database."""
        turn = advance(self.script, self.state, event, self.facts, self.now)
        assert turn == advance(self.script, self.state, event, self.facts, self.now)
        assert State.from_json(turn.state.to_json()) == turn.state
        self.state, self.effects = turn.state, turn.effects
        return self

    def start(self) -> "Play":
        """Open the chat."""
        return self.hear(Started())

    def says(self, text: str, *intents: str, **found: Any) -> "Play":
        """Write."""
        return self.hear(said(text, *intents, **found))

    def press(self, data: str) -> "Play":
        """Press a button."""
        return self.hear(Pressed(data))

    def alarm(self, name: str, visit: int | None = None) -> "Play":
        """Let a timer come due."""
        return self.hear(Alarm(name, self.state.visit if visit is None else visit))

    def all_of(self, kind: type[E]) -> list[E]:
        """Return the last turn's effects of one kind."""
        return [effect for effect in self.effects if isinstance(effect, kind)]

    @property
    def text(self) -> str:
        """All that was said in the last turn."""
        return "\n".join(effect.text for effect in self.all_of(Say))

    @property
    def keys(self) -> list[Key]:
        """Every button shown in the last turn."""
        return [key for effect in self.all_of(Say) for row in effect.keys for key in row]

    @property
    def timers(self) -> dict[str, dt.timedelta]:
        """The timers started in the last turn."""
        return {effect.name: effect.due_at - self.now for effect in self.all_of(StartTimer)}

    @property
    def notes(self) -> list[str]:
        """What was left for the manager."""
        return [effect.params["text"] for effect in self.all_of(Act) if effect.name == "note"]

    @property
    def counted(self) -> list[str]:
        """What was tracked."""
        return [effect.type for effect in self.all_of(Track)]

    @property
    def outcome(self) -> str:
        """How the dialogue ended in the last turn; empty when it did not."""
        return next((effect.outcome for effect in self.all_of(Finish)), "")

    @property
    def settled(self) -> list[tuple[str, str]]:
        """What became of the lead in the last turn."""
        return [(effect.outcome.value, effect.reason) for effect in self.all_of(SettleLead)]

    @property
    def is_over(self) -> bool:
        """Whether the dialogue has ended."""
        return self.state.mode is Mode.ENDED

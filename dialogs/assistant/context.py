"""What a provider is given: plain values, no phone, no e-mail, and no more than fits the budget of tokens."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from dialogs.engine.personas import Persona
from dialogs.engine.policy import KnownMaterial, KnownProduct

BYTES_A_TOKEN = 3  # Russian takes more bytes a token than this, English a little more: the estimate errs upwards
LONGEST_LINE = 1200  # characters of one message that are worth showing
SHORTEST_HISTORY = 2  # messages that are kept whatever the budget
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_DIGITS = re.compile(r"\+?\d(?:[ \u00a0().-]{0,2}\d){8,18}")


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the talk; `role` is user, bot or manager."""

    role: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One request to a provider."""

    business: str = ""
    name: str = ""  # the first one
    source: str = ""
    language: str = ""
    segment: str = ""
    stage: str = ""
    persona: str = ""
    manners: Persona = field(default_factory=Persona)  # how to talk to this persona
    answers: Mapping[str, str] = field(default_factory=dict)  # of the survey and of the script: question -> answer
    said: str = ""  # the customer's words that wait for an answer; empty: the assistant speaks first
    lines: tuple[Line, ...] = ()  # oldest first
    materials: tuple[KnownMaterial, ...] = ()
    products: tuple[KnownProduct, ...] = ()
    slots: tuple[str, ...] = ()  # the next free times of a consultation, local: "2026-11-23T12:00"
    buttons: Mapping[str, str] = field(default_factory=dict)  # what a button may bring back -> what it is for
    last_offer: str = ""
    apt: tuple[str, ...] = ()  # keys of the materials that answer what is doubted
    suspicions: tuple[str, ...] = ()  # what the customer's words seem to try
    turn: int = 1  # the how manieth request of the dialogue
    can_book: bool = False
    can_pay: bool = False

    @property
    def recent(self) -> tuple[str, ...]:
        """What the bot said, newest first."""
        return tuple(line.text for line in reversed(self.lines) if line.role == "bot")

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON, kept with the turn as the facts the provider was given."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Context":
        """Rebuild what `to_json` gave."""
        manners = dict(data.get("manners") or {})
        manners |= {name: tuple(manners.get(name, ())) for name in ("tags", "questions")}
        manners["objections"] = {name: tuple(texts) for name, texts in manners.get("objections", {}).items()}
        return cls(
            **{
                **data,
                "manners": Persona(**manners),
                "lines": tuple(Line(**line) for line in data["lines"]),
                "materials": tuple(KnownMaterial(**item) for item in data["materials"]),
                "products": tuple(KnownProduct(**item) for item in data["products"]),
                "suspicions": tuple(data["suspicions"]),
                "slots": tuple(data["slots"]),
                "apt": tuple(data["apt"]),
            }
        )


def tokens_of(text: str) -> int:
    """Return how many tokens `text` takes at most, whatever the model's dictionary."""
    return -(-len(text.encode("utf-8", "replace")) // BYTES_A_TOKEN)


def without_contacts(text: str) -> str:
    """Return `text` as a provider may see it: no number that could be a phone or a card, no e-mail."""
    return _DIGITS.sub("[номер]", _EMAIL.sub("[почта]", text))[:LONGEST_LINE]


def within(context: Context, budget: int) -> Context:
    """Return the context cut down to `budget` tokens: the oldest messages go first, then materials, then long answers."""
    while _size(context) > budget and len(context.lines) > SHORTEST_HISTORY:
        context = replace(context, lines=context.lines[1:])
    while _size(context) > budget and context.materials:
        context = replace(context, materials=context.materials[:-1])
    if _size(context) > budget:
        context = replace(context, answers={}, lines=_halved(context.lines, budget))
    return context


def _halved(lines: Sequence[Line], budget: int) -> tuple[Line, ...]:
    longest = max(
        80, budget * BYTES_A_TOKEN // 2 // 2 // max(1, len(lines))
    )  # two bytes a letter; half is for the rest
    return tuple(replace(line, text=line.text[:longest]) for line in lines)


def _size(context: Context) -> int:
    texts = [line.text for line in context.lines]
    texts += [f"{item.title} {item.url} {item.text}" for item in context.materials]
    texts += [f"{item.title} {item.price} {item.text}" for item in context.products]
    texts += [f"{name} {value}" for name, value in (*context.answers.items(), *context.buttons.items())]
    return sum(tokens_of(text) + 8 for text in texts)  # a few for what stands around each

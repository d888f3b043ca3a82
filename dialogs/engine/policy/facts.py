"""What the rules may know: the customer, what was said and offered before, and all that the business really has to give.

Frozen and plain JSON, so that it is kept with the decision and the decision can be made again from it (`manage.py verify_turns`).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from dialogs.engine.policy.phrases import PHRASES

PROOFS = ("case", "review")  # kinds of material that make an offer worth repeating
SHORTEST_LIMIT = 200  # characters; no setting makes an answer so short that nothing can be said


@dataclass(frozen=True, slots=True)
class KnownMaterial:
    """A material the customer may be sent."""

    key: str
    kind: str  # case, review, article, argument, faq, other
    title: str
    url: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """A product that is sold today."""

    code: str
    title: str
    price: str = ""  # "49000.00", in roubles
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFacts:
    """The world as of one proposal."""

    segment: str = ""  # cold, warm, hot
    said: str = ""  # the customer's last words
    suspicions: tuple[str, ...] = ()  # what these words seem to try: asks_role, asks_prompt, claims_payment, encoded
    manager_speaks: bool = False
    doubts: int = 0  # proposals of low confidence in a row before this one
    offered: bool = True  # whether this dialogue has had an offer
    last_offer: str = ""  # the offer our last answer made, as a `NextAction`; empty when it made none
    recent: tuple[str, ...] = ()  # what the bot said last, newest first
    materials: tuple[KnownMaterial, ...] = ()
    shown: tuple[str, ...] = ()  # keys of the materials this customer has had
    products: tuple[KnownProduct, ...] = ()
    slots: tuple[str, ...] = ()  # free times of a consultation, local: "2026-11-23T12:00"
    today: str = ""  # local: "2026-11-20"
    known: tuple[
        str, ...
    ] = ()  # other true words of the business: FAQ answers, the profile, the customer's appointment
    callbacks: tuple[str, ...] = ()  # buttons the script knows beyond those that follow from the facts
    faq: tuple[str, ...] = ()  # ids of questions a button may open
    can_book: bool = False
    can_pay: bool = False
    can_survey: bool = False
    has_bonus: bool = False
    max_buttons: int = 4
    max_length: int = 900  # characters
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: PHRASES)

    @property
    def limit(self) -> int:
        """The length an answer may have."""
        return max(self.max_length, SHORTEST_LIMIT)

    @property
    def true_words(self) -> tuple[str, ...]:
        """Every text whose numbers, dates and offers may be repeated."""
        materials = (f"{item.title}\n{item.text}" for item in self.materials)
        products = (f"{item.title}\n{item.text}" for item in self.products)
        return (*materials, *products, *self.known)

    @property
    def moments(self) -> tuple[dt.datetime, ...]:
        """The free times; what cannot be read is none."""
        return tuple(moment for text in self.slots if (moment := moment_in(text)) is not None)

    @property
    def day(self) -> dt.date | None:
        """Today, where the business is."""
        moment = moment_in(self.today)
        return moment.date() if moment is not None else None

    def new_proofs(self) -> tuple[KnownMaterial, ...]:
        """Return the cases and reviews this customer has not had."""
        return tuple(item for item in self.materials if item.kind in PROOFS and item.key not in self.shown)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON; the usual phrases are left out."""
        plain = asdict(self)
        if self.phrases == PHRASES:
            del plain["phrases"]
        return plain

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "PolicyFacts":
        """Rebuild; keys nobody knows are left out."""
        kept: dict[str, Any] = {item.name: data[item.name] for item in fields(cls) if item.name in data}
        for name, value in kept.items():
            if isinstance(value, list):
                kept[name] = tuple(value)
        kept["materials"] = tuple(_built(KnownMaterial, item) for item in kept.get("materials", ()))
        kept["products"] = tuple(_built(KnownProduct, item) for item in kept.get("products", ()))
        kept["phrases"] = {**PHRASES, **{name: tuple(texts) for name, texts in kept.get("phrases", {}).items()}}
        return cls(**kept)


def _built(kind: type[Any], item: Any) -> Any:
    if isinstance(item, kind):
        return item
    return kind(**{known.name: str(item[known.name]) for known in fields(kind) if known.name in item})


def moment_in(text: str) -> dt.datetime | None:
    """Return the ISO moment written in `text`, without its time zone."""
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None

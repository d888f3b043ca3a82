"""consent: ask for the consent to advertising, apart from everything else; a no is as good an answer as a yes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dialogs.engine import advertising
from dialogs.engine.desk import Desk
from dialogs.engine.events import Alarm, Event, Pressed, Said
from dialogs.engine.patience import Patience
from dialogs.engine.problems import Problem
from dialogs.engine.reading import Intent
from dialogs.engine.steps.base import Go, Move, Question, Unclear, Wait
from dialogs.engine.wordings import wordings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Question):
    """One question with two answers. Who has agreed already, and where there is nothing to agree to, is not asked."""

    kind: ClassVar[str] = "consent"
    asks: ClassVar[tuple[str, ...]] = ("text", "next", "on_refusal", "on_unclear", "tries", *Patience.SETTINGS)
    next: str
    on_refusal: str

    @property
    def is_passed(self) -> bool:
        return True

    @classmethod
    def parse(cls, key: str, raw: Mapping[str, Any]) -> Self:
        after = str(raw.get("next") or "")
        on_refusal = str(raw.get("on_refusal") or after)
        return cls(
            key=key,
            wordings=wordings_of(raw.get("text")),
            next=after,
            on_refusal=on_refusal,
            tries=int(raw.get("tries") or 2),
            on_unclear=str(raw.get("on_unclear") or on_refusal),  # silence and evasion are no consent
            patience=Patience.parse(raw),
        )

    def enter(self, desk: Desk) -> Move:
        if desk.facts.has_advertising_consent:
            return Go(self.next)
        if not desk.advertising() or desk.facts.is_unsubscribed:
            return Go(self.on_refusal)
        self.prompt(desk)
        self.patience.begin(desk)
        return Wait()

    def prompt(self, desk: Desk) -> None:
        own = desk.rendered(desk.wording(self.key, self.wordings))
        advertising.ask(desk, own or desk.text("advertising_ask"))

    def receive(self, desk: Desk, event: Event) -> Move | Unclear:
        if isinstance(event, Alarm) and event.name == "later":
            return self.enter(desk)
        if not isinstance(event, Said | Pressed):
            return Unclear()
        agrees = advertising.agreed(desk, event)
        if agrees is not None:
            advertising.settle(desk, event, agrees=agrees)
            return Go(self.next if agrees else self.on_refusal)
        if isinstance(event, Said) and event.reading.has(Intent.LATER):
            self.patience.postpone(desk, event.reading)
            return Wait()
        return Unclear()

    def targets(self) -> Iterable[str]:
        return tuple(key for key in (self.next, self.on_refusal, self.on_unclear, self.patience.on_timeout) if key)

    def texts(self) -> Iterable[str]:
        return (*self.wordings, *self.patience.texts())

    def problems(self) -> Iterable[Problem]:
        if not self.next:
            yield Problem("dead-end", self.key, "nothing follows the answer", "set `next`")
        yield from self.patience.problems(self.key)

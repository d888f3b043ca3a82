"""checkout: time, name, comment, promo code, way of payment; then the order, exactly as it was seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dialogs.engine.choosing import plain
from dialogs.engine.counter.answering import answered
from dialogs.engine.counter.counter import Counter, Screen, at_counter
from dialogs.engine.counter.presses import press as press_button
from dialogs.engine.counter.screens import pressed_by
from dialogs.engine.counter.settling import Next, settle
from dialogs.engine.counter.summary import asked, name_of_guest, show
from dialogs.engine.desk import Desk
from dialogs.engine.effects import MAX_DATA_BYTES
from dialogs.engine.events import Alarm, Event, Pressed, Said
from dialogs.engine.patience import Patience
from dialogs.engine.problems import Problem
from dialogs.engine.reading import Intent, Reading
from dialogs.engine.shop.browsing import CART, NAME
from dialogs.engine.steps.base import Go, Move, Question, Unclear, Wait

LONGEST_BUTTON = len(":t:202601010000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout(Question):
    """One screen with the whole order. The answer to the wish comes as `OrderTold`, wherever the dialogue stands then."""

    kind: ClassVar[str] = "checkout"
    asks: ClassVar[tuple[str, ...]] = ("catalogue", "tries", "on_unclear", *Patience.SETTINGS)
    catalogue: str = ""

    @classmethod
    def parse(cls, key: str, raw: Mapping[str, Any]) -> Self:
        return cls(
            key=key,
            wordings=(),
            catalogue=str(raw.get("catalogue") or ""),
            tries=int(raw.get("tries") or 4),
            on_unclear=str(raw.get("on_unclear") or ""),
            patience=Patience.parse(raw),
        )

    # --- showing

    def enter(self, desk: Desk) -> Move:
        counter = self._counter(desk)
        if counter is None or not counter.cart.lines:
            desk.update(shop=desk.state.shop.at_screen(CART))
            return Go(self.catalogue)
        if counter.at.placing:
            counter.put_up(Screen(counter.text("shop_placing")))
            return Wait()
        is_nameless = not name_of_guest(counter)
        counter.look(is_paying=True, asks=counter.at.asks or (NAME if is_nameless else ""))
        return self.after(Next.SHOW, counter)

    def prompt(self, desk: Desk) -> None:
        counter = self._counter(desk)
        if counter is None:
            desk.say(desk.text("shop_closed_menu"))
        elif counter.at.placing:
            counter.put_up(Screen(counter.text("shop_placing")))
        else:
            show(counter)

    def admit(self, desk: Desk) -> None:
        desk.update(shop=desk.state.shop.noticed(desk.text("shop_not_understood_here")))

    def after(self, outcome: Next, counter: Counter) -> Move:
        """Go on after what a press or a word did."""
        if outcome is Next.CATALOGUE:
            counter.look(is_paying=False)
            return Go(self.catalogue)
        if outcome is Next.SHOW:
            counter.desk.update(tries=0)
            show(counter)
            self.patience.begin(counter.desk)
        return Wait()

    # --- hearing

    def receive(self, desk: Desk, event: Event) -> Move | Unclear:
        counter = self._counter(desk)
        if counter is None:
            return Unclear()
        match event:
            case Pressed(data=data) if data.startswith(f"{self.key}:"):
                return self._pressed(counter, data)
            case Said(reading=reading):
                return self._hear(counter, reading)
            case Alarm(name="slow") if counter.at.placing:
                desk.say(desk.text("shop_slow"))
                return Wait()
            case Alarm(name="later"):
                return self.enter(desk)
        return Unclear()

    def _pressed(self, counter: Counter, data: str) -> Move | Unclear:
        outcome = settle(counter, data.removeprefix(f"{self.key}:"))
        return Unclear() if outcome is None else self.after(outcome, counter)

    def summoned(self, desk: Desk, event: Pressed) -> Move | Unclear:
        """An old button of a summary: what it stood for is shown as it is now, nothing is ordered by it."""
        counter = self._counter(desk)
        if counter is None or not counter.cart.lines:
            return Unclear()
        data = event.data.removeprefix(f"{self.key}:")
        outcome = Next.SHOW if data == "ok" else settle(counter, data)
        return Unclear() if outcome is None else Go(self.key)

    def _hear(self, counter: Counter, reading: Reading) -> Move | Unclear:
        if counter.at.placing:
            self.prompt(counter.desk)
            return Wait()
        data = pressed_by(counter, plain(reading.text), asked(counter))
        if data.startswith(f"{self.key}:"):
            return self._pressed(counter, data)
        if data:
            return self._elsewhere(counter, data)
        outcome = answered(counter, reading)
        if outcome is None and not counter.at.asks and reading.has(Intent.LATER):
            self.patience.postpone(counter.desk, reading)
            return Wait()
        return Unclear() if outcome is None else self.after(outcome, counter)

    def _elsewhere(self, counter: Counter, data: str) -> Move | Unclear:
        """A button of the catalogue under our screen, by its words or its number."""
        then = press_button(counter, data.removeprefix(f"{self.catalogue}:"))
        return Unclear() if then is None else Go(self.catalogue)

    def _counter(self, desk: Desk) -> Counter | None:
        return at_counter(desk, self.catalogue, self.key)

    # --- being checked

    def targets(self) -> Iterable[str]:
        return tuple(key for key in (self.catalogue, self.on_unclear, self.patience.on_timeout) if key)

    def texts(self) -> Iterable[str]:
        return tuple(self.patience.texts())

    def problems(self) -> Iterable[Problem]:
        if not self.catalogue:
            yield Problem(
                "dead-end", self.key, "there is no way back to the menu", "set `catalogue` to a catalogue step"
            )
        if len(self.key.encode()) + LONGEST_BUTTON > MAX_DATA_BYTES:
            yield Problem("long-key", self.key, "its buttons may need over 64 bytes", "shorten its key")
        yield from self.patience.problems(self.key)

"""catalogue: a menu to order from: categories, products with options, the cart; by buttons and in free words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from content.menu.cart import MOST_OF_ONE

from dialogs.engine.choosing import plain
from dialogs.engine.counter.counter import Counter, at_counter
from dialogs.engine.counter.naming import take
from dialogs.engine.counter.opening import Then
from dialogs.engine.counter.presses import press as press_button
from dialogs.engine.counter.screens import pressed_by, screen_of
from dialogs.engine.desk import Desk
from dialogs.engine.effects import MAX_DATA_BYTES
from dialogs.engine.events import Alarm, Event, Pressed, Said
from dialogs.engine.patience import Patience
from dialogs.engine.problems import Problem
from dialogs.engine.reading import Intent, Reading
from dialogs.engine.shop.browsing import CART, CATEGORY, COMMENT, GROUP, NAME
from dialogs.engine.shop.browsing import PRODUCT as PRODUCT_SCREEN
from dialogs.engine.shop.effects import KeepReview
from dialogs.engine.shop.refs import CHOICE, PRODUCT, ref
from dialogs.engine.shop.words import takes
from dialogs.engine.steps.base import Go, Move, Question, Unclear, Wait
from dialogs.engine.wordings import wordings_of

LONGEST_BUTTON = len(":o:") + PRODUCT + len(":") + CHOICE


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue(Question):
    """The menu of the place. Where the guest stands is kept in `State.shop`, so they come back to where they were."""

    kind: ClassVar[str] = "catalogue"
    asks: ClassVar[tuple[str, ...]] = ("text", "checkout", "tries", "on_unclear", *Patience.SETTINGS)
    checkout: str = ""

    @classmethod
    def parse(cls, key: str, raw: Mapping[str, Any]) -> Self:
        return cls(
            key=key,
            wordings=wordings_of(raw.get("text")),
            checkout=str(raw.get("checkout") or ""),
            tries=int(raw.get("tries") or 4),
            on_unclear=str(raw.get("on_unclear") or ""),
            patience=Patience.parse(raw),
        )

    # --- showing

    def enter(self, desk: Desk) -> Move:
        counter = self._counter(desk)
        if counter is not None and desk.opening is not None and take(counter, desk.opening.reading) is Then.SHOW:
            counter.look(is_paying=False)
        if desk.state.shop.is_paying:
            return Go(self.checkout)  # who was called away from the checkout comes back to it
        self.prompt(desk)
        self.patience.begin(desk)
        return Wait()

    def prompt(self, desk: Desk) -> None:
        counter = self._counter(desk)
        if counter is None:
            desk.say(desk.text("shop_closed_menu"))
            return
        counter.put_up(screen_of(counter))

    def admit(self, desk: Desk) -> None:
        desk.update(shop=desk.state.shop.noticed(desk.text("shop_not_understood")))

    def remind(self, desk: Desk, text: str) -> None:
        """A full cart is worth a word, an empty one is not."""
        counter = self._counter(desk)
        if counter is None or not counter.cart.lines or counter.shop.orders:
            return
        counter.tell_words(desk.rendered(text))
        counter.look(screen=CART)
        counter.put_up(screen_of(counter))

    # --- hearing

    def receive(self, desk: Desk, event: Event) -> Move | Unclear:
        counter = self._counter(desk)
        if counter is None:
            return Unclear()
        match event:
            case Pressed(data=data) if data.startswith(f"{self.key}:"):
                return self._after(counter, press_button(counter, data.removeprefix(f"{self.key}:")))
            case Said(reading=reading):
                return self._hear(counter, reading)
            case Alarm(name="later"):
                return self.enter(desk)
        return Unclear()

    def summoned(self, desk: Desk, event: Pressed) -> Move | Unclear:
        """Hear a press while the dialogue stands at the checkout, elsewhere, or has ended."""
        counter = self._counter(desk)
        if counter is None:
            return Unclear()
        if counter.at.placing:
            desk.say(desk.text("shop_placing"))
            return Wait()
        then = press_button(counter, event.data.removeprefix(f"{self.key}:"))
        if then is None:
            return Unclear()
        return Go(self.checkout) if then is Then.CHECKOUT else Wait() if then is Then.STAY else Go(self.key)

    def _after(self, counter: Counter, then: Then | None) -> Move | Unclear:
        counter.look(review="")
        match then:
            case Then.SHOW:
                counter.desk.update(tries=0)
                counter.put_up(screen_of(counter))
                self.patience.begin(counter.desk)
                return Wait()
            case Then.CHECKOUT:
                return Go(self.checkout)
            case Then.STAY:
                return Wait()
        return Unclear()

    def _hear(self, counter: Counter, reading: Reading) -> Move | Unclear:
        before = counter.at
        data = pressed_by(counter, plain(reading.text), screen_of(counter))
        counter.desk.update(shop=before)  # the screen was only looked at
        if data.startswith(f"{self.key}:"):
            return self._after(counter, press_button(counter, data.removeprefix(f"{self.key}:")))
        if (then := take(counter, reading)) is not None:
            return self._after(counter, then)
        if (taken := _about_product(counter, reading)) is not None:
            return self._after(counter, press_button(counter, taken))
        if (shelf := self._shelf(counter, reading)) is not None:
            counter.look(screen=CATEGORY, category=shelf)
            return self._after(counter, Then.SHOW)
        if reading.has(Intent.LATER):
            self.patience.postpone(counter.desk, reading)
            return Wait()
        return self._keep_review(counter, reading)

    @staticmethod
    def _shelf(counter: Counter, reading: Reading) -> str | None:
        words = plain(reading.text)
        stems = {word[:5] for word in words.split() if len(word) > 2}
        fitting = [
            item.code
            for item in counter.menu.categories
            if plain(item.name) == words
            or (len(words.split()) < 4 and stems & {word[:5] for word in plain(item.name).split()})
        ]
        return fitting[0] if len(fitting) == 1 else None

    @staticmethod
    def _keep_review(counter: Counter, reading: Reading) -> Move | Unclear:
        at = counter.at
        if not at.review or reading.faq or reading.has(Intent.THANKS, Intent.FAREWELL):
            return Unclear()
        counter.desk.do(KeepReview(int(at.review), at.stars, reading.text))
        counter.desk.say(counter.text("review_thanks"))
        counter.look(review="")
        return Wait()

    def hears_words(self, desk: Desk) -> bool:
        """Tell whether words are the shop's to hear: not while a name or a comment is being written."""
        return desk.state.shop.asks not in (NAME, COMMENT)

    def _counter(self, desk: Desk) -> Counter | None:
        return at_counter(desk, self.key, self.checkout, desk.rendered(self.wordings[0]) if self.wordings else "")

    # --- being checked

    def targets(self) -> Iterable[str]:
        return tuple(key for key in (self.checkout, self.on_unclear, self.patience.on_timeout) if key)

    def lasting(self) -> Iterable[str]:
        return ("place",)

    def texts(self) -> Iterable[str]:
        return (*self.wordings, *self.patience.texts())

    def problems(self) -> Iterable[Problem]:
        if not self.wordings:
            yield Problem("empty-text", self.key, "it shows the menu without a word", "give it a `text`")
        if not self.checkout:
            yield Problem("dead-end", self.key, "nothing follows a full cart", "set `checkout` to a checkout step")
        if len(self.key.encode()) + LONGEST_BUTTON > MAX_DATA_BYTES:
            yield Problem("long-key", self.key, "its buttons may need over 64 bytes", "shorten its key")
        yield from self.patience.problems(self.key)


def _about_product(counter: Counter, reading: Reading) -> str | None:
    """Return the press that words about the product on the screen stand for: how many of it, or that it is taken."""
    if counter.at.screen not in (PRODUCT_SCREEN, GROUP) or counter.product is None:
        return None
    name = ref(counter.at.product)
    number = reading.number
    if number is not None and number == int(number) and 1 <= number <= MOST_OF_ONE and len(reading.text.split()) < 3:
        counter.look(quantity=int(number))
        return f"s:{name}"
    return f"a:{name}" if takes(reading) else None

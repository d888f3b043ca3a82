"""payment: show one product by need, make its order when it is wanted, and go on when it is paid."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dialogs.engine.choosing import plain
from dialogs.engine.desk import Desk
from dialogs.engine.effects import MAX_DATA_BYTES, Key, SendBill
from dialogs.engine.events import Alarm, Event, Pressed, Returned, Said
from dialogs.engine.goods import Product, suited
from dialogs.engine.patience import Patience
from dialogs.engine.problems import Problem
from dialogs.engine.reading import Intent, Reading
from dialogs.engine.rendering import render
from dialogs.engine.steps.base import Go, Move, Question, Unclear, Wait
from dialogs.engine.steps.menu import Choice, choices_of
from dialogs.engine.wordings import wordings_of

SHOWN = "offered"  # a value: the code of the product shown last
LONGEST_CODE = 40  # of a product
# Words of somebody who takes the offer.
_TAKES = ("оплатить", "оплачу", "оплачиваю", "ссылк", "купить", "куплю", "беру", "покупаю", "оформить", "оформляем")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment(Question):
    """One offer with a button that pays. Where the dialogue stands when the money comes does not matter: `paid` is next."""

    kind: ClassVar[str] = "payment"
    asks: ClassVar[tuple[str, ...]] = (
        *("text", "product", "button", "link_text", "link_button", "choices", "paid", "on_message", "otherwise"),
        *("tries", "on_unclear", *Patience.SETTINGS),
    )
    product: str = ""  # code of the only one this step offers; empty: by need
    button: str = ""
    link_text: str = ""
    link_button: str = ""
    options: tuple[Choice, ...] = ()  # other buttons under the offer
    paid: str = ""
    on_message: str = ""  # where words go that do not take the offer: a step that talks; empty: the offer is put again
    otherwise: str = ""  # where to go while nothing is on sale
    tries: int = 3

    @classmethod
    def parse(cls, key: str, raw: Mapping[str, Any]) -> Self:
        return cls(
            key=key,
            wordings=wordings_of(raw.get("text")),
            product=str(raw.get("product") or ""),
            button=str(raw.get("button") or ""),
            link_text=str(raw.get("link_text") or ""),
            link_button=str(raw.get("link_button") or ""),
            options=choices_of(raw.get("choices")),
            paid=str(raw.get("paid") or ""),
            on_message=str(raw.get("on_message") or ""),
            otherwise=str(raw.get("otherwise") or ""),
            tries=int(raw.get("tries") or 3),
            on_unclear=str(raw.get("on_unclear") or ""),
            patience=Patience.parse(raw),
        )

    # --- offering

    def enter(self, desk: Desk) -> Move:
        product = self._suited(desk)
        if product is None:
            return self._nothing_left(desk)
        self._offer(desk, product)
        self.patience.begin(desk)
        return Wait()

    def prompt(self, desk: Desk) -> None:
        product = self._suited(desk)
        if product is not None:
            self._offer(desk, product)

    def _suited(self, desk: Desk) -> Product | None:
        bought = desk.state.values.get("bought", "").split()
        return suited(desk.facts.products, persona=desk.facts.persona, bought=bought, code=self.product)

    def _nothing_left(self, desk: Desk) -> Move:
        has_all = bool(desk.facts.products) and bool(desk.state.values.get("bought"))
        return Go(self.paid if has_all else self.otherwise)

    def _offer(self, desk: Desk, product: Product) -> None:
        desk.keep(SHOWN, product.code)
        about = dict(product.variables())
        label = render(self.button, desk.variables(about)) or desk.text("payment_button", **about)
        rows = [(Key(label, data=f"{self.key}:pay:{product.code}"),)]
        rows += [(Key(option.text, data=f"{self.key}:{option.key}"),) for option in self.options]
        text = desk.wording(self.key, self.wordings)
        if not desk.facts.buttons:
            text = "\n".join([text, *(f"{number}. {row[0].text}" for number, row in enumerate(rows, 1))])
        desk.say(render(text, desk.variables(about)), keys=tuple(rows))
        desk.track("product_shown", product=product.code)

    # --- hearing

    def receive(self, desk: Desk, event: Event) -> Move | Unclear:
        match event:
            case Pressed(data=data) if data.startswith(f"{self.key}:pay:"):
                return self._bill(desk, data.removeprefix(f"{self.key}:pay:"))
            case Pressed():
                return self.summoned(desk, event)
            case Said():
                return self._hear(desk, event)
            case Alarm(name="later") | Returned():
                return self.enter(desk)
        return Unclear()

    def summoned(self, desk: Desk, event: Pressed) -> Move | Unclear:
        chosen = next((option for option in self.options if f"{self.key}:{option.key}" == event.data), None)
        return Go(chosen.next) if chosen else Unclear()

    def offers(self, words: str) -> bool:
        return any(plain(option.text) == words for option in self.options)

    def _hear(self, desk: Desk, said: Said) -> Move | Unclear:
        reading = said.reading
        words = plain(reading.text)
        if reading.has(Intent.LATER):
            self.patience.postpone(desk, reading)
            return Wait()
        chosen = [option for number, option in enumerate(self.options, 2) if option.fits(words, number, reading)]
        if len(chosen) == 1:
            return Go(chosen[0].next)
        if "?" not in reading.text and self._takes(words, reading):
            return self._bill(desk, desk.state.values.get(SHOWN, ""))
        if self.on_message and not reading.faq:
            desk.opening = said  # the step that talks answers the very words that led there
            return Go(self.on_message)
        return Unclear()

    def _takes(self, words: str, reading: Reading) -> bool:
        if reading.has(Intent.DENY, Intent.REFUSES) or " не " in f" {words} ":
            return False
        return words == "1" or reading.has(Intent.AFFIRM) or any(word in words for word in _TAKES)

    def _bill(self, desk: Desk, code: str) -> Move | Unclear:
        product = next((item for item in desk.facts.products if item.code == code), None)
        if product is None or self.product not in ("", code):
            return Unclear()
        about = dict(product.variables())
        text = render(self.link_text, desk.variables(about)) or desk.text("payment_link", **about)
        button = render(self.link_button, desk.variables(about)) or desk.text("payment_link_button", **about)
        desk.do(SendBill(code, text, button, desk.text("payment_known")))
        desk.track("payment_asked", product=code)
        self.patience.begin(desk)
        return Wait()

    # --- being checked

    def targets(self) -> Iterable[str]:
        after = (self.paid, self.on_message, self.otherwise, self.on_unclear, self.patience.on_timeout)
        return (*(option.next for option in self.options), *(key for key in after if key))

    def texts(self) -> Iterable[str]:
        return (*self.wordings, self.button, self.link_text, self.link_button, *self.patience.texts())

    def problems(self) -> Iterable[Problem]:
        if not self.wordings:
            yield Problem(
                "empty-text", self.key, "it offers without a word", "give it a `text`, e.g. with {{product.name}}"
            )
        if not self.paid:
            yield Problem("dead-end", self.key, "nothing follows the sale", "set `paid` to the after-sale step")
        if not self.otherwise:
            yield Problem("dead-end", self.key, "nothing may be on sale and then nothing follows", "set `otherwise`")
        longest = max([len(option.key) for option in self.options] + [len("pay:") + LONGEST_CODE])
        if len(self.key.encode()) + 1 + longest > MAX_DATA_BYTES:
            yield Problem("long-key", self.key, "its buttons may need over 64 bytes", "shorten its key")
        for option in self.options:
            if not option.key or option.key == "pay" or not option.text or not option.next:
                yield Problem(
                    "choice-key", self.key, f"choice {option.text!r} is not whole", "give it key, text and next"
                )
        yield from self.patience.problems(self.key)

"""Anything may happen to a guest in any order: presses old, forged and doubled, words, news, a menu that changes under them."""

import datetime as dt
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from content.menu.cart import Line
from content.menu.changes import Change, Kind
from dialogs.engine.effects import MAX_DATA_BYTES, Say
from dialogs.engine.shop.effects import CancelOrder, ChangeCart, PlaceOrder
from dialogs.engine.shop.goods import OpenOrder, Promo, Spot
from payments.shop.quoting import quote
from payments.shop.rewards import Program, Purse
from tests.dialogs.engine.play import FACTS
from tests.dialogs.engine.shop_play import MENU, SHOP, TIMES, TODAY, Guest, named

CODES = ("latte", "raf-vanilla", "raf-citrus", "pie", "croissant", "omelette", "gone", "")
NAMES = ("size:m", "size:l", "milk:oat", "milk:coconut", "syrup:mint", "syrup:", "heat:hot", "x:y", "")
VERBS = (
    "h",
    "c",
    "p",
    "s",
    "g",
    "o",
    "a",
    "w",
    "b",
    "q",
    "e",
    "x",
    "go",
    "f",
    "fa",
    "fk",
    "pl",
    "os",
    "oc",
    "ocy",
    "ock",
    "rv",
    "r",
    "zz",
    "",
)
PAY = ("ok", "v", "t", "tp", "n", "m", "pr", "w", "s", "", "zz")
PARTS = (
    *CODES,
    *NAMES,
    "yes",
    "none",
    "off",
    "asap",
    "1",
    "2",
    "21",
    "-1",
    "999999999999",
    "coffee",
    "lesnaya",
    "vokzal",
    "counter",
    "202603020940",
)
WORDS = (
    "да",
    "латте",
    "2",
    "меню",
    "корзина",
    "отмените заказ",
    "повторить",
    "заказать",
    "промокод КОФЕ",
    "к 12:40",
    "1",
    "",
    "где заказ",
    "🛒",
)
PRODUCTS = st.lists(st.sampled_from(CODES), max_size=2).map(tuple)
OPTIONS = st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2).map(tuple), max_size=2).map(tuple)
WHATS = (
    "placed",
    "moved",
    "failed",
    "paid",
    "making",
    "ready",
    "waiting",
    "picked_up",
    "canceled",
    "expired",
    "delayed",
    "refunded",
    "review",
    "?",
)


class Counter(RuleBasedStateMachine):
    """One guest, and a till that keeps their cart."""

    @initialize(buttons=st.booleans(), name=st.booleans(), points=st.booleans())
    def come_in(self, buttons: bool, name: bool, points: bool) -> None:
        shop = replace(
            SHOP,
            last=(Line(1, "latte", ("milk:cow", "size:m")), Line(2, "gone")),
            favourites=(Line(1, "pie", ("heat:hot",)),),
            places=(Spot("lesnaya", "А"), Spot("vokzal", "Б")),
            purse=Purse(Program("points", max_share=50) if points else Program(), 100),
        )
        self.guest = Guest(shop, facts=replace(FACTS, buttons=buttons, variables=FACTS.variables if name else {}))
        self.asked: set[str] = set()
        self.after(self.guest.starts)

    def after(self, act: Any, *args: Any, **told: Any) -> None:
        """Let something happen, and look at what must always be so."""
        before, was_placing = self.guest.cart, self.guest.state.shop.placing
        seen = dict(self.guest.state.shop.seen)
        act(*args, **told)
        effects = self.guest.effects
        assert self.guest.cart == before or any(isinstance(effect, ChangeCart) for effect in effects)
        for order in (effect for effect in effects if isinstance(effect, PlaceOrder)):
            assert not was_placing and order.key not in self.asked, "an order is asked for once"
            assert order.expected == seen, "what is ordered is what was on the screen"
            shop = self.guest.shop
            assert shop is not None and self.guest.cart.name
            now = quote(self.guest.cart, shop.menu, purse=shop.purse, use_loyalty=order.spends, expected=order.expected,
                        offer=shop.promo.offer or shop.tried.offer)  # fmt: skip
            assert not now.changes and all(not line.problem for line in now.lines)
            self.asked.add(order.key)
        if was_placing and self.guest.state.shop.placing == was_placing:
            assert not any(isinstance(effect, ChangeCart) for effect in effects), "what is being ordered stays as it is"

    @rule(data=st.data())
    def press_what_is_there(self, data: st.DataObject) -> None:
        if self.guest.keys:
            self.after(self.guest.forges, data.draw(st.sampled_from([key.data for key in self.guest.keys])))

    @rule(
        step=st.sampled_from(["menu", "pay"]),
        verb=st.sampled_from((*VERBS, *PAY)),
        parts=st.lists(st.sampled_from(PARTS), max_size=2),
    )
    def press_what_was_never_there(self, step: str, verb: str, parts: list[str]) -> None:
        self.after(self.guest.forges, ":".join([step, verb, *parts]))

    @rule(
        text=st.sampled_from(WORDS),
        intents=st.lists(st.sampled_from(["affirm", "deny", "later", "asks_person", "thanks", "stop"]), max_size=1),
    )
    def write(self, text: str, intents: list[str]) -> None:
        self.after(self.guest.writes, text, intents=tuple(intents))

    @rule(products=PRODUCTS, options=OPTIONS, quantity=st.sampled_from([None, 1, 2, 20, 80]), is_sure=st.booleans(),
          is_more=st.booleans(), is_less=st.booleans(), is_asked=st.booleans())  # fmt: skip
    def name_things(self, products: tuple[str, ...], **told: Any) -> None:
        self.after(self.guest.writes, "слова", named(*products, **told), unknown=("мята",))

    @rule(
        what=st.sampled_from(WHATS),
        kind=st.sampled_from(list(Kind)),
        line=st.sampled_from([None, 1, 2]),
        is_mine=st.booleans(),
    )
    def hear_news(self, what: str, kind: Kind, line: int | None, is_mine: bool) -> None:
        key = self.guest.state.shop.placing if is_mine else "another"
        change = Change(kind, line, {"product": "Латте", "left": "0"})
        if what == "placed":
            self.guest.knows(cart=self.guest.cart.clear())
        told = {"order": 5, "ticket": "1", "status": "received", "ready_at": TODAY, "can_cancel": True, "key": key}
        self.after(self.guest.told, what, changes=(change,), **told)

    @rule(
        gone=st.sampled_from(CODES),
        left=st.sampled_from([None, 0, 1]),
        is_paused=st.booleans(),
        is_open=st.booleans(),
        times=st.sampled_from([0, 3, 30]),
    )
    def the_world_changes(self, gone: str, left: int | None, is_paused: bool, is_open: bool, times: int) -> None:
        shelves = tuple(
            replace(shelf, products=tuple(replace(item, left=left) for item in shelf.products if item.code != gone))
            for shelf in MENU.categories
        )
        menu = replace(MENU, categories=shelves, is_paused=is_paused, is_open=is_open)
        order = OpenOrder(5, "1", "received", TODAY, SHOP.purse.program.percent, can_cancel=is_open)
        self.guest.knows(
            menu=menu, times=TIMES[:times], soonest=TIMES[0] if times else None, orders=(order,) if is_open else (),
            tried=Promo("КОФЕ", None, "over"), ways=("counter", "telegram") if is_open else ("counter",),
        )  # fmt: skip

    @rule(name=st.sampled_from(["timeout", "reminder:0", "later", "slow"]), human=st.booleans())
    def time_passes(self, name: str, human: bool) -> None:
        self.guest.now += dt.timedelta(hours=1)
        self.after(self.guest.alarm, name)
        if human:
            self.after(self.guest.returned)

    @invariant()
    def every_button_fits_and_every_word_is_whole(self) -> None:
        for say in (effect for effect in getattr(self, "guest", Guest()).effects if isinstance(effect, Say)):
            assert say.text and "{{" not in say.text
            assert all(len(key.data.encode()) <= MAX_DATA_BYTES for row in say.keys for key in row)

    @invariant()
    def only_an_order_of_theirs_is_canceled(self) -> None:
        canceled = [
            effect.order for effect in getattr(self, "guest", Guest()).effects if isinstance(effect, CancelOrder)
        ]
        assert set(canceled) <= {5}


TestCounter = Counter.TestCase
TestCounter.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)

"""An order beyond its steps: news of it come at any moment, and the guest may speak of it wherever the dialogue stands."""

from content.menu.pricing import mend

from dialogs.engine.counter.counter import Counter, Row, at_counter
from dialogs.engine.counter.settling import Next, forget, moved
from dialogs.engine.effects import CancelTimers, Key, Say
from dialogs.engine.events import OrderTold, Pressed, Said
from dialogs.engine.shop.bill import roubles
from dialogs.engine.shop.browsing import CART, CLEARING, FAVOURITES, HOME
from dialogs.engine.shop.cart_changes import Add, applied
from dialogs.engine.shop.effects import CancelOrder, KeepReview
from dialogs.engine.shop.goods import HELD, MAKING, READY, RECEIVED, OpenOrder
from dialogs.engine.shop.words import Asked, asked_in
from dialogs.engine.state import Mode
from dialogs.engine.steps.base import Go, Move, Wait
from dialogs.engine.steps.catalogue import Catalogue
from dialogs.engine.walking import Walk, run

PLACED, MOVED, FAILED, REVIEW = "placed", "moved", "failed", "review"
# Said with the number, the time and the place, whatever the dialogue is about just now.
TOLD = (
    *(PLACED, "paid", "making", "ready", "waiting", "picked_up", "canceled", "expired", "delayed", "refunded"),
    *(REVIEW, FAILED, "cancel_late"),
)
STARS = 5
GOOD_STARS = 4  # from here on a guest is thanked, below they are asked what was wrong


# --- what the shop tells


def told(walk: Walk, news: OrderTold) -> None:
    """Tell the guest, and go on where the checkout waited for it."""
    step = walk.script.shop
    if news.what == MOVED:
        _moved(walk, news, step)
        return
    if news.what not in TOLD:
        return
    _tell(walk, news, step)
    if news.what in (PLACED, FAILED) and step is not None:
        _begin_anew(walk, news, step)


def _tell(walk: Walk, news: OrderTold, step: Catalogue | None) -> None:
    name = "order_held" if news.what == PLACED and news.status == HELD else f"order_{news.what}"
    text = walk.text(name, **_facts(walk, news, step))
    walk.do(Say(text, _keys(walk, news, step), apart=True, beside_human=True))
    walk.track(f"order_{news.what}", order=str(news.order))


def _facts(walk: Walk, news: OrderTold, step: Catalogue | None) -> dict[str, str]:
    counter = _counter(walk, step)
    time = counter.clock(news.ready_at) if counter is not None and news.ready_at is not None else ""
    if not time and news.ready_at is not None:
        time = f"в {news.ready_at:%H:%M}"
    return {
        "order.number": news.ticket,
        "order.time": time,
        "order.amount": news.amount,
        "order.place": news.place,
        "order.reason": f" {news.reason}" if news.reason else "",
        "order.payment": walk.text("order_pay_at_counter", answer=news.to_pay) if news.to_pay else "",
    }


def _keys(walk: Walk, news: OrderTold, step: Catalogue | None) -> tuple[Row, ...]:
    if step is None or not walk.facts.buttons:
        return ()
    number = str(news.order)
    if news.what == REVIEW:
        return (tuple(Key(f"{star} ⭐", data=f"{step.key}:rv:{number}:{star}") for star in range(1, STARS + 1)),)
    cancel = (Key(walk.text("shop_b_cancel"), data=f"{step.key}:oc:{number}"),)
    return (cancel,) if news.what in (PLACED, "paid", "delayed") and news.can_cancel else ()


def _begin_anew(walk: Walk, news: OrderTold, step: Catalogue) -> None:
    """The order stands, or could not be made: the next thing said is a new wish."""
    counter = _counter(walk, step)
    if counter is None:
        return
    is_paying = walk.state.shop.is_paying or bool(walk.state.shop.placing)
    if news.what == FAILED:
        counter.look(placing="")
        return
    forget(counter)
    if is_paying and walk.state.mode is Mode.TALKING and walk.here is walk.script.checkout:
        walk.do(CancelTimers())
        walk.update(step=step.key, tries=0, refusals=0, recent=(), pending=None)
        step.patience.begin(walk)


def _moved(walk: Walk, news: OrderTold, step: Catalogue | None) -> None:
    """Something has moved between the look and the order: tell what, and ask."""
    counter, checkout = _counter(walk, step), walk.script.checkout
    if counter is None or step is None or checkout is None or counter.at.placing != news.key:
        return  # of an earlier wish
    outcome = moved(counter, news.changes)
    if outcome is Next.CATALOGUE:
        counter.look(is_paying=False)
    if walk.state.mode is Mode.TALKING:  # else the words wait above the screen the guest comes back to
        run(walk, Go(step.key if outcome is Next.CATALOGUE else checkout.key))


# --- what the guest says of it


def claim(walk: Walk, said: Said) -> Move | None:
    """Hear words about the order, the cart or the menu; None when they are about something else."""
    step = walk.script.shop
    counter = _counter(walk, step)
    if step is None or counter is None or not step.hears_words(walk):
        return None
    asked = asked_in(said.reading.text)
    if asked is None or any(item.products for item in said.reading.ordered):
        return None
    if counter.at.placing:
        walk.say(walk.text("shop_placing"))
        return Wait()
    walk.track("shop_asked", what=asked.value)
    match asked:
        case Asked.STATUS:
            return _status(walk, counter)
        case Asked.CANCEL:
            return _cancel_asked(walk, counter, step)
        case Asked.REPEAT:
            return repeat(walk, counter, step)
        case Asked.CHECKOUT if counter.cart.lines:
            # At the checkout itself it is a yes, and the checkout's to hear.
            return None if walk.here is walk.script.checkout else Go(step.checkout)
        case Asked.CART:
            counter.look(screen=CART, is_paying=False)
        case Asked.MENU | Asked.CHECKOUT:
            counter.look(screen=HOME, is_paying=False)
        case Asked.FAVOURITES:
            counter.look(screen=FAVOURITES, is_paying=False)
        case _:  # everything is to go
            counter.look(screen=CLEARING if counter.cart.lines else CART, is_paying=False)
    return Go(step.key)


def press(walk: Walk, event: Pressed) -> Move | None:
    """Hear a button about an order: how it stands, cancel it, review it, repeat the last one."""
    step = walk.script.shop
    counter = _counter(walk, step)
    if step is None or counter is None or not event.data.startswith(f"{step.key}:"):
        return None
    verb, *rest = event.data.removeprefix(f"{step.key}:").split(":")
    match verb, rest:
        case "os", []:
            return _status(walk, counter)
        case "r", []:
            return repeat(walk, counter, step)
        case (("oc" | "ocy"), [number]) if number.isdecimal() and len(number) < 15:
            order = next((item for item in counter.shop.orders if item.order == int(number)), None)
            return _cancel(walk, step, order, is_sure=verb == "ocy")
        case "ock", []:
            walk.say(walk.text("order_kept"))
            return Wait()
        case "rv", [number, stars] if number.isdecimal() and len(number) < 15 and stars in "12345":
            return _review(walk, counter, int(number), int(stars or 0))
    return None


def _status(walk: Walk, counter: Counter) -> Move:
    orders = counter.shop.orders
    for order in orders:
        keys = _cancel_key(walk, counter, order)
        walk.do(Say(walk.text(f"order_status_{_status_word(order)}", **_of(counter, order)), keys, apart=True))
    if not orders:
        walk.say(walk.text("order_none"), keys=((counter.button("shop_b_menu", "h"),),))
    return Wait()


def _status_word(order: OpenOrder) -> str:
    return order.status if order.status in (HELD, RECEIVED, MAKING, READY) else RECEIVED


def _of(counter: Counter, order: OpenOrder) -> dict[str, str]:
    return {
        "order.number": order.ticket,
        "order.time": counter.clock(order.ready_at),
        "order.amount": roubles(order.amount),
        "order.place": order.place,
    }


def _cancel_key(walk: Walk, counter: Counter, order: OpenOrder) -> tuple[Row, ...]:
    if not order.can_cancel:
        return ()
    return ((Key(walk.text("shop_b_cancel"), data=counter.data("oc", str(order.order))),),)


def _cancel_asked(walk: Walk, counter: Counter, step: Catalogue) -> Move:
    orders = counter.shop.orders
    if not orders:
        counter.look(screen=CLEARING if counter.cart.lines else HOME, is_paying=False)
        if not counter.cart.lines:
            counter.tell("order_none")
        return Go(step.key)
    if len(orders) == 1:
        return _cancel(walk, step, orders[0], is_sure=False)
    keys = [
        Key(f"№ {item.ticket} · {roubles(item.amount)}", data=counter.data("oc", str(item.order))) for item in orders
    ]
    walk.say(walk.text("order_cancel_which"), keys=tuple((key,) for key in keys))
    return Wait()


def _cancel(walk: Walk, step: Catalogue, order: OpenOrder | None, *, is_sure: bool) -> Move:
    counter = _counter(walk, step)
    if order is None or counter is None:
        walk.say(walk.text("order_none"))
    elif not order.can_cancel:
        walk.say(walk.text("order_cancel_late", **_of(counter, order)))
    elif is_sure:
        walk.do(CancelOrder(order.order))
        walk.say(walk.text("order_cancel_asked", **_of(counter, order)))
    else:
        yes = Key(walk.text("shop_b_cancel_yes"), data=counter.data("ocy", str(order.order)))
        no = Key(walk.text("shop_b_cancel_no"), data=counter.data("ock"))
        walk.say(walk.text("order_cancel_ask", **_of(counter, order)), keys=((yes, no),))
    return Wait()


def _review(walk: Walk, counter: Counter, order: int, stars: int) -> Move:
    """Keep the stars; the next words, if any come, go with them."""
    walk.do(KeepReview(order, stars))
    walk.say(walk.text("review_high" if stars >= GOOD_STARS else "review_low"))
    counter.look(review=str(order), stars=stars)
    return Wait()


def repeat(walk: Walk, counter: Counter, step: Catalogue) -> Move:
    """Put the last order into the cart and go to the checkout: one more press and it is placed."""
    lines = counter.shop.last
    if not lines:
        counter.tell("shop_repeat_none")
        counter.look(screen=HOME, is_paying=False)
        return Go(step.key)
    wished = counter.cart.clear()
    for line in lines:
        wished = applied(wished, Add(line.product, line.options, line.quantity))
    # What would have to be made in another way is not: nobody gets cow's milk because the oat milk has ended.
    made = {(line.product, line.options): line for line in mend(wished, counter.menu).lines}
    fit = [made[line.product, line.options] for line in wished.lines if (line.product, line.options) in made]
    there = {(line.product, line.options) for line in counter.cart.lines}
    if not {(line.product, line.options) for line in fit} <= there:  # pressed again: it is in the cart already
        for line in fit:
            counter.change(Add(line.product, line.options, line.quantity))
    gone = [line for line in wished.lines if (line.product, line.options) not in made]
    if gone:
        counter.tell("shop_repeat_gone", answer=", ".join(_title(counter, line.product) for line in gone))
    if not counter.cart.lines:
        counter.look(screen=HOME, is_paying=False)
        return Go(step.key)
    walk.track("order_repeated")
    return Go(step.checkout)


def _title(counter: Counter, code: str) -> str:
    item = counter.menu.product(code)
    return item.name if item is not None else counter.shop.titles.get(code, code)


def _counter(walk: Walk, step: Catalogue | None) -> Counter | None:
    return at_counter(walk, step.key, step.checkout) if step is not None else None

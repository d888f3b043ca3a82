"""What presses and words do at the checkout, up to the wish to order; and what follows when something has moved."""

from collections.abc import Iterable
from enum import Enum, auto

from content.menu.cart import LONGEST_COMMENT, LONGEST_NAME
from content.menu.changes import Change, Kind
from payments.shop.quoting import quote

from dialogs.engine.counter.counter import Counter, Screen
from dialogs.engine.counter.moving import all_words
from dialogs.engine.counter.shelves import standing
from dialogs.engine.counter.summary import chosen_time, name_of_guest, stamp, way_of
from dialogs.engine.shop.bill import promo_of, roubles
from dialogs.engine.shop.browsing import CART, COMMENT, HOME, NAME, PROMO, TIME, WAY
from dialogs.engine.shop.cart_changes import SetQuantity
from dialogs.engine.shop.effects import PlaceOrder

SLOW_SECONDS = 15.0
GONE, TROUBLED = (Kind.PRODUCT_GONE, Kind.NOT_NOW), (Kind.OPTION_GONE, Kind.GROUP_MISSING)
NO_TIME = (Kind.SLOT_FULL, Kind.PLACE_CLOSED)


class Next(Enum):
    """What follows at the checkout."""

    SHOW = auto()  # the checkout's screen as it is now
    CATALOGUE = auto()
    PLACING = auto()  # the order is being placed


def settle(counter: Counter, data: str) -> Next | None:
    """Do what a button of the checkout says; `data` without the step's key. None means nothing."""
    verb, *rest = data.split(":")
    if counter.at.placing:
        return _wait(counter)
    match verb, rest:
        case "ok", []:
            return confirm(counter)
        case "v", []:
            return _ask(counter, "")
        case (("t" | "n" | "m" | "pr" | "w"), []):
            return _ask(counter, {"t": TIME, "n": NAME, "m": COMMENT, "pr": PROMO, "w": WAY}[verb])
        case "t", [name]:
            return _take_time(counter, name)
        case "tp", [page] if page.isdecimal() and len(page) < 4:
            counter.look(asks=TIME, page=int(page))
            return Next.SHOW
        case "m", ["none"]:
            counter.describe(comment="")
            return _ask(counter, "")
        case "pr", ["off"]:
            counter.describe(promo="")
            counter.tell("shop_promo_removed")
            return _ask(counter, "")
        case "w", [way]:
            return take_way(counter, way)
        case "s", []:
            counter.look(spends=not counter.at.spends)
            return _ask(counter, "")
    return None


def _wait(counter: Counter) -> Next:
    counter.put_up(Screen(counter.text("shop_placing")))
    return Next.PLACING


def _ask(counter: Counter, what: str) -> Next:
    counter.look(asks=what, page=0)
    return Next.SHOW


def _take_time(counter: Counter, name: str) -> Next:
    moment = next((item for item in counter.shop.times if stamp(item) == name), None)
    if moment is None and name != "asap":
        counter.tell("shop_time_gone")
        return _ask(counter, TIME)
    counter.look(pickup=moment.isoformat() if moment is not None else "")
    return _ask(counter, "")


def take_way(counter: Counter, way: str) -> Next:
    """Pay in this way, where it can be."""
    if way not in counter.shop.ways:
        counter.tell("shop_way_gone")
        return _ask(counter, WAY)
    counter.look(way=way)
    return _ask(counter, "")


def take_name(counter: Counter, name: str) -> Next:
    """Call the guest so."""
    if len(name) > LONGEST_NAME:
        counter.tell("shop_bad_name")
        return _ask(counter, NAME)
    counter.describe(name=name)
    return _ask(counter, "")


def take_comment(counter: Counter, words: str) -> Next:
    """Pass these words on to the barista."""
    if len(words) > LONGEST_COMMENT:
        counter.tell("shop_long_comment", count=str(LONGEST_COMMENT))
        return _ask(counter, COMMENT)
    counter.describe(comment=words)
    return _ask(counter, "")


def take_promo(counter: Counter) -> Next:
    """Use the code that was just written, if it is one."""
    tried = counter.shop.tried
    if tried.offer is None:
        known = ("not_yet", "over", "used_up", "used_by_guest")
        counter.tell("shop_promo_over" if tried.why in known else "shop_promo_unknown", answer=tried.code)
        return _ask(counter, PROMO)
    counter.describe(promo=tried.code)
    if counter.quote().promo_why == "too_little":
        counter.tell("shop_promo_least", answer=tried.code, total=roubles(tried.offer.least_amount))
    else:
        counter.tell("shop_promo_applied", answer=tried.code)
    return _ask(counter, "")


# --- ordering


def confirm(counter: Counter) -> Next:
    """Order, if everything is still as the guest saw it; else tell what is not, and ask."""
    if not counter.cart.lines:
        counter.look(screen=CART)
        return Next.CATALOGUE
    if counter.menu.is_paused:
        counter.tell_words(standing(counter))
        return _ask(counter, "")
    if counter.at.pickup and chosen_time(counter) is None:
        return moved(counter, [Change(Kind.SLOT_FULL, None, {"pickup_at": counter.at.pickup})])
    if not counter.at.pickup and counter.shop.soonest is None:
        return _ask(counter, TIME)
    name = name_of_guest(counter)
    if not name:
        return _ask(counter, NAME)
    if changes := _changes(counter):
        return moved(counter, changes)
    if not counter.at.seen:
        return _ask(counter, "")  # an old button: nothing was seen yet of what would be charged
    return _place(counter, name)


def _changes(counter: Counter) -> tuple[Change, ...]:
    """Return what is not as it stood on the screen that the guest agreed to."""
    promo = promo_of(counter.shop, counter.cart.promo)
    quoted = quote(
        counter.cart,
        counter.menu,
        offer=promo.offer,
        promo_why=promo.why,
        purse=counter.shop.purse,
        use_loyalty=counter.at.spends,
        expected=counter.at.seen or None,
    )
    return quoted.changes


def _place(counter: Counter, name: str) -> Next:
    if not counter.cart.name:
        counter.describe(name=name)
    key = f"{counter.desk.now.timestamp():.3f}"
    counter.desk.do(
        PlaceOrder(key, counter.menu.place, counter.at.seen, way_of(counter), chosen_time(counter), counter.at.spends)
    )
    counter.desk.track("order_asked", place=counter.menu.place)
    counter.look(placing=key, asks="")
    counter.desk.start_timers({"slow": SLOW_SECONDS})
    return _wait(counter)


def moved(counter: Counter, changes: Iterable[Change]) -> Next:
    """Tell what has moved, take out what cannot be had, and ask; an option that has ended is for the guest to replace."""
    changes = tuple(changes)
    counter.tell_words(f"{counter.text('shop_moved')}\n{all_words(counter, changes)}")
    kinds = {change.kind for change in changes}
    is_troubled = [_taken_out(counter, change) for change in changes]
    if Kind.PROMO_OVER in kinds:
        counter.describe(promo="")
    counter.look(placing="", asks="", is_moved=True, pickup="" if kinds.intersection(NO_TIME) else counter.at.pickup)
    if not counter.cart.lines:
        counter.tell("shop_moved_nothing")
        counter.look(screen=HOME)
        return Next.CATALOGUE
    if any(is_troubled):
        counter.look(screen=CART)
        return Next.CATALOGUE
    return _ask(counter, TIME if kinds.intersection(NO_TIME) else "")


def _taken_out(counter: Counter, change: Change) -> bool:
    """Take a line out, or the pieces too many; tell whether the line stays and must be changed by the guest."""
    line = counter.cart.line(change.line or 0)
    if line is None:
        return False
    if change.kind in GONE:
        counter.change(SetQuantity(line.id, 0))
    elif change.kind is Kind.TOO_FEW_LEFT and "option" not in change.facts:
        left = change.facts.get("left", "0")
        counter.change(SetQuantity(line.id, min(line.quantity, int(left) if left.isdecimal() else 0)))
    return change.kind in TROUBLED or (change.kind is Kind.TOO_FEW_LEFT and "option" in change.facts)


def forget(counter: Counter) -> None:
    """The order is made, or there will be none: the next one begins anew."""
    counter.look(
        placing="", asks="", seen={}, is_moved=False, is_paying=False, pickup="", spends=False, screen=HOME, waiting=()
    )

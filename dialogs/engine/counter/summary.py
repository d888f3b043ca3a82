"""The checkout as the guest sees it: the whole order on one screen, each part of it a button; and what each button asks."""

import datetime as dt

from dialogs.engine.counter.basket import lines_of, sums
from dialogs.engine.counter.counter import Counter, Row, Screen, in_rows
from dialogs.engine.counter.shelves import saved_up
from dialogs.engine.effects import Key
from dialogs.engine.shop.bill import orderable, roubles

TIMES_SHOWN, TIMES_IN_ROW = 12, 3
MOMENT = "%Y%m%d%H%M"  # of a button, in UTC


def summary(counter: Counter) -> Screen:
    """The order, and everything that may still be changed about it. What is seen here is what will be charged."""
    quoted = counter.quote()
    place = ", ".join(part for part in (counter.menu.place_name, counter.menu.address) if part)
    about = [counter.text("shop_place_line", answer=place), counter.text("shop_pickup", answer=pickup_words(counter))]
    about += [counter.text("shop_name_line", answer=name) for name in [name_of_guest(counter)] if name]
    about += [counter.text("shop_comment_line", answer=words) for words in [counter.cart.comment] if words]
    about.append(counter.text("shop_way_line", answer=counter.text(f"shop_way_{way_of(counter)}")))
    about += [line for line in [saved_up(counter)] if line]
    text = "\n".join([counter.text("shop_summary"), "", *lines_of(counter, quoted), *sums(counter, quoted), "", *about])
    confirm = "shop_b_agree" if counter.at.is_moved else "shop_b_confirm"
    first = ((Key(_label(counter, confirm, roubles(quoted.total)), data=counter.pay_data("ok")),),)
    return Screen(text, (*(first if orderable(quoted) else ()), *_parts(counter), _back(counter)))


def _label(counter: Counter, name: str, more: str) -> str:
    return f"{counter.text(name)} · {more}"


def _parts(counter: Counter) -> tuple[Row, ...]:
    keys = [counter.pay_button("shop_b_time", "t"), counter.pay_button("shop_b_comment", "m")]
    has_promo = bool(counter.cart.promo)
    keys.append(
        counter.pay_button("shop_b_promo_off", "pr", "off") if has_promo else counter.pay_button("shop_b_promo", "pr")
    )
    keys.append(counter.pay_button("shop_b_name", "n"))
    if len(counter.shop.ways) > 1:
        keys.append(counter.pay_button("shop_b_way", "w"))
    if counter.at.spends or counter.quote().can_spend:
        keys.append(counter.pay_button("shop_b_keep" if counter.at.spends else "shop_b_spend", "s"))
    return in_rows(keys, 2)


def _back(counter: Counter) -> Row:
    return (counter.button("shop_b_cart", "b"),)


def name_of_guest(counter: Counter) -> str:
    """Return the name the order is called by: the one given, else the one we know."""
    return counter.cart.name or counter.desk.facts.variables.get("customer.first_name", "")


def way_of(counter: Counter) -> str:
    """Return how the order will be paid."""
    ways = counter.shop.ways
    return counter.at.way if counter.at.way in ways else next(iter(ways), "counter")


def chosen_time(counter: Counter) -> dt.datetime | None:
    """Return the time chosen, None for as soon as possible, or when it has gone meanwhile."""
    return next((moment for moment in counter.shop.times if moment.isoformat() == counter.at.pickup), None)


def pickup_words(counter: Counter) -> str:
    """Return when the order will be fetched, in words."""
    moment = chosen_time(counter)
    if moment is not None:
        return counter.clock(moment)
    if counter.shop.soonest is None:
        return counter.text("shop_asap_unknown")
    return counter.text("shop_asap", answer=counter.clock(counter.shop.soonest))


def show(counter: Counter) -> None:
    """Put up the checkout; what the guest sees of lines, prices and the total is what they will agree to."""
    counter.put_up(asked(counter))
    counter.look(seen={} if counter.at.asks else counter.quote().seen())


# --- what the buttons ask


def asked(counter: Counter) -> Screen:
    """What is wanted just now."""
    match counter.at.asks:
        case "time":
            return _times(counter)
        case "way":
            keys = [counter.pay_button(f"shop_way_{way}", "w", way) for way in counter.shop.ways]
            return Screen(counter.text("shop_ask_way"), (*in_rows(keys, 1), _to_summary(counter)))
        case "comment":
            none = (counter.pay_button("shop_b_without_comment", "m", "none"),)
            known = counter.text("shop_comment_now", answer=counter.cart.comment) if counter.cart.comment else ""
            text = "\n\n".join(line for line in (counter.text("shop_ask_comment"), known) if line)
            return Screen(text, (none, _to_summary(counter)))
        case "promo":
            return Screen(counter.text("shop_ask_promo"), (_to_summary(counter),))
        case "name":
            return Screen(counter.text("shop_ask_name"), (*_known_name(counter), _back(counter)))
    return summary(counter)


def _known_name(counter: Counter) -> tuple[Row, ...]:
    name = name_of_guest(counter)
    return ((Key(name, data=counter.pay_data("v")),),) if name else ()


def _to_summary(counter: Counter) -> Row:
    return (counter.pay_button("shop_b_back", "v"),)


def _times(counter: Counter) -> Screen:
    times = counter.shop.times
    first = min(counter.at.page, max(0, (len(times) - 1) // TIMES_SHOWN)) * TIMES_SHOWN
    shown = times[first : first + TIMES_SHOWN]
    keys = [Key(counter.clock(item).removeprefix("в "), data=counter.pay_data("t", stamp(item))) for item in shown]
    turns = [counter.pay_button("shop_b_earlier_times", "tp", str(counter.at.page - 1))] if first else []
    if len(times) > first + TIMES_SHOWN:
        turns.append(counter.pay_button("shop_b_later_times", "tp", str(counter.at.page + 1)))
    asap = ((counter.pay_button("shop_b_asap", "t", "asap"),),) if counter.shop.soonest is not None else ()
    text = counter.text("shop_ask_time" if times or asap else "shop_no_times")
    return Screen(text, (*asap, *in_rows(keys, TIMES_IN_ROW), *in_rows(turns, 2), _to_summary(counter)))


def stamp(moment: dt.datetime) -> str:
    """Return a time as a button carries it."""
    return moment.astimezone(dt.UTC).strftime(MOMENT)

"""The cart: what is in it, what it costs, what troubles it; plus, minus, change."""

from content.menu.changes import Change, Kind
from content.menu.pricing import PricedLine
from payments.shop.quoting import Quote

from dialogs.engine.counter.counter import Counter, Row, Screen, counted
from dialogs.engine.counter.moving import words_of
from dialogs.engine.counter.shelves import loved, name_of
from dialogs.engine.effects import Key
from dialogs.engine.shop.bill import orderable, roubles

PIECES = ("позиция", "позиции", "позиций")
LONGEST_NAME = 22  # letters of a line beside its plus and minus


def cart(counter: Counter) -> Screen:
    """The cart as it stands."""
    quoted = counter.quote()
    if not quoted.lines:
        return Screen(counter.text("shop_cart_empty"), ((counter.button("shop_b_menu", "h"),), *_again(counter)))
    rows = tuple(_line_row(counter, line) for line in quoted.lines)
    more = (counter.button("shop_b_more", "h"), counter.button("shop_b_clear", "x"))
    text = "\n".join([counter.text("shop_cart"), "", *lines_of(counter, quoted), *sums(counter, quoted)])
    return Screen(text, (*rows, *to_checkout(counter, quoted), more))


def _again(counter: Counter) -> tuple[Row, ...]:
    return ((counter.button("shop_b_repeat", "r"),),) if counter.shop.last else ()


def lines_of(counter: Counter, quoted: Quote) -> list[str]:
    """Return the lines of the bill, each with its price and what keeps it from being ordered."""
    blocks: dict[int, Change] = {}
    for change in quoted.priced.changes:
        if change.line is not None and change.kind is not Kind.PRICE_CHANGED:
            blocks.setdefault(change.line, change)
    return [_told(counter, place, line, blocks.get(line.id)) for place, line in enumerate(quoted.lines, 1)]


def _told(counter: Counter, place: int, line: PricedLine, block: Change | None) -> str:
    if block is not None:
        return f"{place}. {counter.in_words(line)}\n{counter.text('shop_trouble', answer=words_of(counter, block))}"
    if line.quantity == 1:
        return f"{place}. {counter.in_words(line)} — {roubles(line.total)}"
    return f"{place}. {counter.in_words(line)} — {line.quantity} × {roubles(line.unit)} = {roubles(line.total)}"


def sums(counter: Counter, quoted: Quote) -> list[str]:
    """Return what is taken off, and the total."""
    lines = [""]
    if quoted.reward.promo:
        code, off = counter.cart.promo, roubles(quoted.reward.promo)
        lines.append(counter.text("shop_discount", answer=code, total=off))
    if quoted.reward.loyalty:
        name = "shop_free_drink" if counter.shop.purse.program.kind == "nth" else "shop_points_spent"
        what = counter.text(name, count=str(quoted.reward.spent))
        lines.append(counter.text("shop_reward", answer=what, total=roubles(quoted.reward.loyalty)))
    return [*lines, counter.text("shop_total", total=roubles(quoted.total))]


def _line_row(counter: Counter, line: PricedLine) -> Row:
    name = line.title if len(line.title) <= LONGEST_NAME else f"{line.title[: LONGEST_NAME - 1]}…"
    number = str(line.id)
    return (
        Key("➖", data=counter.data("q", number, str(line.quantity - 1))),
        Key(f"{name} × {line.quantity}", data=counter.data("e", number)),
        Key("➕", data=counter.data("q", number, str(line.quantity + 1))),
    )


def to_checkout(counter: Counter, quoted: Quote) -> tuple[Row, ...]:
    """Return the button that leads to the checkout, when something can be ordered."""
    return ((counter.button("shop_b_checkout", "go", more=roubles(quoted.total)),),) if orderable(quoted) else ()


def added(counter: Counter) -> Screen:
    """What follows when something went into the cart."""
    quoted = counter.quote()
    things = counted(sum(line.quantity for line in orderable(quoted)), PIECES)
    text = counter.text("shop_in_cart", count=things, total=roubles(quoted.total))
    rows = [(counter.button("shop_b_cart", "b"), counter.button("shop_b_more", "c"))]
    if (love := _love(counter)) is not None:
        rows.append((counter.button("shop_b_change", "e", str(counter.at.touched)), love))
    return Screen(text, (*to_checkout(counter, quoted), *rows))


def _love(counter: Counter) -> Key | None:
    line = counter.cart.line(counter.at.touched)
    if line is None:
        return None
    is_loved = name_of(line) in loved(counter)
    return counter.button("shop_b_unlove" if is_loved else "shop_b_love", "fk", str(line.id))


def clearing(counter: Counter) -> Screen:
    """Whether everything is to go."""
    keys = (counter.button("shop_b_clear_yes", "x", "yes"), counter.button("shop_b_clear_no", "b"))
    return Screen(counter.text("shop_clear_ask"), (keys,))

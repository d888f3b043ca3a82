"""What stands on the shelves: the first screen, a category, the favourites, the places."""

import zlib

from content.menu.cart import Line
from content.menu.choosing import at_first, unfit
from content.menu.pricing import price, unit_price
from content.menu.values import Product, WhyNot
from payments.shop.rewards import Purse

from dialogs.engine.counter.counter import Counter, Row, Screen, in_rows
from dialogs.engine.effects import Key
from dialogs.engine.shop.bill import quote_of, roubles
from dialogs.engine.shop.cart_changes import Add, applied
from dialogs.engine.shop.effects import KeepFavourite
from dialogs.engine.shop.refs import CHOICE, ref

LONGEST_LABEL = 40  # letters a phone shows in a wide button


def home(counter: Counter) -> Screen:
    """The first screen: the categories, and the short ways."""
    menu = counter.menu
    lines = [standing(counter), saved_up(counter), counter.greeting]
    keys = [Key(item.title, data=counter.data("c", ref(item.code, CHOICE))) for item in menu.categories]
    page = ((Key(counter.text("shop_b_page"), web_app=counter.shop.page),),) if counter.shop.page else ()
    short = [counter.button("shop_b_favourites", "f")] if counter.shop.favourites else []
    if len(counter.shop.places) > 1:
        short.append(Key(f"📍 {menu.place_name}"[:LONGEST_LABEL], data=counter.data("pl")))
    rows = (*page, *in_rows(keys, 2), *_repeat(counter), *in_rows(short, 2), *_order(counter), *to_cart(counter))
    return Screen("\n\n".join(line for line in lines if line), rows)


def standing(counter: Counter) -> str:
    """Return what a guest must know before they choose: that the shop is closed or takes no orders just now."""
    menu = counter.menu
    if menu.is_paused:
        until = f" до {menu.paused_until.astimezone(counter.zone):%H:%M}" if menu.paused_until else ""
        return counter.text("shop_is_paused", answer=until + (f": {menu.pause_reason}" if menu.pause_reason else ""))
    if menu.is_open:
        return ""
    soonest = counter.shop.soonest
    when = counter.text("shop_opens", answer=counter.clock(soonest)) if soonest else ""
    return counter.text("shop_is_closed", answer=when)


def saved_up(counter: Counter) -> str:
    """Return how the guest's loyalty stands, in words."""
    purse = counter.shop.purse
    return counter.text("shop_saved_up", answer=words) if (words := words_of(counter, purse)) else ""


def words_of(counter: Counter, purse: Purse) -> str:
    """Return what was saved, in words; nothing where nothing is saved."""
    program = purse.program
    if program.kind == "nth":
        left = max(0, program.cost - purse.balance)
        name = "shop_stamps_left" if left else "shop_stamps_full"
        return counter.text(name, count=str(left), total=str(program.every))
    if program.kind == "points" and purse.balance:
        return counter.text("shop_points", count=str(purse.balance))
    return ""


def _repeat(counter: Counter) -> tuple[Row, ...]:
    if not counter.shop.last:
        return ()
    return ((counter.button("shop_b_repeat", "r", more=last_in_words(counter)),),)


def last_in_words(counter: Counter) -> str:
    """Return the last order in a few words, with what it costs now."""
    cart = counter.cart.clear()
    for line in counter.shop.last:
        cart = applied(cart, Add(line.product, line.options, line.quantity))
    quoted = quote_of(counter.shop, cart)
    titles = [line.title for line in quoted.lines]
    first = titles[0] if len(titles) == 1 else f"{titles[0]} и ещё {len(titles) - 1}"
    return f"{first} · {roubles(quoted.subtotal)}"[:LONGEST_LABEL]


def _order(counter: Counter) -> tuple[Row, ...]:
    if not counter.shop.orders:
        return ()
    tickets = ", ".join(f"№ {order.ticket}" for order in counter.shop.orders)
    return ((counter.button("shop_b_status", "os", more=tickets),),)


def to_cart(counter: Counter) -> tuple[Row, ...]:
    """Return the button that leads to the cart with its sum, when there is something in it."""
    if not counter.cart.lines:
        return ()
    return ((counter.button("shop_b_cart", "b", more=roubles(counter.quote().total)),),)


def category(counter: Counter) -> Screen | None:
    """One shelf: each product with its price; what cannot be had is shown and says so."""
    shelf = counter.menu.category(counter.at.category)
    if shelf is None:
        return None
    rows = tuple((Key(label_of(counter, item), data=counter.data("p", ref(item.code))),) for item in shelf.products)
    text = counter.text("shop_category" if shelf.products else "shop_category_empty")
    return Screen(f"{shelf.title}\n{text}", (*rows, *below(counter)))


def below(counter: Counter) -> tuple[Row, ...]:
    """Return what stands under a shelf: back to the menu, and the cart."""
    return ((counter.button("shop_b_menu", "h"), *(key for row in to_cart(counter) for key in row)),)


def label_of(counter: Counter, product: Product) -> str:
    """Return a product's button: its name and price, or why it cannot be had."""
    if not product.is_available:
        return f"✖️ {product.name} — {why_not(counter, product)}"
    options = at_first(product)
    cost = roubles(unit_price(product, options))
    shown = counter.text("shop_from", answer=cost) if unfit(product, options) else cost
    left = f" ({counter.text('shop_left', answer=str(product.left))})" if product.left is not None else ""
    return f"{product.name} · {shown}{left}"


def why_not(counter: Counter, product: Product) -> str:
    """Return why it cannot be had, in words."""
    if product.why_not == WhyNot.NOT_NOW and product.hours:
        return product.hours
    return counter.text("shop_ended")


def favourites(counter: Counter) -> Screen:
    """What the guest loves: one press puts it into the cart."""
    rows = []
    for line in counter.shop.favourites:
        cart = counter.cart.clear().add(line.product, line.options)
        [priced] = price(cart, counter.menu).lines
        sign = "✖️ " if priced.problem else ""
        label = f"{sign}{counter.in_words(priced)} · {roubles(priced.unit)}"
        rows.append((Key(label, data=counter.data("fa", name_of(line))),))
    return Screen(counter.text("shop_favourites" if rows else "shop_favourites_none"), (*rows, *below(counter)))


def name_of(line: Line) -> str:
    """Return a short name for a product made in one way."""
    return f"{zlib.crc32('|'.join((line.product, *line.options)).encode()):08x}"


def loved(counter: Counter) -> set[str]:
    """Return the names of the favourites, with what this turn has done to them."""
    names = {name_of(line) for line in counter.shop.favourites}
    for effect in counter.desk.effects:
        if isinstance(effect, KeepFavourite):
            name = name_of(Line(0, effect.product, effect.options))
            names = names | {name} if effect.is_kept else names - {name}
    return names


def places(counter: Counter) -> Screen:
    """The places to choose from."""
    keys = tuple(
        (Key(f"📍 {spot.name}, {spot.address}".removesuffix(", "), data=counter.data("pl", ref(spot.code, CHOICE))),)
        for spot in counter.shop.places
    )
    return Screen(counter.text("shop_ask_place"), (*keys, (counter.button("shop_b_back", "h"),)))

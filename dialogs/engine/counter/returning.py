"""What a guest comes back to: favourites, and the place they order at."""

from collections.abc import Sequence

from content.menu.choosing import unfit

from dialogs.engine.counter.counter import Counter
from dialogs.engine.counter.opening import Then, gone, line_in_words, open_product
from dialogs.engine.counter.shelves import loved, name_of
from dialogs.engine.counter.taking import put_in
from dialogs.engine.shop.browsing import ADDED, CART, FAVOURITES, HOME, PLACES
from dialogs.engine.shop.effects import KeepFavourite
from dialogs.engine.shop.refs import CHOICE, found


def favourites(counter: Counter, _: Sequence[str]) -> Then:
    counter.look(screen=FAVOURITES)
    return Then.SHOW


def add_favourite(counter: Counter, rest: Sequence[str]) -> Then:
    """Put a favourite into the cart; what is no longer made so is opened instead."""
    line = next((line for line in counter.shop.favourites if rest and name_of(line) == rest[0]), None)
    item = counter.menu.product(line.product) if line is not None else None
    counter.look(screen=FAVOURITES)
    if line is None or item is None:
        return gone(counter)
    takeable = all((pair := item.chosen(name)) and pair[1].is_available for name in line.options)
    if not item.is_available or not takeable or unfit(item, line.options):
        return open_product(counter, item)
    if put_in(counter, item, line.options, 1):
        counter.look(screen=ADDED)
    return Then.SHOW


def love(counter: Counter, rest: Sequence[str]) -> Then:
    """Keep a line of the cart as a favourite, or no more."""
    line = counter.cart.line(int(rest[0])) if rest and rest[0].isdecimal() and len(rest[0]) < 9 else None
    if line is None:
        counter.look(screen=CART)
        counter.tell("shop_not_in_cart")
        return Then.SHOW
    is_kept = name_of(line) not in loved(counter)
    counter.desk.do(KeepFavourite(line.product, line.options, is_kept))
    told = line_in_words(counter, line.id) or ""
    counter.tell("shop_favourite_kept" if is_kept else "shop_favourite_left", answer=told)
    counter.look(screen=ADDED if counter.at.touched == line.id else CART)
    return Then.SHOW


def place(counter: Counter, rest: Sequence[str]) -> Then:
    """Choose where to order; the menu of that place is known with the next press."""
    spots = counter.shop.places
    spot = found(rest[0], spots, CHOICE) if rest else None
    if spot is None:
        counter.look(screen=PLACES if len(spots) > 1 else HOME)
        return Then.SHOW
    counter.desk.keep("place", spot.code)
    counter.look(screen=HOME, pickup="", waiting=(), touched=0)
    if spot.code == counter.menu.place:
        return Then.SHOW
    keys = ((counter.button("shop_b_menu", "h"),),)
    counter.desk.say(counter.text("shop_place_chosen", answer=spot.name), keys=keys)
    return Then.STAY

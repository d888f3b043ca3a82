"""What free words answer at the checkout: a name, a comment, a code, a time, a way to pay, one thing more, or yes."""

import datetime as dt

from dialogs.engine.counter.counter import Counter
from dialogs.engine.counter.naming import take
from dialogs.engine.counter.settling import Next, confirm, take_comment, take_name, take_promo, take_way
from dialogs.engine.reading import Intent, Reading
from dialogs.engine.shop.browsing import COMMENT, GROUP, NAME, PRODUCT, PROMO, TIME, WAY, WHICH
from dialogs.engine.shop.words import Asked, asked_in, is_soon, moment_in, promo_in, way_in

NO_COMMENT = ("нет", "не надо", "ничего", "без комментария", "без комментариев", "-")


def answered(counter: Counter, reading: Reading) -> Next | None:
    """Take the words as the answer they are; None when they answer nothing that is asked here."""
    asks, text = counter.at.asks, reading.text.strip()
    if reading.faq and asks in (NAME, COMMENT, PROMO):
        return None  # a question was answered; what was asked is asked once more
    if asks == NAME:
        return take_name(counter, reading.name or text) if text else None
    if asks == COMMENT:
        return take_comment(counter, "" if text.casefold() in NO_COMMENT else text) if text else None
    if not asks and reading.name and reading.has(Intent.GIVES_NAME):
        return take_name(counter, reading.name)
    if promo_in(text, is_asked=asks == PROMO):
        return take_promo(counter)
    if asks in ("", TIME) and (outcome := _time(counter, reading)) is not None:
        return outcome
    if asks in ("", WAY) and (way := way_in(text)):
        return take_way(counter, way)
    return _more(counter, reading) if not asks else None


def _time(counter: Counter, reading: Reading) -> Next | None:
    """Take a time that exists; the nearest one is told, and stands in the summary to be agreed to."""
    if is_soon(reading.text):
        counter.look(pickup="", asks="" if counter.shop.soonest is not None else TIME)
        return Next.SHOW
    wished = moment_in(reading, counter.desk.now, counter.zone)
    if wished is None or reading.ordered:
        return None
    nearest = next((item for item in counter.shop.times if item >= wished - dt.timedelta(minutes=1)), None)
    if nearest is None or nearest - wished > dt.timedelta(hours=3):
        counter.tell("shop_time_taken", answer=counter.clock(wished))
        counter.look(asks=TIME)
        return Next.SHOW
    if abs(nearest - wished) > dt.timedelta(minutes=1):
        counter.tell("shop_time_near", answer=counter.clock(wished), time=counter.clock(nearest))
    counter.look(pickup=nearest.isoformat(), asks="")
    return Next.SHOW


def _more(counter: Counter, reading: Reading) -> Next | None:
    """One thing more, or another way of making it; or yes."""
    if take(counter, reading) is not None:
        is_open = bool(counter.at.waiting) or counter.at.screen in (PRODUCT, GROUP, WHICH)
        return Next.CATALOGUE if is_open else Next.SHOW
    is_yes = reading.has(Intent.AFFIRM) and not reading.has(Intent.DENY)
    if is_yes or asked_in(reading.text) is Asked.CHECKOUT:
        return confirm(counter)
    return None

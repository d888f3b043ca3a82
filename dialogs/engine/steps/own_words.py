"""How a booking step hears people's own words: a time, a number, yes, no, none of these."""

import datetime as dt
from abc import abstractmethod
from collections.abc import Sequence

from dialogs.engine import slots as times
from dialogs.engine.attendance import Wish, any_fits, fits_nothing, wish_of
from dialogs.engine.desk import Desk
from dialogs.engine.nearest import Wanted, in_zone, nearest_dates, soonest, wanted_of
from dialogs.engine.reading import Intent, Reading
from dialogs.engine.slots import Slot
from dialogs.engine.steps.base import Move, Unclear, Wait
from dialogs.engine.steps.standing import Standing

# What waits for an answer, by `Pending.kind`. "day": a day is chosen; "slot": a time is read back; "custom": their own words.
UNDER_WAY = ("booking", "looking")  # an effect was wanted; its result comes as an event


def day_of(value: str) -> dt.date:
    """Return the day in the value of a pending choice."""
    return dt.date.fromisoformat(value[:10])


class OwnWords(Standing):
    """Hears; what is offered next is the step's own say."""

    __slots__ = ()
    dates: int

    @abstractmethod
    def offer_dates(self, desk: Desk, dates: Sequence[dt.date]) -> Move:
        """Offer these days."""

    @abstractmethod
    def offer_times(self, desk: Desk, free: Sequence[Slot]) -> Move:
        """Offer these times of one day."""

    @abstractmethod
    def choose_day(self, desk: Desk, day: dt.date) -> Move:
        """Offer the times of a day, if it has any."""

    @abstractmethod
    def confirm(self, desk: Desk, slot: Slot) -> Move:
        """Read a time back."""

    @abstractmethod
    def prompt(self, desk: Desk) -> None:
        """Put the open question again."""

    @abstractmethod
    def confirmed(self, desk: Desk) -> Move:
        """Take the time read back."""

    @abstractmethod
    def custom(self, desk: Desk) -> Move:
        """Ask for their own words."""

    def hear(self, desk: Desk, reading: Reading) -> Move | Unclear:
        pending, wanted = desk.state.pending, self.wanted(desk, reading)
        if pending is not None and pending.kind in UNDER_WAY:
            desk.say(desk.text("booking_slow"))
            return Wait()
        wish = wish_of(reading.text) if desk.facts.booked is not None else None
        if wish is not None and (wanted is None or wish is not Wish.MOVE):
            return self.do(desk, wish)
        if wanted is not None:
            return self.find(desk, wanted)
        if answered := self._hear_verdict(desk, reading):
            return answered
        if reading.zone is not None:
            desk.say(desk.text("booking_zone"))
            self.prompt(desk)
            return Wait()
        if reading.has(Intent.LATER):
            self.patience.postpone(desk, reading)
            return Wait()
        return Unclear()

    def _hear_verdict(self, desk: Desk, reading: Reading) -> Move | None:
        pending, slots = desk.state.pending, desk.facts.slots or ()
        number = reading.text.strip() if not desk.facts.buttons else ""  # where buttons become a numbered list
        is_read_back = pending is not None and pending.kind == "slot"
        if is_read_back and (number == "1" or (reading.has(Intent.AFFIRM) and not reading.has(Intent.DENY))):
            return self.confirmed(desk)
        if fits_nothing(reading.text) or (is_read_back and number == "2"):
            return self.custom(desk)
        if (numbered := self._numbered(desk, number)) is not None:
            return numbered
        if any_fits(reading.text) and slots:
            return self.confirm(desk, min(slots, key=lambda slot: slot.starts_at))
        if pending is None and desk.facts.booked is not None and reading.has(Intent.AFFIRM):
            return self.leave(desk)
        return self.custom(desk) if reading.has(Intent.DENY) and desk.facts.booked is None else None

    def _numbered(self, desk: Desk, number: str) -> Move | None:
        """Hear the number of a line, where the channel shows no buttons."""
        pending, slots = desk.state.pending, desk.facts.slots or ()
        if not number.isdecimal() or not slots or (pending is not None and pending.kind != "day"):
            return None
        if pending is None and desk.facts.booked is not None:
            return None
        at = int(number) - 1
        free = times.on(slots, day_of(pending.value)) if pending is not None else []
        dates = times.dates_of(slots)[: self.dates]
        count = len(free) if pending is not None else len(dates)
        if at == count:
            return self.custom(desk)
        if not 0 <= at < count:
            return None
        return self.book(desk, free[at].starts_at) if pending is not None else self.choose_day(desk, dates[at])

    def wanted(self, desk: Desk, reading: Reading) -> Wanted | None:
        pending = desk.state.pending
        day = day_of(pending.value) if pending is not None and pending.kind != "looking" and pending.value else None
        slots = desk.facts.slots or ()
        if reading.zone is None:
            return wanted_of(reading, slots, day, numbers=desk.facts.buttons)
        told = in_zone(reading, times.zone_of(slots, desk.facts.time_zone), day or self.today(desk))
        return wanted_of(told, slots, day, numbers=False)  # "+2 к Москве" is no hour

    def find(self, desk: Desk, wanted: Wanted) -> Move:
        """Answer to a time in the person's own words: read it back if it is free, else offer what is nearest."""
        slots = desk.facts.slots
        if not slots:
            return self.offer(desk)
        if wanted.date is None:
            return self._propose(desk, soonest(slots, wanted) or times.on(slots, times.dates_of(slots)[0]), wanted)
        last, free = times.dates_of(slots)[-1], times.on(slots, wanted.date)
        if wanted.date < self.today(desk):
            desk.say(desk.text("booking_past"))
        elif wanted.date > last:
            desk.say(desk.text("booking_far", answer=times.day_words(last, self.today(desk))))
        elif not free:
            desk.say(desk.text("booking_day_none", answer=times.day_words(wanted.date, self.today(desk))))
        else:
            return self._propose(desk, free, wanted)
        return self.offer_dates(desk, nearest_dates(slots, wanted.date, self.dates))

    def _propose(self, desk: Desk, free: Sequence[Slot], wanted: Wanted) -> Move:
        fitting = [slot for slot in free if wanted.fits(slot)]
        if len(fitting) == 1:
            return self.confirm(desk, fitting[0])
        if not fitting:
            desk.say(desk.text("booking_busy"))
        return self.offer_times(desk, fitting or free)

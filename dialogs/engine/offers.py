"""How times are offered: the messages of a booking step and the buttons under them."""

import datetime as dt
from collections.abc import Sequence

from dialogs.engine import slots as times
from dialogs.engine.desk import Desk
from dialogs.engine.effects import Key
from dialogs.engine.slots import Booked, Slot

Row = tuple[Key, ...]
IN_A_ROW = 2  # times beside each other


class Offers:
    """The words of a step that books; what follows them is the step's say."""

    __slots__ = ()
    key: str
    wordings: tuple[str, ...]

    def data(self, verb: str) -> str:
        """Return what a press brings back."""
        return f"{self.key}:{verb}"

    def today(self, desk: Desk) -> dt.date:
        """Return today in the schedule's zone."""
        return desk.now.astimezone(times.zone_of(desk.facts.slots or (), desk.facts.time_zone)).date()

    def shown(self, desk: Desk, moment: dt.datetime) -> str:
        """Return a moment in words."""
        return times.moment_words(moment, desk.now, desk.facts.customer_zone)

    def say_dates(self, desk: Desk, dates: Sequence[dt.date]) -> None:
        """Put the question with the days."""
        rows: list[Row] = [(Key(times.day_button(day), data=self.data(f"date:{day}")),) for day in dates]
        self._say(desk, desk.wording(self.key, self.wordings), [*rows, self._custom_row(desk)])

    def say_times(self, desk: Desk, free: Sequence[Slot]) -> None:
        """Ask for the time of one day."""
        keys = [Key(self._clock(desk, slot), data=self.data(f"time:{slot.clock}")) for slot in free]
        rows: list[Row] = [tuple(keys[at : at + IN_A_ROW]) for at in range(0, len(keys), IN_A_ROW)]
        day = times.day_words(free[0].date, self.today(desk))
        self._say(desk, desk.text("booking_times", answer=day), [*rows, self._custom_row(desk)])

    def say_custom(self, desk: Desk) -> None:
        """Ask for the person's own words."""
        desk.say(desk.text("booking_custom"), keys=((Key(desk.text("booking_dates"), data=self.data("reschedule")),),))

    def show_standing(self, desk: Desk, booked: Booked) -> None:
        """Tell which appointment stands, and what may be done about it."""
        keep = (Key(desk.text("booking_keep"), data=self.data("keep")),)
        text = desk.text("booking_standing", answer=self.shown(desk, booked.starts_at))
        desk.say(text, keys=(keep, *self.change_keys(desk)))

    def confirm_keys(self, desk: Desk) -> tuple[Row, ...]:
        """Return the answers to a time read back."""
        yes = Key(desk.text("booking_yes"), data=self.data("confirm"))
        return ((yes,), (Key(desk.text("booking_no"), data=self.data("custom")),))

    def change_keys(self, desk: Desk) -> tuple[Row, ...]:
        """Return what may be done about an appointment that stands."""
        move = Key(desk.text("booking_move"), data=self.data("reschedule"))
        return ((move, Key(desk.text("booking_cancel"), data=self.data("cancel"))),)

    def choose_keys(self, desk: Desk) -> tuple[Row, ...]:
        """Return the way to another time."""
        return ((Key(desk.text("booking_choose"), data=self.data("reschedule")),),)

    def reminder_keys(self, desk: Desk) -> tuple[Row, ...]:
        """Return the answers to a reminder."""
        come = Key(desk.text("booking_come"), data=self.data("come"))
        return ((come, Key(desk.text("booking_miss"), data=self.data("miss"))),)

    def _custom_row(self, desk: Desk) -> Row:
        return (Key(desk.text("booking_none_fits"), data=self.data("custom")),)

    def _clock(self, desk: Desk, slot: Slot) -> str:
        theirs = desk.facts.customer_zone
        local = slot.starts_at.astimezone(theirs) if theirs is not None else slot.starts_at
        same = local.utcoffset() == slot.starts_at.utcoffset()
        return slot.clock if same else f"{slot.clock} (у вас {local:%H:%M})"

    def _say(self, desk: Desk, text: str, rows: Sequence[Row]) -> None:
        if not desk.facts.buttons:
            keys = [key for row in rows for key in row]
            text = "\n".join([text, *(f"{number}. {key.text}" for number, key in enumerate(keys, 1))])
        desk.say(text, keys=tuple(rows))

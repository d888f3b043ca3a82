"""What may be done about an appointment that stands, from wherever the dialogue is; a part of the booking step."""

import datetime as dt
from abc import abstractmethod

from dialogs.engine.attendance import Wish
from dialogs.engine.desk import Desk
from dialogs.engine.effects import Attend, CancelBooking
from dialogs.engine.offers import Offers
from dialogs.engine.patience import Patience
from dialogs.engine.slots import Booked
from dialogs.engine.state import Mode
from dialogs.engine.steps.base import Go, Halt, Move, Wait
from dialogs.engine.steps.end import finish
from dialogs.engine.steps.handover import hand_over

ENDED = "ended:"  # marks that the dialogue had ended when the appointment was taken up again


class Standing(Offers):
    """Moving, canceling, coming or not; and the way back to where the talk was."""

    __slots__ = ()
    name: str
    next: str
    on_none: str
    on_cancel: str
    patience: Patience

    @abstractmethod
    def offer(self, desk: Desk) -> Move:
        """Offer the nearest days."""

    @abstractmethod
    def book(self, desk: Desk, moment: dt.datetime) -> Move:
        """Ask the calendar for this time."""

    def do(self, desk: Desk, wish: Wish) -> Move:
        booked = desk.facts.booked
        if wish is Wish.MOVE:
            self.take_floor(desk)
            return self.offer(desk)
        if booked is None:
            desk.say(desk.text("booking_nothing"), keys=self.choose_keys(desk))
            return Wait()
        if wish is Wish.COME:
            return self._come(desk, booked)
        if wish is Wish.CANCEL:
            desk.do(CancelBooking(booked.number))
            return Wait()
        desk.do(Attend(booked.number, comes=False))
        self.take_floor(desk)
        desk.say(desk.text("booking_missed"))
        return self.offer(desk)

    def _come(self, desk: Desk, booked: Booked) -> Move:
        if booked.is_declined:
            self.take_floor(desk)
            return self.book(desk, booked.starts_at)  # its place may be somebody else's by now
        desk.do(Attend(booked.number, comes=True))
        desk.say(desk.text("booking_coming", answer=self.shown(desk, booked.starts_at)))
        return Wait()

    def take_floor(self, desk: Desk) -> None:
        """Let the talk be about the appointment, and remember where it was."""
        state = desk.state
        if state.mode is Mode.ENDED:
            desk.keep(self.back_key, f"{ENDED}{state.outcome}")
        elif state.step != self.key:
            desk.keep(self.back_key, state.step)
        desk.update(step=self.key, mode=Mode.TALKING, outcome="", tries=0, refusals=0, recent=(), pending=None)

    def leave_without(self, desk: Desk) -> Move:
        """Go on after the appointment was taken back."""
        desk.keep(self.name, "")
        if self.on_cancel or desk.state.values.get(self.back_key):
            return self.leave(desk, self.on_cancel)
        desk.update(pending=None)
        self.patience.begin(desk)
        return Wait()

    def leave(self, desk: Desk, to: str = "") -> Move:
        """Go on: to where the talk was when the appointment was taken up, else to what follows."""
        back = desk.state.values.get(self.back_key, "")
        desk.keep(self.back_key, "")
        desk.update(pending=None)
        if back.startswith(ENDED):
            finish(desk, back.removeprefix(ENDED))
            return Halt()
        return Go(back or to or self.next)

    @property
    def back_key(self) -> str:
        return f"{self.key}.back"

    def without_slots(self, desk: Desk) -> Move:
        desk.say(desk.text("booking_none"))
        desk.track("no_slots", step=self.key)
        if desk.facts.booked is not None:  # it stands as it was
            return self.leave(desk)
        return self.call_person(desk)

    def call_person(self, desk: Desk) -> Move:
        """Nothing can be booked here: let a human do it."""
        desk.update(pending=None)
        if self.on_none or desk.person:
            return Go(self.on_none or desk.person)
        desk.say(desk.text("handover" if desk.facts.is_open else "handover_closed"))
        hand_over(desk, "no_slots")
        return Halt()

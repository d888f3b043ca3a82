"""What a dialogue does to an appointment; how it went comes back to it as an event."""

from crm import booking, calendars
from crm.models import Appointment
from dialogs.effects.leads import describe
from dialogs.effects.sheet import Occasion
from dialogs.engine.effects import Attend, Book, CancelBooking, LookUpSlots


def book(effect: Book, at: Occasion) -> None:
    """Ask for the time; an appointment of the customer that stands is moved to it."""
    session = at.session
    if session.lead is not None:
        describe(session.lead, "consultation", at)
    calendars.current().request(
        session.customer, effect.starts_at, chat=session.chat, lead=session.lead, key=at.key, now=at.sheet.now
    )


def cancel(effect: CancelBooking, at: Occasion) -> None:
    """Take the appointment back."""
    row = _row(effect.number, at)
    if row is not None:
        calendars.keeper_of(row).withdraw(row, chat=at.session.chat, key=at.key, now=at.sheet.now)


def attend(effect: Attend, at: Occasion) -> None:
    """Note whether the customer comes."""
    row = _row(effect.number, at)
    if row is not None:
        booking.attend(row, comes=effect.comes, key=at.key, now=at.sheet.now)


def look_up(_effect: LookUpSlots, at: Occasion) -> None:
    """Have the free times asked of somebody else's calendar."""
    calendars.current().look_up(at.session.chat, key=at.key)


def _row(number: int, at: Occasion) -> Appointment | None:
    """Return the appointment if it is this customer's."""
    rows = Appointment.objects.select_related("customer", "lead__customer", "lead__manager", "chat")
    return rows.filter(pk=number, customer=at.session.customer).first()

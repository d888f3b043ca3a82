"""An appointment beyond its step: news of it come at any moment, and the person may speak of it wherever the dialogue stands."""

from dialogs.engine.effects import Key, LeadOutcome, SettleLead
from dialogs.engine.events import BookingOutcome, BookingTold, Event
from dialogs.engine.slots import until_words
from dialogs.engine.state import Mode
from dialogs.engine.steps.base import Go, Move
from dialogs.engine.steps.booking import Booking
from dialogs.engine.steps.own_words import UNDER_WAY, day_of
from dialogs.engine.walking import Walk, run

Outcome = BookingOutcome
# Said with the day and the time, whatever the dialogue is about just now.
TOLD = {
    Outcome.BOOKED: "booking_done",
    Outcome.MOVED: "booking_moved",
    Outcome.CANCELED: "booking_canceled",
    Outcome.TAKEN: "booking_taken",
    Outcome.MOVED_BY_US: "booking_moved_by_us",
    Outcome.CANCELED_BY_US: "booking_canceled_by_us",
    Outcome.FAILED: "booking_failed",
    Outcome.UNSURE: "booking_unsure",
}
STANDS = (Outcome.BOOKED, Outcome.MOVED, Outcome.MOVED_BY_US)  # … and the calendar entry goes with it


def recall(walk: Walk, event: Event) -> Move | None:
    """Let the script's booking step hear what is about the appointment, wherever the dialogue stands."""
    step = walk.script.booking
    return step.recall(walk, event) if step is not None else None


def told(walk: Walk, news: BookingTold) -> None:
    """Tell the person, and go on where the step waited for these news."""
    step = walk.script.booking
    if walk.state.mode is Mode.HANDED_OVER or not walk.state.step:
        return
    if step is None:
        if news.outcome is not Outcome.SLOTS:
            _tell(walk, news, None)
        return
    pending = walk.state.pending
    waited = walk.here is step and walk.state.mode is Mode.TALKING and pending is not None and pending.kind in UNDER_WAY
    if news.outcome is Outcome.SLOTS:
        if waited and pending is not None and pending.value:
            run(walk, step.choose_day(walk, day_of(pending.value)))
        elif waited:
            run(walk, Go(step.key))
    elif news.outcome is Outcome.TAKEN:
        _taken(walk, step, news, waited=waited)
    else:
        _tell(walk, news, step)
        _go_on(walk, step, news, waited=waited)


def _tell(walk: Walk, news: BookingTold, step: Booking | None) -> None:
    moment = step.shown(walk, news.starts_at) if step is not None and news.starts_at is not None else ""
    if news.outcome is Outcome.REMINDER:
        _remind(walk, news, step, moment)
        return
    text = walk.text(TOLD[news.outcome], answer=moment)
    walk.say(text, keys=_keys(walk, news, step), invite=news.number if news.outcome in STANDS else 0)
    walk.track(f"booking_{news.outcome.value}", appointment=str(news.number))
    if news.outcome is Outcome.BOOKED:
        walk.do(SettleLead(LeadOutcome.WANTED, "booked"))


def _keys(walk: Walk, news: BookingTold, step: Booking | None) -> tuple[tuple[Key, ...], ...]:
    if step is None or news.outcome is Outcome.UNSURE:
        return ()
    return step.change_keys(walk) if news.outcome in STANDS else step.choose_keys(walk)


def _remind(walk: Walk, news: BookingTold, step: Booking | None, moment: str) -> None:
    soon = until_words(news.starts_at, walk.now) if news.starts_at is not None else ""
    answer = ", ".join(part for part in (soon, moment) if part)
    walk.say(walk.text("booking_reminder", answer=answer), keys=step.reminder_keys(walk) if step is not None else ())
    walk.track("booking_reminded", appointment=str(news.number))


def _taken(walk: Walk, step: Booking, news: BookingTold, *, waited: bool) -> None:
    walk.track("booking_taken", appointment=str(news.number))
    walk.say(walk.text("booking_taken"), keys=() if waited else step.choose_keys(walk))
    if waited and news.starts_at is not None:
        walk.update(pending=None)
        run(walk, step.offer_instead(walk, news.starts_at.date()))


def _go_on(walk: Walk, step: Booking, news: BookingTold, *, waited: bool) -> None:
    if news.outcome in STANDS and news.starts_at is not None:
        walk.keep(step.name, step.shown(walk, news.starts_at))
    if news.outcome is Outcome.CANCELED and walk.here is step and walk.state.mode is Mode.TALKING:
        run(walk, step.leave_without(walk))
    elif waited:
        run(walk, step.call_person(walk) if news.outcome is Outcome.FAILED else step.leave(walk))

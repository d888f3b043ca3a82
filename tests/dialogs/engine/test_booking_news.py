"""What the calendar answers while a time is being booked."""

import datetime as dt
from typing import Any

import pytest

from dialogs.engine.effects import Book, HandOver, LookUpSlots
from dialogs.engine.events import BookingOutcome, BookingTold
from tests.dialogs.engine.consultations import (
    CUSTOM,
    MOSCOW,
    SLOTS,
    at,
    begin,
    facts_with,
    labels,
    news,
    step,
    text,
)
from tests.dialogs.engine.play import Play, ask, gives, script

# --- what the calendar answers


def test_taken_meanwhile_leads_to_what_is_left() -> None:
    play = begin().press("consult:date:2026-03-04").press("consult:time:14:00")
    play.facts = facts_with(play, slots=tuple(slot for slot in SLOTS if slot.starts_at != at(4, 14)))
    play.hear(news(BookingOutcome.TAKEN))
    assert play.text.startswith(text("booking_taken")) and labels(play) == ["16:00", "18:00", CUSTOM]
    assert play.press("consult:time:16:00").all_of(Book)


def test_taken_while_the_talk_has_moved_on_leaves_a_way_back() -> None:
    play = begin().press("consult:date:2026-03-04").press("consult:time:14:00")
    play.press("consult:reschedule").hear(news(BookingOutcome.TAKEN))
    assert labels(play) == ["Выбрать время"]


def test_a_calendar_that_thinks_is_excused_once() -> None:
    play = begin().press("consult:date:2026-03-04").press("consult:time:14:00")
    assert play.timers == {"slow": dt.timedelta(seconds=15)}
    assert play.alarm("slow").text == text("booking_slow")


@pytest.mark.parametrize(
    ("settings", "person", "ends"),
    [({}, "", "handover"), ({"on_none": "refused"}, "", "refused"), ({}, "refused", "refused")],
)
def test_a_calendar_that_fails_calls_a_person(settings: dict[str, Any], person: str, ends: str) -> None:
    raw = script({"consult": step(**settings)}, start="consult", person=person)
    play = Play(raw, slots=SLOTS, time_zone=MOSCOW).start().press("consult:date:2026-03-04").press("consult:time:14:00")
    play.hear(news(BookingOutcome.FAILED))
    assert text("booking_failed") in play.text
    assert play.outcome == ends or (ends == "handover" and play.all_of(HandOver))


def test_nobody_knows_whether_it_was_booked_and_the_talk_goes_on() -> None:
    play = begin().press("consult:date:2026-03-04").press("consult:time:14:00").hear(news(BookingOutcome.UNSURE))
    assert text("booking_unsure") in play.text and play.keys == [] and play.outcome == "captured"


def test_unknown_times_are_looked_up_first() -> None:
    play = begin(slots=None)
    assert play.all_of(LookUpSlots) and play.text == text("booking_looking")
    assert play.press("consult:date:2026-03-04").effects == ()
    play.facts = facts_with(play, slots=SLOTS)
    assert labels(play.hear(BookingTold(BookingOutcome.SLOTS)))[0] == "Вт, 3 марта"
    assert play.hear(BookingTold(BookingOutcome.SLOTS)).effects == (), "nobody waits for it any more"
    play = begin().press("consult:date:2026-03-04").press("consult:time:14:00")
    play.facts = facts_with(play, slots=None)
    assert play.hear(news(BookingOutcome.TAKEN)).all_of(LookUpSlots)


def test_where_the_calendar_wants_a_phone_it_is_asked_for_first() -> None:
    raw = script({"consult": step(on_no_phone="phone")}, start="consult")
    play = Play(raw, slots=SLOTS, time_zone=MOSCOW, booking_needs_phone=True)
    assert play.start().state.step == "phone"
    raw = script({"consult": step(on_no_phone="number"), "number": {**ask(), "next": "consult"}}, start="consult")
    play = Play(raw, slots=SLOTS, time_zone=MOSCOW, booking_needs_phone=True).start().hear(gives())
    assert labels(play.press("number:yes"))[0] == "Вт, 3 марта", "given in this very turn, it is known"
    play = Play(raw, slots=SLOTS, time_zone=MOSCOW, booking_needs_phone=True, has_phone=True)
    assert labels(play.start())[0] == "Вт, 3 марта"


def test_a_press_on_what_was_seen_too_long_ago_looks_anew_and_goes_on() -> None:
    play = begin()
    play.facts = facts_with(play, slots=None)
    assert play.press("consult:date:2026-03-04").all_of(LookUpSlots)
    play.facts = facts_with(play, slots=SLOTS)
    assert labels(play.hear(BookingTold(BookingOutcome.SLOTS)))[0] == "14:00"
    play.facts = facts_with(play, slots=None)
    assert play.press("consult:time:14:00").all_of(Book) == [Book(at(4, 14))], "the calendar itself will tell"


def test_words_while_times_are_unknown_have_them_looked_up() -> None:
    play = begin()
    play.facts = facts_with(play, slots=None)
    assert play.says("в среду в 16", date=dt.date(2026, 3, 4), time=dt.time(16)).all_of(LookUpSlots)


def test_without_a_free_time_a_person_is_called() -> None:
    play = begin(slots=())
    assert play.text.startswith(text("booking_none")) and play.all_of(HandOver) and "no_slots" in play.counted
    assert begin(slots=(), is_open=False).text.endswith(text("handover_closed"))

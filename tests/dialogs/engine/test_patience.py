"""Reminders, timeouts and "later": how a question waits."""

import datetime as dt
from typing import Any

import pytest

from dialogs.engine.moments import moment_of, shown
from dialogs.engine.reading import Reading
from tests.dialogs.engine.play import MOSCOW, NOW, SHOWN, Play, ask, gives, script

HOUR = dt.timedelta(hours=1)
REMINDERS = [{"after": "10m", "text": "Вы здесь?"}, {"after": "40m", "text": "Напомню."}]


def waiting(**settings: Any) -> Play:
    return Play(script({"phone": ask(**{"reminders": REMINDERS, **settings})})).start()


def test_a_question_sets_its_clock() -> None:
    minutes = {name: after.total_seconds() / 60 for name, after in waiting().timers.items()}
    assert minutes == {"reminder:0": 10, "reminder:1": 40, "timeout": 60}


def test_a_silent_person_is_reminded_and_given_up() -> None:
    play = waiting()
    assert play.alarm("reminder:0").text == "Вы здесь?" and play.counted == ["reminded"]
    assert play.alarm("reminder:1").text == "Напомню."
    play.alarm("timeout")
    assert play.outcome == "silent" and "silent" in play.counted


def test_every_answer_starts_the_clock_anew_and_old_alarms_are_deaf() -> None:
    play = waiting()
    first = play.state.visit
    play.says("что?", "confused")
    assert play.timers and play.state.visit > first
    assert play.alarm("timeout", first).effects == ()


@pytest.mark.parametrize("name", ["reminder:9", "reminder:x", "odd"])
def test_an_alarm_nobody_set_is_nothing(name: str) -> None:
    assert waiting().alarm(name).effects == ()


def test_who_has_given_a_number_is_reminded_of_the_confirmation_not_of_the_number() -> None:
    play = waiting().hear(gives()).alarm("reminder:0")
    assert SHOWN in play.text and "подтвердить" in play.text and "Вы здесь?" not in play.text


def test_later_is_granted_and_asked_again_when_the_time_has_come() -> None:
    play = waiting(later="2h").says("позже", "later")
    assert play.timers == {"later": 2 * HOUR, "timeout": 3 * HOUR} and "не тороплю" in play.text
    play.alarm("later")
    assert play.text == "Номер?" and set(play.timers) == {"reminder:0", "reminder:1", "timeout"}


def test_later_with_a_moment_is_granted_till_then() -> None:
    play = waiting().says("завтра в 10", "later", date=dt.date(2026, 3, 3), time=dt.time(10))
    assert "завтра в 10:00" in play.text
    assert play.timers["later"] == dt.timedelta(hours=22)  # it is noon in Moscow
    assert play.timers["timeout"] == dt.timedelta(hours=23)


def test_a_question_without_a_timeout_waits_for_ever() -> None:
    play = waiting(timeout=0, reminders=[])
    assert play.timers == {}
    assert play.says("позже", "later").timers == {"later": HOUR}


@pytest.mark.parametrize(
    ("date", "time", "expected"),
    [
        (None, None, ""),
        (None, dt.time(18), "сегодня в 18:00"),
        (None, dt.time(9), "завтра в 09:00"),  # nine has passed
        (dt.date(2026, 3, 2), dt.time(11), ""),  # today at eleven has passed
        (dt.date(2026, 3, 9), None, "09.03 в 10:00"),
        (dt.date(2026, 6, 1), None, ""),  # too far away
    ],
)
def test_moments_are_named_in_the_time_of_the_business(
    date: dt.date | None, time: dt.time | None, expected: str
) -> None:
    moment = moment_of(Reading("", date=date, time=time), NOW, MOSCOW)
    assert (shown(moment, NOW) if moment else "") == expected

"""The drain task itself: while one person is still typing, nobody else waits."""

import pytest

from bot.models import Channel
from dialogs import draining, tasks
from dialogs.preset_loading import load_preset
from dialogs.surroundings import forget
from tests.dialogs.test_turn import Person

pytestmark = pytest.mark.django_db(transaction=True)


class Enough(Exception):
    """The test has seen what it wanted."""


def test_who_comes_while_another_types_is_answered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    load_preset("first-contact")
    forget()
    channel = Channel.objects.create(
        kind="telegram", title="Бот", credentials={"token": "1:x"}, scenario_key="first-contact"
    )
    typing, hurried = Person(channel, 1), Person(channel, 2)
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) > 1:
            raise Enough
        hurried.writes("/start")

    monkeypatch.setattr("dialogs.draining.time.sleep", nap)
    typing.writes("Здравствуйте")
    with pytest.raises(Enough):
        tasks.take_turn()
    assert hurried.heard()
    assert not typing.heard()
    assert max(naps) <= draining.LOOK_SECONDS


def test_after_a_turn_it_stays_awake_for_the_next_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    load_preset("first-contact")
    forget()
    channel = Channel.objects.create(
        kind="telegram", title="Бот", credentials={"token": "1:x"}, scenario_key="first-contact"
    )
    first, second = Person(channel, 1), Person(channel, 2)
    naps: list[float] = []

    def nap(seconds: float) -> None:
        if not naps:
            second.writes("/start")  # nobody nudges
        naps.append(seconds)

    monkeypatch.setattr("dialogs.draining.time.sleep", nap)
    first.writes("/start")
    tasks.take_turn()
    assert first.heard()
    assert second.heard()


def test_a_sentence_being_typed_does_not_make_it_drowsy(monkeypatch: pytest.MonkeyPatch) -> None:
    load_preset("first-contact")
    forget()
    channel = Channel.objects.create(
        kind="telegram", title="Бот", credentials={"token": "1:x"}, scenario_key="first-contact"
    )
    typing, hurried = Person(channel, 1), Person(channel, 2)
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        raise Enough

    monkeypatch.setattr("dialogs.draining.time.sleep", nap)
    hurried.writes("/start")
    typing.writes("Здравствуйте")
    with pytest.raises(Enough):
        tasks.take_turn()
    assert hurried.heard()
    assert not typing.heard()
    assert naps == [draining.BLINK_SECONDS]

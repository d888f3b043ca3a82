"""Channels with a free talk have a worker of their own; nothing of theirs is left lying when it is away."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import Settings

from bot.models import Channel
from dialogs import draining, tasks
from dialogs.drafts import import_draft
from dialogs.lanes import lanes
from dialogs.mailbox import seconds_to_next
from dialogs.preset_loading import load_preset
from dialogs.publishing import publish
from dialogs.surroundings import forget
from tests.dialogs.assistant.talk import SCRIPT
from tests.dialogs.test_turn import Person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def talker(settings: Settings) -> Iterator[Person]:
    settings.COALESCE_SECONDS = 0
    publish(import_draft({"start": "talk", **SCRIPT}))
    forget()
    lanes.forget()
    yield Person(_channel("talk"), 1)
    lanes.forget()


@pytest.fixture
def plain(settings: Settings) -> Person:
    load_preset("first-contact")
    return Person(_channel("first-contact"), 2)


@pytest.fixture
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    paths: list[str] = []
    monkeypatch.setattr("dialogs.draining.nudge", paths.append)
    monkeypatch.setattr("dialogs.draining.time.sleep", lambda _: None)
    return paths


def _channel(key: str) -> Channel:
    return Channel.objects.create(kind="telegram", title=key, credentials={"token": "1:x"}, scenario_key=key)


def test_the_worker_of_plain_turns_leaves_a_free_talk_to_its_own_and_wakes_it(
    talker: Person, plain: Person, nudged: list[str]
) -> None:
    talker.writes("/start")
    plain.writes("/start")
    tasks.take_turn()
    assert plain.heard()
    assert not talker.heard()
    assert set(nudged) == {draining.TALKS_READY_TASK}


def test_the_worker_of_talks_takes_theirs_only(talker: Person, plain: Person, nudged: list[str]) -> None:
    talker.writes("/start")
    plain.writes("/start")
    tasks.take_talk_turn()
    assert talker.heard()
    assert not plain.heard()


def test_a_talk_nobody_looks_after_is_taken_by_the_worker_of_plain_turns(
    talker: Person, nudged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    talker.writes("/start")
    wait = seconds_to_next(timezone.now(), lanes.talks)
    assert wait is not None
    monkeypatch.setattr(draining, "LATE_SECONDS", -wait - 0.001)  # as if it had waited so long
    tasks.take_turn()
    assert talker.heard()


def test_where_nobody_talks_there_is_one_lane(plain: Person, nudged: list[str]) -> None:
    lanes.forget()
    plain.writes("/start")
    tasks.take_turn()
    assert plain.heard()
    assert lanes.talks.channels == ()
    assert nudged == []


def test_a_second_drain_of_the_talks_leaves_its_thread_to_the_answers(talker: Person, nudged: list[str]) -> None:
    talker.writes("/start")
    with tasks._taking_talks:  # the first is at work
        tasks.take_talk_turn()
    assert not talker.heard()

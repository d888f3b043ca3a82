"""Promises 1, 6 and 8: the assistant's worker is killed between any two of its steps; the customer is answered, and once."""

import datetime as dt

import pytest

from bot.models import InboxEvent, Message
from dialogs.assistant.claiming import LEASE_SECONDS
from dialogs.models import AssistantTurn
from tests.chaos.processes import KILLED, run_worker
from tests.dialogs.assistant.conftest import model
from tests.emulators.llm import ModelServer
from tests.journeys.customers import TelegramCustomer
from tests.journeys.house import House
from tests.journeys.school import COLD, answers, reaches_the_survey, school, vera

__all__ = ["model", "school", "vera"]  # the fixtures

STEPS = (
    "question claimed, not put",
    "question put, not answered",
    "answer read, not settled",
    "answer settled, not committed",
    "answer settled, nobody nudged",
)


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_worker_s_question_is_answered_once(
    model: ModelServer, school: House, vera: TelegramCustomer, step: str
) -> None:
    reaches_the_survey(vera)
    answers(vera, COLD)
    before = len(vera.heard)
    vera.writes("С чего бы вы посоветовали начать?")
    school.clock.advance_seconds(3)
    assert run_worker(school, step) == KILLED
    assert len(vera.heard) == before
    AssistantTurn.objects.filter(claimed_at__isnull=False).update(  # its lease runs out
        claimed_at=dt.datetime.now(tz=dt.UTC) - dt.timedelta(seconds=LEASE_SECONDS + 1)
    )
    school.settle()
    turn = AssistantTurn.objects.latest("pk")
    assert (turn.status, turn.provider) == (AssistantTurn.Status.DECIDED, "openai")
    assert "\n\n".join(vera.heard[before:]) == turn.final_text
    assert InboxEvent.objects.filter(external_id=f"assistant:{turn.pk}").count() == 1
    assert not InboxEvent.objects.filter(handled_at=None).exists()
    assert not Message.objects.filter(status__in=Message.PENDING).exists()

"""Losing Redis loses nothing; PostgreSQL restarted in mid-work doubles nothing."""

import threading

import pytest
from django.db import OperationalError, connection

from bot.delivery import Drain
from bot.models import Message
from bot.nudges import broker
from crm.models import Lead
from tests.emulators.telegram import Fault, FaultKind
from tests.journeys.customers import TelegramCustomer
from tests.journeys.house import House
from tests.services import STARTED


def test_redis_flushed_between_all_steps_loses_nothing(house: House, anna: TelegramCustomer) -> None:
    for words in ("Здравствуйте", "8 916 123 45 67", "да"):
        anna.writes(words)
        house.take_mail_in()
        broker().flushdb()  # nudges, guards, buckets and the queue of tasks are gone
        house.clock.advance_seconds(4)
        house.think()
        broker().flushdb()
        house.deliver()
        broker().flushdb()
        house.settle()
    assert len(anna.heard) == 3
    assert (anna.card["phones"], anna.card["stageId"]) == (["+79161234567"], "IN_PROCESS")
    assert len(anna.timeline) == 1


@pytest.fixture
def restart() -> object:
    """Restart the embedded PostgreSQL; a run against an outside server cannot do that."""
    server = STARTED.get("postgres")
    if server is None:
        pytest.skip("DATABASE_URL names an outside server")
    return server.restart  # type: ignore[union-attr]


def test_postgres_restarted_while_a_message_is_in_flight_leaves_it_unknown(
    house: House, anna: TelegramCustomer, restart: object
) -> None:
    anna.says("Здравствуйте")
    heard = len(anna.heard)
    anna.writes("сколько стоят окна?")
    house.take_mail_in()
    house.clock.advance_seconds(4)
    house.think()
    house.telegram.faults.order(Fault(FaultKind.DELAY, match="sendMessage", seconds=1.5))
    failures: list[BaseException] = []
    sender = threading.Thread(target=_drain, args=(failures,))
    sender.start()
    house.telegram.wait_until(lambda: len(anna.heard) > heard)
    restart()  # type: ignore[operator]
    sender.join(30)
    connection.close()
    assert isinstance(failures[0], OperationalError), "the worker could not record"

    for _ in range(2):
        house.passes(minutes=4)
    assert len(anna.heard) == heard + 1, "said once, never again by itself"
    assert Message.objects.filter(status=Message.Status.UNKNOWN).count() == 1
    anna.says("8 916 123 45 67")
    anna.says("да")
    assert anna.card["phones"] == ["+79161234567"], "the doors and the workers found the server again"
    assert Lead.objects.get().status == Lead.Status.TAKEN


def _drain(failures: list[BaseException]) -> None:
    try:
        Drain(seconds=10, linger=0).run()
    except OperationalError as error:
        failures.append(error)
    finally:
        connection.close()

"""The budget of a portal, shared by processes through a real Redis."""

import multiprocessing

import pytest
from django.conf import settings

from bot.nudges import broker
from crm.bitrix24.limiter import EVERY_METHOD, Budget, Limiter, NoRoom, Paused, Priority, Room, connect
from tests.crm.bitrix24.moments import START, Time

PORTAL = "x.bitrix24.ru"
BUDGET = Budget()


@pytest.fixture
def limiter(moment: Time) -> Limiter:
    return Limiter(broker(), clock=moment.clock)


def take(limiter: Limiter, priority: Priority = Priority.REPLY, portal: str = PORTAL) -> Room | NoRoom | Paused:
    return limiter.take(portal, ["crm.item.get"], budget=BUDGET, priority=priority)


def test_a_burst_passes_then_two_a_second(limiter: Limiter, moment: Time) -> None:
    burst = [take(limiter) for _ in range(48)]
    assert burst == [Room()] * 48
    assert take(limiter) == NoRoom(0.5)
    moment.now += 1.0
    assert [take(limiter) for _ in range(3)] == [Room(), Room(), NoRoom(0.5)]


def test_never_more_than_the_portal_itself_allows(limiter: Limiter, moment: Time) -> None:
    """The portal's bucket leaks in steps of a second, at a phase we do not know: none of them may overflow."""
    sent: list[float] = []
    for _ in range(400):
        if take(limiter) == Room():
            sent.append(moment.now)
        moment.now += 0.13
    for phase in (0.0, 0.25, 0.5, 0.75, 0.99):
        level, ticks = 0.0, 0
        for at in sent:
            passed = int(at - START + phase)
            level, ticks = max(0.0, level - 2 * (passed - ticks)), passed
            level += 1
            assert level <= 50
    assert len(sent) > 48 + 2 * 50, "the budget is used, not only kept"


def test_polling_leaves_half_of_the_bucket_to_replies(limiter: Limiter) -> None:
    polls = [take(limiter, Priority.BACKGROUND) for _ in range(30)]
    assert polls.count(Room()) == 24
    assert [take(limiter) for _ in range(24)] == [Room()] * 24


def test_portals_do_not_share(limiter: Limiter) -> None:
    for _ in range(60):
        take(limiter)
    assert take(limiter, portal="other.bitrix24.ru") == Room()


def test_a_portal_that_says_full_is_believed(limiter: Limiter, moment: Time) -> None:
    limiter.fill(PORTAL, budget=BUDGET)
    assert take(limiter) == NoRoom(1.5)
    moment.now += 1.5
    assert take(limiter) == Room()


def test_a_paused_method_waits_while_others_go(limiter: Limiter, moment: Time) -> None:
    limiter.pause(PORTAL, "crm.item.list", seconds=60, until=START + 60)
    assert limiter.take(PORTAL, ["user.get", "CRM.item.list"], budget=BUDGET, priority=Priority.REPLY) == Paused(
        "CRM.item.list", START + 60
    )
    assert take(limiter) == Room()
    limiter.pause(PORTAL, EVERY_METHOD, seconds=60, until=START + 60)
    assert take(limiter) == Paused(EVERY_METHOD, START + 60)


def test_without_redis_calls_go_through(moment: Time, caplog: pytest.LogCaptureFixture) -> None:
    nowhere = Limiter(connect("redis://127.0.0.1:1"), clock=moment.clock)
    assert take(nowhere) == Room()
    nowhere.fill(PORTAL, budget=BUDGET)
    nowhere.pause(PORTAL, "m", seconds=1, until=START)
    assert caplog.messages == ["bitrix24.limiter_unavailable"] * 3


def _spend(url: str, tries: int, rooms: "multiprocessing.Queue[int]") -> None:
    limiter = Limiter(connect(url))
    rooms.put(sum(take(limiter) == Room() for _ in range(tries)))


def test_processes_share_one_bucket_by_the_clock_of_redis() -> None:
    context = multiprocessing.get_context("spawn")
    rooms: multiprocessing.Queue[int] = context.Queue()
    workers = [context.Process(target=_spend, args=(settings.REDIS_URL, 100, rooms)) for _ in range(3)]
    for worker in workers:
        worker.start()
    total = sum(rooms.get(timeout=30) for _ in workers)
    for worker in workers:
        worker.join(30)
    # 48 at once, and two more for each second the three took to start and finish.
    assert 48 <= total <= 48 + 2 * 15

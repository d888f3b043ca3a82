"""Promises 3, 4 and 6 under real concurrency: several connections, at the same instant."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bot import delivery
from bot.messages import Outgoing
from bot.models import Channel, Chat, Message
from bot.outbox import say, take_over
from crm import desk, leads, rotation
from crm.models import Assignment, Lead, Manager
from dialogs.turn import take_turns
from tests.journeys.customers import TelegramCustomer
from tests.journeys.house import House


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs in threads of their own, begun together; return their results in order."""
    barrier, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(number: int, job: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            results[number] = job()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def in_thread(job: Callable[[], Any]) -> Any:
    """Run a job on a connection of its own and wait for it."""
    return at_once(job)[0]


def claimed_now(channel: Channel) -> list[int]:
    """Claim on another connection."""
    result: list[int] = in_thread(lambda: [item.message_id for item in delivery.claim(channel, 10)])
    return result


def test_a_claim_passes_over_a_chat_whose_takeover_is_being_committed(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    before = anna.chat
    with transaction.atomic():
        take_over(before.pk)
        in_thread(lambda: say(before, Outgoing("слово другого рабочего")))  # it cannot see the new epoch yet
        assert claimed_now(house.bot) == [], "the takeover holds the chat"
    assert claimed_now(house.bot) == [], "and after it the epoch is another"


def test_a_word_queued_with_the_epoch_of_before_the_takeover_is_not_claimed(
    house: House, anna: TelegramCustomer
) -> None:
    anna.says("Здравствуйте")
    before = anna.chat
    take_over(before.pk)
    say(before, Outgoing("слово из хода, начатого до перехвата"))  # its turn had read the old epoch
    assert claimed_now(house.bot) == []


def test_a_takeover_waits_for_a_claim_in_progress(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    chat = anna.chat
    say(chat, Outgoing("слово"))
    done = threading.Event()

    def take() -> None:
        take_over(chat.pk)
        done.set()
        connection.close()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(delivery.CLAIM_SQL, {"channel": house.bot.pk, "limit": 10})
        assert len(cursor.fetchall()) == 1
        thread = threading.Thread(target=take)
        thread.start()
        assert not done.wait(0.3), "whoever takes over knows what is still being sent"
    thread.join(10)
    assert done.is_set()


def test_nothing_is_claimed_after_a_takeover_however_they_race(house: House, anna: TelegramCustomer) -> None:
    anna.says("Здравствуйте")
    lead = anna.lead
    for number in range(8):
        say(anna.chat, Outgoing(f"слово {number}"))
        taken_at, _ = at_once(
            lambda: _taken_over_at(lead),
            lambda: delivery.Drain(seconds=5, linger=0).run(),
        )
        late = Message.objects.filter(chat=anna.chat, role="bot", claimed_at__gt=taken_at)
        assert not late.exists(), "nothing of the bot leaves after a takeover has committed"
        house.clock.advance_seconds(5)
        desk.give_back(lead, by="ivan")
        house.settle()


def _taken_over_at(lead: Lead) -> Any:
    desk.take_over(lead, by="ivan")
    return timezone.now()


def test_four_workers_on_one_chat_give_one_answer(house: House, anna: TelegramCustomer) -> None:
    for words in ("Здравствуйте", "8 916 123 45 67", "да"):
        anna.writes(words)
        house.take_mail_in()
        house.clock.advance_seconds(4)
        at_once(*[lambda: take_turns(clock=house.clock)] * 4)
        at_once(*[lambda: delivery.Drain(seconds=5, linger=0).run()] * 3)
        house.settle()
    assert len(anna.heard) == 3
    assert Lead.objects.count() == 1
    assert Chat.objects.filter(pk=anna.chat.pk).count() == 1


def test_a_lead_has_one_manager_though_eight_workers_choose_at_once(house: House, anna: TelegramCustomer) -> None:
    house.rotates = False
    people = [anna, *(TelegramCustomer(house, f"Гость {number}", user_id=900 + number) for number in range(3))]
    for words in ("8 916 123 45 6{}", "да"):
        for number, person in enumerate(people):
            person.writes(words.format(number))
        house.settle()
    waiting, now = [person.lead for person in people], house.clock()
    at_once(*[partial(rotation.assign, lead.pk, now=now) for lead in (*waiting, *waiting)])
    for lead in waiting:
        assert Assignment.objects.filter(lead=lead, ended_at=None).count() == 1
    shares = [Assignment.objects.filter(manager__name=name).count() for name in ("Иван", "Мария")]
    assert shares == [2, 2], "in turn, though they chose at the same instant"


def test_a_lead_given_to_two_managers_at_the_same_instant_goes_to_one(house: House, anna: TelegramCustomer) -> None:
    house.rotates = False
    anna.says("8 916 123 45 67")
    anna.says("да")
    number = anna.lead.pk

    def give(name: str) -> bool:
        return leads.give_to(Lead.objects.get(pk=number), Manager.objects.get(name=name), key=f"give:{name}")

    given = at_once(lambda: give("Иван"), lambda: give("Мария"))
    assert sorted(given) == [False, True], "the other is told that somebody was first"
    house.settle()
    assert Assignment.objects.filter(lead=number).count() == 1
    assert len(anna.timeline) == 1, "and the portal hears of one"

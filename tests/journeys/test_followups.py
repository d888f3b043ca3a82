"""Who fell silent is written to after a day and after three, by segment, by day; and never once the matter is settled."""

import threading

import pytest
from django.db import connection

from bot.models import Message
from crm import desk
from crm.models import Customer, Event
from dialogs.models import Timer
from dialogs.prompts.files import read
from dialogs.timers import fire_due
from dialogs.turn import take_turns
from tests.journeys.customers import TelegramCustomer
from tests.journeys.house import House
from tests.journeys.school import COLD, HOT, answers, reaches_the_survey, school, vera

__all__ = ["school", "vera"]  # the fixtures
NIGHT = 13  # hours: whenever the day began, a night has passed


def followed(customer: TelegramCustomer) -> list[str]:
    """Return the follow-ups they got, by the button that only those have."""
    rows = Message.objects.filter(chat=customer.chat, role=Message.Role.BOT).order_by("id")
    return [row.text for row in rows if "Больше не напоминать" in str(row.extras)]


def words_of(section: str) -> list[str]:
    """Return how the shipped messages of a section begin, without the name."""
    return [text.partition("}},")[2].strip()[:20] or text[:20] for text in read("followups").sections[section]]


def talks(customer: TelegramCustomer, labels: tuple[str, ...]) -> None:
    """Come as far as the free talk."""
    reaches_the_survey(customer)
    answers(customer, labels)


def test_a_silent_customer_is_written_to_twice_each_time_by_their_segment(
    school: House, vera: TelegramCustomer
) -> None:
    talks(vera, HOT)
    school.passes(hours=23)
    assert followed(vera) == []
    school.passes(hours=1 + NIGHT)
    [first] = followed(vera)
    assert any(words.lower() in first.lower() for words in words_of("24 hot")), first
    assert "{{" not in first and "Вера" in vera.heard[0]
    school.passes(hours=36)
    school.passes(hours=NIGHT)
    _first, second = followed(vera)
    assert any(words.lower() in second.lower() for words in words_of("72 hot")), second
    school.passes(days=20)
    assert len(followed(vera)) == 2
    assert Event.objects.filter(type="followed_up").count() == 2


def test_an_answer_begins_the_silence_anew(school: House, vera: TelegramCustomer) -> None:
    talks(vera, COLD)
    school.passes(hours=20)
    vera.says("подумаю ещё")
    school.passes(hours=8)
    assert followed(vera) == []


def test_who_presses_the_button_under_it_hears_no_more_and_is_still_answered(
    school: House, vera: TelegramCustomer
) -> None:
    talks(vera, COLD)
    school.passes(hours=24 + NIGHT)
    vera.presses("Больше не напоминать")
    assert Customer.objects.get(links__chat=vera.chat).unsubscribed_at is not None
    heard = len(vera.heard)
    school.passes(days=10)
    assert len(vera.heard) == heard
    assert vera.says("а сколько стоит программа?") and len(vera.heard) > heard


@pytest.mark.parametrize("act", ["/stop", "/delete_me", "takeover"])
def test_who_has_left_or_talks_to_a_human_is_left_alone(school: House, vera: TelegramCustomer, act: str) -> None:
    talks(vera, HOT)
    if act == "takeover":
        desk.take_over(vera.lead, by="Иван")
        school.settle()
    else:
        vera.says(act)
    if act == "/delete_me":
        vera.presses("Да, удалить")
    school.passes(days=3, hours=NIGHT)
    assert followed(vera) == []


def test_two_workers_at_the_same_instant_say_it_once(school: House, vera: TelegramCustomer) -> None:
    talks(vera, COLD)
    conversation = vera.chat.conversations.get(ended_at=None)
    Timer.objects.filter(conversation=conversation, name="followup:0").update(due_at=school.clock())
    begin = threading.Barrier(4)

    def work() -> None:
        begin.wait()
        for _ in range(3):
            fire_due(school.clock())
            take_turns(clock=school.clock)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    school.passes(hours=NIGHT)
    assert len(followed(vera)) == 1

"""Promises 1 and 6: whatever is delivered three times and out of order is handled once."""

import pytest

from bot.models import Channel, InboxEvent, Message
from crm.models import Assignment, Lead
from tests.emulators.telegram import Order
from tests.journeys.customers import LineClient, SiteVisitor, TelegramCustomer
from tests.journeys.house import TOKEN, House


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_update_three_times_and_shuffled_is_one_answer_a_customer(house: House, seed: int) -> None:
    people = [TelegramCustomer(house, f"Гость {number}", user_id=800 + number) for number in range(6)]
    for words in ("Здравствуйте", "8 916 123 45 6{}", "да"):
        house.telegram.holds_updates(TOKEN)
        for number, person in enumerate(people):
            person.writes(words.format(number))
        statuses = house.telegram.releases_updates(TOKEN, order=Order.SHUFFLED, copies=3, seed=seed)
        assert statuses == [200] * 18, "a repeat is accepted like the first"
        house.settle()
    house.telegram.redelivers(TOKEN, order=Order.REVERSED)
    house.settle()

    for number, person in enumerate(people):
        assert len(person.heard) == 3
        assert person.card["phones"] == [f"+7916123456{number}"]
        assert len(person.timeline) == 1
    assert Lead.objects.count() == len(house.portal.leads()) == Assignment.objects.count() == 6
    assert Message.objects.filter(role="user", chat__customer_link__isnull=False).count() == 18


def test_every_event_of_the_portal_three_times_and_backwards_is_one_dialogue(house: House, oleg: LineClient) -> None:
    house.portal.events.delivery.copies = 3
    house.portal.events.delivery.reorder = 3
    for words in ("Здравствуйте", "8 916 123 45 67", "да"):
        oleg.writes(words)
        house.settle()
        Channel.objects.filter(kind="openline").update(cursor="")  # the fetch begins from the first event again
        house.settle()
    assert len(oleg.heard) == 3
    assert (oleg.card["phones"], oleg.card["stageId"]) == (["+79161234567"], "IN_PROCESS")
    assert len(oleg.timeline) == 1
    assert Lead.objects.count() == len(house.portal.leads()) == 1
    assert len(house.notices_of(oleg.lead.manager)) == 1


def test_a_message_the_widget_posts_three_times_is_one_row(house: House, visitor: SiteVisitor) -> None:
    for _ in range(3):
        answer = visitor.post_raw({"id": "same", "kind": "text", "text": "Здравствуйте"})
        assert answer.status_code in (200, 201)
    house.settle()
    assert len(visitor.heard) == 1
    assert InboxEvent.objects.filter(chat=visitor.chat).count() == 1

"""An order nobody accepts is told to the owner, once."""

import datetime as dt

import pytest
from django.utils import timezone

from bot.models import Channel, Chat, Message
from crm.models import Manager
from payments.models import Ticket
from payments.shop import lateness, tickets
from tests.payments.shop.cafe import Cafe

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def owner(ticket: Ticket) -> Manager:
    Chat.objects.create(channel=Channel.objects.get(title="Кофе рядом"), external_id="900", name="Хозяйка")
    return Manager.objects.create(name="Хозяйка", telegram_id=900, gets_alerts=True)


def said() -> list[str]:
    return list(Message.objects.filter(chat__external_id="900").values_list("text", flat=True))


def test_it_is_told_after_the_minutes_of_its_place_and_never_again(cafe: Cafe, ticket: Ticket) -> None:
    assert ticket.received_at is not None
    limit = dt.timedelta(minutes=cafe.place.accept_minutes)
    assert lateness.look(ticket.received_at + limit - dt.timedelta(seconds=1)) == 0
    assert lateness.look(ticket.received_at + limit) == 1
    assert lateness.look(ticket.received_at + limit * 2) == 0
    (text,) = said()
    assert "На Ленина" in text
    assert f"№{ticket.number}" in text
    assert "5 мин" in text


def test_an_accepted_order_is_nobodys_alarm(ticket: Ticket) -> None:
    row = Ticket.objects.select_related("place", "order__chat__channel", "order__customer").get()
    assert tickets.accept(row, by="Олег", now=timezone.now())
    assert lateness.look(timezone.now() + dt.timedelta(hours=1)) == 0
    assert said() == []


def test_an_order_for_later_is_waited_for_until_it_is_time_to_begin(cafe: Cafe, ticket: Ticket) -> None:
    wanted = timezone.now() + dt.timedelta(hours=3)
    Ticket.objects.update(is_asap=False, pickup_at=wanted)
    begins = wanted - dt.timedelta(minutes=cafe.place.prep_minutes)
    assert lateness.look(begins + dt.timedelta(minutes=cafe.place.accept_minutes - 1)) == 0
    assert lateness.look(begins + dt.timedelta(minutes=cafe.place.accept_minutes)) == 1


def test_as_soon_as_possible_at_night_is_an_order_for_the_morning(cafe: Cafe, ticket: Ticket) -> None:
    morning = timezone.now() + dt.timedelta(hours=6)
    Ticket.objects.update(is_asap=True, pickup_at=morning)
    begins = morning - dt.timedelta(minutes=cafe.place.prep_minutes + cafe.place.busy_minutes)
    assert lateness.look(begins) == 0
    assert lateness.look(begins + dt.timedelta(minutes=cafe.place.accept_minutes)) == 1

"""The live board over a real port: who may listen, what a tablet is told, and that nothing is missed whatever is lost."""

import datetime as dt
import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.db import connection, transaction
from django.utils import timezone

from content.models import Place
from payments.board import reading, stream
from payments.models import Ticket
from payments.shop import live, tickets
from tests.asgi_server import asgi_server
from tests.payments.shop.cafe import Cafe, Guest, guests
from tests.people import People, logged_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house() -> Iterator[str]:
    with asgi_server() as address:
        yield address


class Tablet:
    """One listener, reading events by name."""

    def __init__(
        self, house: str, people: People, *, user: str = "barista", place: str = "lenina", after: str = ""
    ) -> None:
        session = logged_in(people.user(user)).cookies["sessionid"].value
        self.client = httpx.Client(cookies={"sessionid": session}, timeout=10)
        query = f"?after={after}" if after else ""
        self._opened = self.client.stream("GET", f"{house}/admin/board/{place}/stream{query}")

    def __enter__(self) -> "Tablet":
        self.answer = self._opened.__enter__()
        self._lines = self.answer.iter_lines()
        return self

    def __exit__(self, *error: Any) -> None:
        self._opened.__exit__(*error)
        self.client.close()

    def hears(self, name: str) -> Any:
        """Return the data of the next event of this name."""
        for line in self._lines:
            if line == f"event: {name}":
                return json.loads(next(self._lines).removeprefix("data: "))
        raise AssertionError(f"the stream ended before {name!r}")


def full(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("place", "order__chat__channel", "order__customer").get(pk=ticket.pk)


def test_a_tablet_hears_the_board_and_then_each_step(
    people: People, cafe: Cafe, ticket: Ticket, house: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "BEAT_SECONDS", 60)  # by the word alone, not by the look after a while
    with Tablet(house, people) as tablet:
        board = tablet.hears("board")
        assert [row["status"] for row in board["tickets"]] == ["received"]
        assert board["place"]["code"] == "lenina"
        assert tickets.accept(full(ticket), by="Олег", now=timezone.now())
        (row,) = tablet.hears("changed")["tickets"]
        assert (row["status"], row["accepted_by"]) == ("making", "Олег")


def test_a_lost_word_costs_only_the_time_to_the_next_look(
    people: People, cafe: Cafe, ticket: Ticket, house: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "BEAT_SECONDS", 0.2)
    monkeypatch.setattr(live, "_publish", lambda place_id: None)
    with Tablet(house, people) as tablet:
        tablet.hears("board")
        tickets.accept(full(ticket), by="Олег", now=timezone.now())
        assert tablet.hears("changed")["tickets"][0]["status"] == "making"
        tablet.hears("beat")  # told once


def test_who_comes_back_hears_what_ended_while_it_was_away(people: People, ticket: Ticket, house: str) -> None:
    with Tablet(house, people) as tablet:
        cursor = tablet.hears("board")["cursor"]
    assert tickets.cancel(full(ticket), by="guest", now=timezone.now())
    with Tablet(house, people) as fresh:
        assert fresh.hears("board")["tickets"] == []
    with Tablet(house, people, after=str(cursor)) as tablet:
        (row,) = tablet.hears("board")["tickets"]
        assert (row["status"], row["canceled_by"]) == ("canceled", "guest")


def test_a_change_that_is_committed_after_a_later_one_is_not_missed(cafe: Cafe) -> None:
    """The numbers of changes are given out before the commit: the board must not read past one still open."""
    first, second = (_ordered(guest, cafe) for guest in guests(2))
    now = timezone.now()
    view = reading.whole(cafe.place.pk, now)
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            tickets.accept(full(first), by="Медленный", now=now)
            begun.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(10)
    tickets.accept(full(second), by="Быстрый", now=now)
    view = reading.changed(cafe.place.pk, now, view)
    assert [row["accepted_by"] for row in view.told["tickets"]] == ["Быстрый"]
    go_on.set()
    thread.join(10)
    view = reading.changed(cafe.place.pk, now, view)
    assert [row["accepted_by"] for row in view.told["tickets"]] == ["Медленный"]
    assert reading.changed(cafe.place.pk, now, view).told == {}


def _ordered(guest: Guest, cafe: Cafe) -> Ticket:
    answer = guest.buys(cafe.place, "croissant", now=timezone.now())
    return Ticket.objects.get(order=answer.order)


def test_pause_and_stop_list_reach_the_tablet(people: People, cafe: Cafe, house: str) -> None:
    with Tablet(house, people) as tablet:
        tablet.hears("board")
        until = timezone.now() + dt.timedelta(minutes=30)
        Place.objects.update(is_paused=True, paused_until=until, pause_reason="Перерыв")
        live.wake_boards(cafe.place.pk)
        place = tablet.hears("changed")["place"]
        assert (place["is_paused"], place["pause_reason"]) == (True, "Перерыв")


def test_a_long_stream_ends_with_a_word_so_that_the_right_is_asked_anew(
    people: People, cafe: Cafe, house: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LIFETIME_SECONDS", 0.0)
    with Tablet(house, people) as tablet:
        tablet.hears("board")
        assert tablet.hears("again") == {}


@pytest.mark.parametrize(
    ("user", "place", "status"),
    [("manager", "lenina", 403), ("analyst", "lenina", 403), ("barista", "nowhere", 403), ("stranger", "lenina", 403)],
)
def test_who_may_not_stand_at_the_counter_hears_nothing(
    people: People, cafe: Cafe, house: str, user: str, place: str, status: int
) -> None:
    with Tablet(house, people, user=user, place=place) as tablet:
        assert tablet.answer.status_code == status


def test_without_a_session_the_stream_is_shut(cafe: Cafe, house: str) -> None:
    assert httpx.get(f"{house}/admin/board/lenina/stream").status_code == 401
    assert httpx.post(f"{house}/admin/board/lenina/stream").status_code == 405

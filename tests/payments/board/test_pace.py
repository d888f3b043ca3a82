"""Pause and busy mode: switched by one press, seen by guests at their next look, over by the clock."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content import menus
from content.models import Place
from payments.shop.placing import Moved
from tests.payments.shop.cafe import Cafe, Guest

pytestmark = pytest.mark.django_db


def turn(client: Client, **facts: Any) -> Any:
    return client.post(reverse("board_pace", args=["lenina"]), facts)


def fresh(cafe: Cafe) -> Place:
    return Place.objects.get(pk=cafe.place.pk)


def test_a_pause_of_half_an_hour_turns_guests_away_with_the_reason_and_ends_by_itself(
    barista: Client, cafe: Cafe, guest: Guest
) -> None:
    guest.puts(cafe.place, "croissant")
    answer = turn(barista, what="pause", minutes="30", reason="Технический  перерыв")
    assert "на паузе до" in answer.json()["message"]
    place, now = fresh(cafe), timezone.now()
    menu = menus.menu_of(place, now)
    assert (menu.is_paused, menu.pause_reason) == (True, "Технический перерыв")
    assert isinstance(guest.orders(place, now), Moved)
    assert not menus.menu_of(place, now + dt.timedelta(minutes=31)).is_paused


def test_a_pause_without_end_is_ended_by_a_person(barista: Client, cafe: Cafe) -> None:
    turn(barista, what="pause", minutes="0", reason="")
    assert fresh(cafe).is_paused_at(timezone.now() + dt.timedelta(days=3))
    assert turn(barista, what="open").json()["ok"]
    assert not fresh(cafe).is_paused_at(timezone.now())


def test_busy_mode_promises_more_time_until_it_is_over(barista: Client, cafe: Cafe) -> None:
    turn(barista, what="busy", minutes="15")
    place, now = fresh(cafe), timezone.now()
    assert place.preparation_at(now) == place.prep_minutes + place.busy_minutes
    assert place.preparation_at(now + dt.timedelta(minutes=16)) == place.prep_minutes
    turn(barista, what="calm")
    assert fresh(cafe).preparation_at(now) == place.prep_minutes


@pytest.mark.parametrize("facts", [{}, {"what": "party"}, {"what": "pause", "minutes": "7"}, {"what": "busy"}])
def test_what_makes_no_sense_switches_nothing(barista: Client, cafe: Cafe, facts: dict[str, str]) -> None:
    assert turn(barista, **facts).status_code == 409
    place = fresh(cafe)
    assert (place.is_paused, place.is_busy) == (False, False)

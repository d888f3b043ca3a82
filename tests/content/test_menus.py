"""The menu of a place as it is read from the tables."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from content import menus, stops
from content.menu.values import Menu, Product
from content.models import Category, Option, OptionGroup, Place, PriceChange, Stop
from content.models import Product as ProductRow
from content.prices import change_price
from content.tasks import tidy_stop_list

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime.fromisoformat("2026-11-23T10:00+03:00")
WEEK = {day: [["08:00", "21:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    menus.forget()
    yield
    menus.forget()


@pytest.fixture
def place() -> Place:
    return Place.objects.create(code="tverskaya", name="Тверская", schedule=WEEK)


@pytest.fixture
def latte() -> ProductRow:
    coffee = Category.objects.create(code="coffee", name="Кофе", emoji="☕")
    row = ProductRow.objects.create(code="latte", name="Латте", price=Decimal(250), category=coffee)
    size = OptionGroup.objects.create(code="size", name="Объём", min_choices=1)
    Option.objects.create(group=size, code="m", name="250 мл", is_default=True)
    Option.objects.create(group=size, code="l", name="350 мл", price=Decimal(60), order=1)
    row.choices.create(group=size)
    return row


def seen(place: Place, now: dt.datetime = MONDAY) -> Menu:
    menus.forget()
    return menus.menu_of(place, now)


def product(menu: Menu, code: str = "latte") -> Product:
    found = menu.product(code)
    assert found is not None
    return found


def test_a_product_is_read_with_its_choices(place: Place, latte: ProductRow) -> None:
    menu = seen(place)
    assert [category.title for category in menu.categories] == ["☕ Кофе"]
    found = product(menu)
    assert (found.price, found.is_available, found.groups[0].is_required) == (Decimal(250), True, True)
    assert [(option.code, option.price, option.is_default) for option in found.groups[0].options] == [
        ("m", Decimal(0), True),
        ("l", Decimal(60), False),
    ]
    assert (menu.is_open, menu.closes_at) == (True, dt.datetime.fromisoformat("2026-11-23T21:00+03:00"))


def test_a_course_is_not_on_the_menu(place: Place, latte: ProductRow) -> None:
    ProductRow.objects.create(code="course", name="Курс", price=Decimal(24900))
    assert [found.code for found in seen(place).products()] == ["latte"]
    assert [row.code for row in ProductRow.objects.courses()] == ["course"]


def test_a_product_of_another_place_or_another_scenario_is_not_here(place: Place, latte: ProductRow) -> None:
    arbat = Place.objects.create(code="arbat", name="Арбат")
    latte.places.add(arbat)
    assert seen(place).categories == ()
    assert product(seen(arbat))
    ProductRow.objects.filter(pk=latte.pk).update(scenario_key="sales")
    assert seen(arbat).categories == ()


def test_what_has_ended_is_shown_with_the_reason_and_returns_by_the_clock(place: Place, latte: ProductRow) -> None:
    stops.stop(place, latte, until=stops.next_opening(place, MONDAY), by="Оля")
    assert (product(seen(place)).why_not, product(seen(place)).left) == ("ended", 0)
    tomorrow = dt.datetime.fromisoformat("2026-11-24T08:00+03:00")
    assert Stop.objects.get().until == tomorrow
    assert product(seen(place, tomorrow)).is_available
    menus.forget()
    assert product(menus.menu_of(place, MONDAY, at=tomorrow)).is_available  # an order for tomorrow
    assert stops.tidy(tomorrow) == 1


def test_the_task_tidies_what_is_over_and_leaves_the_rest(place: Place, latte: ProductRow) -> None:
    arbat = Place.objects.create(code="arbat", name="Арбат")
    stops.stop(place, latte, until=dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1))
    stops.stop(arbat, latte)
    tidy_stop_list()
    assert Stop.objects.get().place == arbat


def test_the_stop_list_of_one_place_is_not_that_of_another(place: Place, latte: ProductRow) -> None:
    arbat = Place.objects.create(code="arbat", name="Арбат")
    stops.stop(arbat, latte)
    assert product(seen(place)).is_available
    assert not product(seen(arbat)).is_available


def test_a_drink_whose_every_size_has_ended_cannot_be_had(place: Place, latte: ProductRow) -> None:
    for option in Option.objects.all():
        stops.stop(place, option)
    assert product(seen(place)).why_not == "no_choice"


def test_a_stop_counts_down_never_below_nothing_and_the_last_word_counts(place: Place, latte: ProductRow) -> None:
    stops.stop(place, latte, left=3)
    row = stops.stop(place, latte, left=2)
    assert Stop.objects.count() == 1
    assert product(seen(place)).left == 2
    assert stops.count_down(row.pk, 2)
    assert not stops.count_down(row.pk, 1)
    assert product(seen(place)).why_not == "ended"
    assert stops.count_up(row.pk, 1)
    assert product(seen(place)).left == 1
    assert stops.put_back(place, latte)
    assert not stops.put_back(place, latte)
    assert not stops.count_up(row.pk, 1)


def test_breakfast_is_shown_after_noon_but_cannot_be_taken(place: Place, latte: ProductRow) -> None:
    Category.objects.update(sold_until=dt.time(12))
    noon = dt.datetime.fromisoformat("2026-11-23T12:00+03:00")
    assert product(seen(place)).is_available
    assert (product(seen(place, noon)).why_not, product(seen(place, noon)).hours) == ("not_now", "–12:00")
    ProductRow.objects.update(sold_from=dt.time(8), sold_until=dt.time(18))  # its own part of the day wins
    assert product(seen(place, noon)).is_available


def test_a_pause_and_the_busy_mode_end_by_the_clock(place: Place) -> None:
    until = dt.datetime.fromisoformat("2026-11-23T11:00+03:00")
    place.is_paused = place.is_busy = True
    place.paused_until = place.busy_until = until
    assert (seen(place).is_paused, seen(place).prep_minutes) == (True, 20)
    assert (seen(place, until).is_paused, seen(place, until).prep_minutes) == (False, 10)


def test_the_version_changes_with_what_a_guest_can_see(place: Place, latte: ProductRow) -> None:
    first = seen(place).version
    assert seen(place, MONDAY + dt.timedelta(seconds=90)).version == first
    stops.stop(place, latte, left=5)
    second = seen(place).version
    place.is_paused = True
    assert len({first, second, seen(place).version}) == 3


def test_the_menu_is_read_in_few_queries_and_kept_for_a_while(
    place: Place, latte: ProductRow, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(50):
        row = ProductRow.objects.create(code=f"p{number}", name="Ещё", price=Decimal(1), category=latte.category)
        row.choices.create(group=OptionGroup.objects.get())
    with django_assert_num_queries(7):
        menus.menu_of(place, MONDAY)
    with django_assert_num_queries(0):
        menus.menu_of(place, MONDAY)
    with django_assert_num_queries(7):  # what an order is checked against is read anew
        assert [found.code for found in menus.menu_of(place, MONDAY, codes={"p3"}).products()] == ["p3"]


def test_a_price_changes_with_its_history(latte: ProductRow) -> None:
    assert change_price(latte, Decimal(265), by="Оля")
    assert not change_price(latte, Decimal(265), by="Оля")
    row = PriceChange.objects.get()
    assert (row.product, row.old, row.new, row.changed_by) == (latte, Decimal(250), Decimal(265), "Оля")
    option = Option.objects.get(code="l")
    assert change_price(option, Decimal(70), by="Оля")
    assert PriceChange.objects.filter(option=option).count() == 1
    latte.refresh_from_db()
    assert latte.price == 265


def test_the_places_of_a_scenario_are_its_own_and_everybodys(place: Place) -> None:
    Place.objects.create(code="other", name="Чужое", scenario_key="sales")
    Place.objects.create(code="closed", name="Закрыто", is_active=False)
    assert menus.places_of("coffee") == [place]

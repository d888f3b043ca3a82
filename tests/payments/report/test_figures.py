"""The report against a day made by hand: every figure is counted on paper first."""

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from content.models import Place
from crm.models import Customer
from payments.models import LoyaltyEntry, Order, OrderItem, Promo, PromoUse, Ticket
from payments.report import parts
from payments.report.figures import figures_of, tickets_of
from payments.report.period import Period, period_of
from payments.report.tables import lines, report_of
from tests.people import People, logged_in

pytestmark = pytest.mark.django_db
MOSCOW = ZoneInfo("Europe/Moscow")
DAY = dt.date(2026, 11, 18)
MINUTE = dt.timedelta(minutes=1)
LATTE = ("latte", "Латте", "250.00", [("size:l", "400 мл", "60.00"), ("milk:oat", "Овсяное", "70.00")])
CROISSANT: tuple[str, str, str, list[Any]] = ("croissant", "Круассан", "180.00", [])


@pytest.fixture
def place() -> Place:
    return Place.objects.create(code="lenina", name="На Ленина")


@pytest.fixture
def guest() -> Customer:
    return Customer.objects.create(name="Анна")


def sell(
    place: Place,
    guest: Customer,
    hour: int,
    *,
    amount: str,
    making: int | None = None,
    waited: int = 1,
    promise: int = 10,
    status: str = "picked_up",
    day: dt.date = DAY,
    items: Any = (),
    by: str = "Олег",
    order_status: str = "paid",
    **fields: Any,
) -> Ticket:
    """One order: received at `hour`, accepted `waited` minutes later, made in `making` minutes, promised in `promise`."""
    received = dt.datetime.combine(day, dt.time(hour), MOSCOW)
    accepted = received + waited * MINUTE if making is not None else None
    order = Order.objects.create(customer=guest, amount=Decimal(amount), status=order_status)
    for (code, title, price, options), quantity in items:
        chosen = [{"code": c, "name": n, "price": p} for c, n, p in options]
        unit = Decimal(price) + sum((Decimal(p) for _c, _n, p in options), Decimal(0))
        OrderItem.objects.create(order=order, code=code, title=title, price=unit, quantity=quantity, options=chosen)
    facts = {
        "received_at": received,
        "accepted_at": accepted,
        "accepted_by": by if accepted else "",
        "ready_at": accepted + making * MINUTE if accepted and making is not None else None,
        "pickup_at": received + promise * MINUTE,
        "slot_at": received,
        "changed_at": received,
        **fields,
    }
    number = Ticket.objects.filter(place=place, business_day=day).count() + 1
    return Ticket.objects.create(order=order, place=place, business_day=day, number=number, status=status, **facts)


@pytest.fixture
def day(place: Place, guest: Customer) -> None:
    """Five sold (one of them paid back), two canceled, one expired; yesterday one sold."""
    sell(place, guest, 8, amount="380.00", making=2, items=[(LATTE, 1)])
    with_promo = sell(place, guest, 8, amount="666.00", making=4, items=[(LATTE, 1), (CROISSANT, 2)])
    sell(place, guest, 9, amount="180.00", making=6, by="Ира", items=[(CROISSANT, 1)])
    with_points = sell(place, guest, 9, amount="100.00", making=12, promise=15, delay_minutes=5, by="Ира")
    sell(place, guest, 11, amount="500.00", making=16, promise=30, is_asap=False, order_status="refunded")
    reason: dict[str, Any] = {"canceled_by": "shop", "cancel_reason": "Закончился продукт"}
    sell(place, guest, 11, amount="250.00", status="canceled", order_status="canceled", **reason)
    sell(place, guest, 12, amount="90.00", status="canceled", order_status="canceled", canceled_by="guest")
    sell(place, guest, 12, amount="70.00", status="expired", order_status="canceled", canceled_by="clock")
    sell(place, guest, 10, amount="200.00", making=5, day=DAY - dt.timedelta(days=1))
    promo = Promo.objects.create(code="COFFEE", value=Decimal(10))
    PromoUse.objects.create(promo=promo, customer=guest, order=with_promo.order, amount=Decimal("74.00"))
    spent = {"customer": guest, "kind": "spent", "unit": "point", "amount": -80, "worth": Decimal("80.00")}
    LoyaltyEntry.objects.create(order=with_points.order, **spent)


def test_every_figure_is_what_was_counted_on_paper(place: Place, day: None) -> None:
    found = figures_of(tickets_of(Period(DAY, DAY), [place.pk]))
    assert (found.orders, found.revenue, found.refunded) == (5, Decimal("1326.00"), Decimal("500.00"))
    assert found.average == Decimal("265.20")
    assert (found.canceled, found.expired) == (2, 1)
    assert found.canceled_share == Decimal(2) / 7
    # 2, 4, 6, 12, 16 minutes: the middle one, and 12 + 0.6 of the way to 16.
    assert (found.making_p50, found.making_p90) == (6 * MINUTE, 14.4 * MINUTE)
    # Of those wanted at once 3, 5, 7, 13: half-way between 5 and 7, and 7 + 0.7 of the way to 13.
    assert (found.waiting_p50, found.waiting_p90) == (6 * MINUTE, dt.timedelta(minutes=11.2))
    # The one told of a delay was ready after 13 minutes, and first promised in 15 - 5.
    assert (found.on_time, found.timed) == (4, 5)
    assert (found.promo, found.loyalty) == (Decimal("74.00"), Decimal("80.00"))


def test_the_parts_add_up_to_the_whole(place: Place, day: None) -> None:
    tickets = tickets_of(Period(DAY, DAY), [place.pk])
    hours = [(part.name, part.count, part.sum) for part in parts.by_hour(tickets)]
    assert hours == [
        ("08", 2, Decimal("1046.00")),
        ("09", 2, Decimal("280.00")),
        ("10", 0, Decimal(0)),
        ("11", 1, Decimal(0)),
    ]
    assert [(p.name, p.count, p.sum) for p in parts.products(tickets)] == [
        ("Круассан", 3, Decimal("540.00")),
        ("Латте", 2, Decimal("760.00")),
    ]
    assert [(p.name, p.count, p.sum) for p in parts.options(tickets)] == [
        ("400 мл", 2, Decimal("120.00")),
        ("Овсяное", 2, Decimal("140.00")),
    ]
    assert [(p.name, p.count, p.making_p50) for p in parts.by_barista(tickets)] == [
        ("Олег", 3, 4 * MINUTE),
        ("Ира", 2, 9 * MINUTE),
    ]
    assert [(p.name, p.count, p.sum) for p in parts.cancellations(tickets)] == [
        (f"{Ticket.By.CLOCK.label}: {Ticket.Status.EXPIRED.label}", 1, Decimal("70.00")),
        (Ticket.By.GUEST.label, 1, Decimal("90.00")),
        (f"{Ticket.By.SHOP.label}: Закончился продукт", 1, Decimal("250.00")),
    ]


def test_a_shift_counts_its_hours_by_the_clock_of_the_place(place: Place, guest: Customer, day: None) -> None:
    far = Place.objects.create(code="east", name="Владивосток", time_zone="Asia/Vladivostok")
    sell(far, guest, 8, amount="10.00", making=1)  # eight in Moscow is three in the afternoon there
    morning = figures_of(tickets_of(Period(DAY, DAY, 8, 10), [place.pk, far.pk]))
    assert (morning.orders, morning.revenue) == (4, Decimal("1326.00"))
    afternoon = figures_of(tickets_of(Period(DAY, DAY, 15, 16), [place.pk, far.pk]))
    assert (afternoon.orders, afternoon.revenue) == (1, Decimal("10.00"))


def test_it_is_compared_with_the_day_before(place: Place, day: None) -> None:
    report = report_of(Period(DAY, DAY), [place])
    revenue = next(line for line in lines(report) if line.code == "revenue")
    assert (revenue.now, revenue.before, revenue.is_good) == (Decimal("1326.00"), Decimal("200.00"), True)
    assert revenue.change == Decimal("5.63")


def test_another_place_is_another_report(place: Place, day: None) -> None:
    other = Place.objects.create(code="arbat", name="На Арбате")
    report = report_of(Period(DAY, DAY, place="arbat"), [place, other])
    assert (report.now.orders, report.now.revenue, report.now.average) == (0, Decimal(0), None)


TODAY = dt.date(2026, 11, 20)
PERIODS = {
    "period=today": (TODAY, TODAY),
    "period=yesterday": (dt.date(2026, 11, 19), dt.date(2026, 11, 19)),
    "period=7d": (dt.date(2026, 11, 14), TODAY),
    "period=own&first=2026-11-01&last=2026-11-10": (dt.date(2026, 11, 1), dt.date(2026, 11, 10)),
    "period=own&first=2026-11-10&last=2026-11-01": (dt.date(2026, 11, 1), dt.date(2026, 11, 10)),
    "period=own&first=1980-01-01&last=2026-11-20": (TODAY, TODAY),
    "period=own&first=2026-02-30&last=x": (TODAY, TODAY),
    "period=nonsense&from_hour=9&until_hour=3": (TODAY, TODAY),
}


@pytest.mark.parametrize("query", PERIODS)
def test_what_makes_no_sense_is_today(query: str) -> None:
    asked = dict(pair.split("=") for pair in query.split("&"))
    period = period_of(asked, TODAY)
    assert (period.first, period.last) == PERIODS[query]
    assert not period.is_shift


def test_weeks_are_compared_with_the_same_weekdays() -> None:
    assert Period(DAY, DAY, against="week").compared().first == DAY - dt.timedelta(days=7)
    ten = Period(DAY - dt.timedelta(days=9), DAY, against="week").compared()
    assert (ten.last, ten.days) == (DAY - dt.timedelta(days=14), 10)


def test_the_files_hold_numbers_as_numbers_and_text_never_as_a_formula(
    people: People, place: Place, guest: Customer, day: None
) -> None:
    evil = '=HYPERLINK("http://x")'
    OrderItem.objects.filter(code="croissant").update(title=evil)
    Ticket.objects.filter(cancel_reason__gt="").update(cancel_reason="+7 916", canceled_by="")
    client, query = logged_in(people.owner), "?period=own&first=2026-11-18&last=2026-11-18"
    text = client.get(reverse("shop_report_file", args=["csv"]) + query).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert ["Выручка", "1326.00", "200.00"] in rows
    assert [f"'{evil}", "3", "540.00"] in rows
    body = client.get(reverse("shop_report_file", args=["xlsx"]) + query).content
    book = load_workbook(io.BytesIO(body))
    assert [cell.value for cell in book.worksheets[0]["B"]][1:3] == [1326, 5]
    cell = book["Продукты"]["A2"]
    assert (cell.value, cell.data_type) == (f"'{evil}", "s")


def test_the_page_shows_them_and_who_may_not_see_it_does_not(people: People, place: Place, day: None) -> None:
    address = reverse("shop_report") + "?period=own&first=2026-11-18&last=2026-11-18"
    page = logged_in(people.analyst).get(address).content.decode()
    for words in ("1\u00a0326\u00a0₽", "265,20\u00a0₽", "6 мин 00 с", "Закончился продукт", "+563\u00a0%"):
        assert words in page
    for role in ("manager", "editor", "barista"):
        client = logged_in(people.user(role))
        assert client.get(address).status_code == 403
        assert client.get(reverse("shop_report_file", args=["csv"])).status_code == 403


def test_its_queries_do_not_grow_with_the_orders(
    people: People, place: Place, guest: Customer, day: None, django_assert_max_num_queries: Any
) -> None:
    client = logged_in(people.owner)
    address = reverse("shop_report") + "?period=own&first=2026-11-18&last=2026-11-18"
    client.get(address)
    for _number in range(5):
        sell(place, guest, 14, amount="100.00", making=3, items=[(LATTE, 1)])
    with django_assert_max_num_queries(24):
        client.get(address)

"""The shop in the back office: who may open, take away and change what."""

import io
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from payments.models import LoyaltyEntry, LoyaltyProgram, Promo, Ticket
from payments.shop import reviews, tickets
from payments.shop.placing import Placed
from tests.payments.shop.cafe import NOON, Cafe, Guest, guests, open_cafe
from tests.people import People, logged_in, make_people

pytestmark = pytest.mark.django_db

LISTS = ("ticket", "promo", "loyaltyprogram", "loyaltyentry", "review")
# Who may open which list.
RIGHTS = {
    "owner": set(LISTS),
    "admin": set(LISTS),
    "editor": {"promo", "loyaltyprogram"},
    "manager": set(),
    "analyst": set(LISTS),
}
EXPORTS = ("ticket", "loyaltyentry", "review")


@pytest.fixture
def people() -> People:
    return make_people()


@pytest.fixture
def cafe() -> Cafe:
    """A shop that somebody has ordered in, used a code, saved a stamp and said a word."""
    cafe, (anna,) = open_cafe(), guests(1)
    Promo.objects.create(code="SPRING", value=Decimal(10))
    LoyaltyProgram.objects.create(kind="nth")
    told(anna, cafe)
    return cafe


def told(anna: Guest, cafe: Cafe) -> Placed:
    anna.says(cafe.place, promo="spring", name="=cmd()", comment="@сироп отдельно")
    placed = anna.buys(cafe.place, "latte", "size:l", "milk:oat")
    tickets.pick_up(placed.ticket, now=NOON)
    reviews.keep(placed.order, stars=5, text="=HYPERLINK(1) вкусно")
    return placed


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"admin:payments_{name}", args=args))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.mark.parametrize("role", RIGHTS)
def test_each_role_opens_its_own_lists(people: People, cafe: Cafe, role: str) -> None:
    client = logged_in(people.user(role))
    opened = {name for name in LISTS if client.get(reverse(f"admin:payments_{name}_changelist")).status_code == 200}
    assert opened == RIGHTS[role]


def test_a_ticket_shows_its_lines_with_options_and_leads_to_its_order(people: People, cafe: Cafe) -> None:
    client = logged_in(people.owner)
    assert "Латте (400 мл, Овсяное)" in page(client, "ticket_changelist")
    ticket = Ticket.objects.get()
    shown = page(client, "ticket_change", ticket.pk)
    assert "Латте (400 мл, Овсяное)" in shown and "сироп отдельно" in shown
    assert reverse("admin:payments_order_change", args=[ticket.order_id]) in shown
    order = page(client, "order_change", ticket.order_id)
    assert reverse("admin:payments_ticket_change", args=[ticket.pk]) in order and "Латте (400 мл, Овсяное)" in order


def test_a_ticket_is_found_by_its_number(people: People, cafe: Cafe) -> None:
    client, address = logged_in(people.owner), reverse("admin:payments_ticket_changelist")
    assert "Латте" in client.get(address, {"q": "№ 1"}).content.decode()
    assert "Латте" not in client.get(address, {"q": "2"}).content.decode()
    assert client.get(address, {"q": "нет такого"}).status_code == 200


@pytest.mark.parametrize("name", EXPORTS)
def test_files_hold_the_shown_rows_and_no_formula(people: People, cafe: Cafe, name: str) -> None:
    client = logged_in(people.owner)
    table = client.get(reverse(f"admin:payments_{name}_export", args=["csv"])).content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(client.get(reverse(f"admin:payments_{name}_export", args=["xlsx"])).content))
    cells = [str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell is not None]
    assert not any(cell.startswith(("=", "@", "+")) for cell in cells)
    for line in table.splitlines():
        assert not any(cell.strip('"').startswith(("=", "@")) for cell in line.split(",")), line
    assert client.get(reverse(f"admin:payments_{name}_export", args=["exe"])).status_code == 404
    assert logged_in(people.editor).get(reverse(f"admin:payments_{name}_export", args=["csv"])).status_code == 403


def test_the_filters_of_the_list_are_those_of_the_file(people: People, cafe: Cafe) -> None:
    address = reverse("admin:payments_ticket_export", args=["csv"])
    client = logged_in(people.owner)
    assert "Латте" in client.get(address, {"status__exact": "picked_up"}).content.decode()
    assert "Латте" not in client.get(address, {"status__exact": "canceled"}).content.decode()


def test_who_may_not_see_names_reads_none_in_the_shop(people: People, cafe: Cafe) -> None:
    client = logged_in(people.analyst)
    for name in LISTS:
        assert "Гость 0" not in page(client, f"{name}_changelist")
    for name in EXPORTS:
        shown = client.get(reverse(f"admin:payments_{name}_export", args=["csv"])).content.decode()
        assert "Гость 0" not in shown and "cmd" not in shown


def test_a_gift_is_a_line_of_its_own_and_no_line_is_changed(people: People, cafe: Cafe) -> None:
    client, customer = logged_in(people.owner), people.customer
    form = {"customer": customer.pk, "unit": "stamp", "amount": "3"}
    assert client.post(reverse("admin:payments_loyaltyentry_add"), form).status_code == 302
    gift = LoyaltyEntry.objects.get(customer=customer)
    assert (gift.kind, gift.amount, gift.made_by) == ("gift", 3, "owner")
    client.post(reverse("admin:payments_loyaltyentry_change", args=[gift.pk]), {**form, "amount": "99"})
    client.post(reverse("admin:payments_loyaltyentry_delete", args=[gift.pk]), {"post": "yes"})
    gift.refresh_from_db()
    assert gift.amount == 3
    assert logged_in(people.analyst).post(reverse("admin:payments_loyaltyentry_add"), form).status_code == 403


def test_a_promo_code_is_made_by_a_form_and_stays_once_it_was_used(people: People, cafe: Cafe) -> None:
    client = logged_in(people.editor)
    form = {
        "code": "LETO",
        "kind": "percent",
        "value": "15",
        "is_active": "on",
        "least_amount": "0",
        "uses-TOTAL_FORMS": "0",
        "uses-INITIAL_FORMS": "0",
    }
    assert client.post(reverse("admin:payments_promo_add"), form).status_code == 302
    assert Promo.objects.get(code="LETO").value == 15
    answer = client.post(reverse("admin:payments_promo_add"), {**form, "code": "a b", "value": "150"})
    assert answer.status_code == 200, "a code with a space, and more than a hundred percent"
    used = Promo.objects.get(code="SPRING")
    assert client.post(reverse("admin:payments_promo_delete", args=[used.pk]), {"post": "yes"}).status_code == 403
    assert "SPRING" in page(client, "promo_changelist")
    ticket = Ticket.objects.get()
    assert str(ticket.order) in page(logged_in(people.owner), "promo_change", used.pk)
    assert str(ticket.order) not in page(client, "promo_change", used.pk), "an editor sees no orders"

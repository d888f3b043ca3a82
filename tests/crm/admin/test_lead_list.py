"""The lead list: filters, search by what a colleague reads out, saved links, and files of exactly the filtered rows."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from bot.backoffice import pages
from bot.models import Channel, Chat
from crm import exports
from crm.models import Customer, CustomerChat, Lead, Portal, RemoteLead, SavedLink
from crm.search import phone_tail
from tests.people import People, lead_of, logged_in

pytestmark = pytest.mark.django_db
LIST = "admin:crm_lead_changelist"


@pytest.fixture
def client(people: People) -> Client:
    return logged_in(people.owner)


def titles(client: Client, query: str) -> list[str]:
    """Return what the list shows under these filters, newest first."""
    page = client.get(f"{reverse(LIST)}?{query}")
    assert page.status_code == 200
    return [lead.title for lead in page.context["cl"].result_list]


def test_each_filter_narrows_the_list(people: People, client: Client) -> None:
    now = timezone.now()
    site = Channel.objects.create(kind="webchat", title="Сайт")
    chat = Chat.objects.create(channel=site, external_id="1")
    lead_of(people.customer, title="old", status="done", manager=people.pavel)
    Lead.objects.update(created_at=now - dt.timedelta(days=40), captured_at=now - dt.timedelta(days=40))
    lead_of(people.customer, title="new", chat=people.chat, source="Авито")
    lead_of(people.customer, title="site", chat=chat, status="taken", manager=people.olga, captured_at=now)
    expected = {
        "": ["site", "new", "old"],
        "status__exact=new": ["new"],
        "status__exact=new&status__exact=taken": ["site", "new"],
        "created=today": ["site", "new"],
        "created=yesterday": [],
        "captured=today": ["site"],
        "contact=yes": ["site", "old"],
        "contact=no": ["new"],
        f"manager={people.olga.pk}": ["site"],
        "manager=none": ["new"],
        "source=Авито": ["new"],
        f"channel={site.pk}": ["site"],
        f"created_at_from={now:%Y-%m-%d}": ["site", "new"],
        f"created_at_to={now - dt.timedelta(days=30):%d.%m.%Y}": ["old"],
        "created=nonsense&manager=x&channel=y&created_at_from=31.31.2026": ["site", "new", "old"],
    }
    assert {query: titles(client, query) for query in expected} == expected


@pytest.mark.parametrize(
    "asked",
    [
        *("+79161234567", "8 916 123-45-67", "79161234567", "4567", "123-45-67"),
        *("boris", "@boris", "boris@example.ru", "БОРИС".title(), "ельц"),
    ],
)
def test_a_lead_is_found_by_what_a_colleague_reads_out(people: People, client: Client, asked: str) -> None:
    boris = Customer.objects.create(name="Борис Ельцов", phone="+79161234567", email="boris@example.ru")
    chat = Chat.objects.create(channel=people.chat.channel, external_id="7", username="boris")
    CustomerChat.objects.create(customer=boris, chat=chat)
    lead_of(boris, title="his")
    lead_of(people.customer, title="hers")
    assert titles(client, f"q={asked.replace('+', '%2B')}") == ["his"]


def test_a_lead_is_found_by_its_own_id_and_by_the_portal_s(people: People, client: Client) -> None:
    lead = lead_of(people.customer, title="it")
    lead_of(people.customer, title="other")
    RemoteLead.objects.create(portal=Portal.objects.create(title="p"), remote_id=990_071, lead=lead)
    assert titles(client, f"q=№{lead.pk}") == ["it"]
    assert titles(client, "q=990071") == ["it"]
    assert titles(client, "q=990072") == []


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("8 (916) 123-45-67", "9161234567"),
        ("45-67", "4567"),
        ("123", ""),
        ("заказ 12345", ""),
        ("+49 30 1234", "49301234"),
    ],
)
def test_the_end_of_a_phone_is_read_from_any_spelling(text: str, tail: str) -> None:
    assert phone_tail(text) == tail


def test_searching_reads_an_index_and_not_the_table(people: People) -> None:
    Customer.objects.bulk_create(Customer(name=f"Имя{n}", phone=f"+7916{n:07}") for n in range(3_000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE crm_customer")
        cursor.execute("""EXPLAIN SELECT id FROM crm_customer WHERE reverse(phone) COLLATE "C" >= '7654'
                          AND reverse(phone) COLLATE "C" < '7654:'""")
        by_phone = " ".join(row[0] for row in cursor.fetchall())
        cursor.execute("""EXPLAIN SELECT id FROM crm_customer WHERE
                          to_tsvector('simple'::regconfig, COALESCE(name, '')) @@ to_tsquery('simple', 'имя77:*')""")
        by_name = " ".join(row[0] for row in cursor.fetchall())
    assert "crm_customer_phone_end" in by_phone
    assert "crm_customer_name_words" in by_name


def test_a_long_list_is_counted_only_so_far(people: People, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "COUNT_LIMIT", 30)
    Lead.objects.bulk_create(Lead(customer=people.customer, title=str(n)) for n in range(40))
    page = client.get(reverse(LIST))
    assert len(page.context["cl"].result_list) == 25
    assert page.context["cl"].result_count == 30
    assert "больше 30" in page.content.decode()


def test_filters_are_saved_under_a_name_and_forgotten(people: People, client: Client) -> None:
    save = reverse("admin:crm_lead_saved")
    client.post(save, {"title": "Сегодня", "query": "created=today&p=3"})
    link = SavedLink.objects.get()
    assert (link.user, link.query) == (people.owner, "created=today")
    assert 'href="?created=today"' in client.get(reverse(LIST)).content.decode()
    assert "Сегодня" not in str(logged_in(people.admin).get(reverse(LIST)).context["saved_links"])
    logged_in(people.admin).post(save, {"forget": link.pk})
    assert SavedLink.objects.exists()
    client.post(save, {"forget": link.pk})
    assert not SavedLink.objects.exists()


def test_a_saved_link_cannot_lead_away_from_the_list(client: Client) -> None:
    answer = client.post(reverse("admin:crm_lead_saved"), {"title": "x", "query": "https://evil.example/?a=1\r\nX: y"})
    assert answer.headers["Location"].startswith(reverse(LIST) + "?https%3A")


def csv_of(client: Client, query: str) -> list[dict[str, str]]:
    """Download the CSV under these filters."""
    answer = client.get(f"{reverse('admin:crm_lead_export', args=['csv'])}?{query}")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_file_holds_exactly_the_filtered_rows(people: People, client: Client) -> None:
    for number in range(30):
        lead_of(people.customer, title=str(number), source="a" if number % 2 else "b")
    Customer.objects.update(phone="+79161234567")
    assert len(csv_of(client, "")) == 30
    shown = client.get(f"{reverse(LIST)}?source=a").context["cl"].result_count
    assert {row["источник"] for row in csv_of(client, "source=a")} == {"a"}
    assert len(csv_of(client, "source=a")) == shown == 15
    assert len(csv_of(client, "q=4567&source=a")) == 15
    assert csv_of(client, "q=0000") == []


EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://evil")', "|calc"]


@pytest.mark.parametrize("text", EVIL)
def test_no_spreadsheet_runs_what_a_stranger_typed(people: People, client: Client, text: str) -> None:
    Customer.objects.filter(pk=people.customer.pk).update(name=text, phone="+79161234567")
    lead_of(people.customer, source=text)
    row = csv_of(client, "")[0]
    assert not row["имя"].startswith(exports.DANGEROUS)
    assert not row["источник"].startswith(exports.DANGEROUS)
    assert row["телефон"] == "'+79161234567"


def test_an_xlsx_is_text_in_every_cell(people: People, client: Client) -> None:
    Customer.objects.filter(pk=people.customer.pk).update(name='=HYPERLINK("http://evil")', phone="+79161234567")
    lead_of(people.customer)
    answer = client.get(reverse("admin:crm_lead_export", args=["xlsx"]))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    head, row = list(sheet.iter_rows())
    cells = {str(name.value): cell for name, cell in zip(head, row, strict=True)}
    assert cells["телефон"].value == "+79161234567"
    assert cells["имя"].value == '\'=HYPERLINK("http://evil")'
    assert {cell.data_type for cell in row} <= {
        "s",
        "inlineStr",
        "n",
    }  # an empty text cell is read back as "n" without a value
    assert all(cell.value is None or isinstance(cell.value, str) for cell in row)
    assert {cell.number_format for cell in row} == {"@"}


def test_a_phone_that_is_no_number_is_guarded_in_xlsx_too() -> None:
    assert exports.guarded("+7 =cmd") == "'+7 =cmd"
    book = exports.to_workbook(["телефон"] * 14, [["=1"] * 14])
    out = io.BytesIO()
    book.save(out)
    sheet = load_workbook(io.BytesIO(out.getvalue())).active
    assert sheet is not None
    assert {cell.value for cell in list(sheet.iter_rows())[1]} == {"'=1"}


def test_too_many_rows_are_refused_kindly(people: People, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MAX_ROWS", 1)
    lead_of(people.customer)
    lead_of(people.customer)
    answer = client.get(reverse("admin:crm_lead_export", args=["csv"]), follow=True)
    assert "Больше 1 строк" in answer.content.decode()


def test_the_list_asks_as_many_questions_for_25_rows_as_for_one(people: People, client: Client) -> None:
    lead_of(people.customer, chat=people.chat, manager=people.olga)
    client.get(reverse(LIST))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(LIST))
    for _number in range(24):
        lead_of(people.customer, chat=people.chat, manager=people.pavel)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse(LIST))
    assert len(many) == len(one)

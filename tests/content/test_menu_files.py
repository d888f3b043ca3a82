"""The menu as a file: there and back, and what a bad file is told."""

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from content.models import Category, MenuItem, OptionGroup, Place, PriceChange, Product
from tests.people import logged_in, make_people

HEAD = "code,name,category,price,details,description,groups,places,sold_from,sold_until,prep_minutes,vat_code,is_active"
IMPORT = "admin:content_menuitem_import"


@pytest.fixture
def editor(db: None) -> Client:
    return logged_in(make_people().editor)


@pytest.fixture
def latte(db: None) -> MenuItem:
    coffee = Category.objects.create(code="coffee", name="Кофе", scenario_key="coffee")
    item = MenuItem.objects.create(
        code="latte", name="Латте", price=Decimal(250), category=coffee, scenario_key="coffee", sold_until=dt.time(12)
    )
    for code in ("size", "milk"):
        item.choices.create(group=OptionGroup.objects.create(code=code, name=code))
    Place.objects.create(code="lesnaya", name="Лесная")
    return item


def send(client: Client, data: bytes | str, name: str = "menu.csv") -> Any:
    body = data.encode() if isinstance(data, str) else data
    return client.post(reverse(IMPORT), {"file": SimpleUploadedFile(name, body)})


def confirm(client: Client, answer: Any) -> Any:
    return client.post(reverse(IMPORT), {"token": answer.context["token"]})


def exported(client: Client, form: str) -> bytes:
    answer = client.get(reverse("admin:content_menuitem_export", args=[form]))
    assert answer.status_code == 200
    return answer.content


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_menu_taken_away_and_brought_back_is_the_same(editor: Client, latte: MenuItem, form: str) -> None:
    before = MenuItem.objects.values().get()
    data = exported(editor, form)
    answer = confirm(editor, send(editor, data, f"menu.{form}"))
    assert answer.status_code == 302
    after = MenuItem.objects.values().get()
    assert {**after, "updated_at": None} == {**before, "updated_at": None}
    assert [use.group.code for use in latte.choices.all()] == ["size", "milk"]
    assert not PriceChange.objects.exists()


def test_nothing_is_written_before_the_yes_and_all_of_it_after(editor: Client, latte: MenuItem) -> None:
    rows = 'latte,Латте,coffee,"265,50",,,"milk, size",lesnaya,,,,,1\nraf,Раф,coffee,290,350 мл,,,,8:00,,12,4,да\n'
    answer = send(editor, f"{HEAD}\n{rows}")
    assert [(row["name"], row["is_new"]) for row in answer.context["rows"]] == [("Латте", False), ("Раф", True)]
    latte.refresh_from_db()
    assert (latte.price, MenuItem.objects.count(), PriceChange.objects.count()) == (Decimal(250), 1, 0)
    assert confirm(editor, answer).status_code == 302
    latte.refresh_from_db()
    raf = MenuItem.objects.get(code="raf")
    assert (latte.price, [use.group.code for use in latte.choices.all()]) == (Decimal("265.50"), ["milk", "size"])
    assert [place.code for place in latte.places.all()] == ["lesnaya"]
    assert (raf.sold_from, raf.prep_minutes, raf.vat_code, raf.scenario_key, raf.order) == (
        dt.time(8),
        12,
        4,
        "coffee",
        1,
    )
    change = PriceChange.objects.get()
    assert (change.old, change.new, change.changed_by) == (Decimal(250), Decimal("265.50"), "Editor")


def test_a_file_of_russian_excel_is_understood(editor: Client, latte: MenuItem) -> None:
    data = "code;name;category;price\nlatte;Латте большой;coffee;1 265,50 ₽\n".replace("₽", "").encode("cp1251")
    assert confirm(editor, send(editor, data)).status_code == 302
    latte.refresh_from_db()
    assert (latte.name, latte.price) == ("Латте большой", Decimal("1265.50"))
    assert latte.choices.count() == 2, "a column that is not there changes nothing"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("raf,Раф,tea,290", "нет категории с кодом «tea»"),
        ("raf,Раф,coffee,дорого", "«дорого» — не цена"),
        ("raf,Раф,coffee,NaN", "не цена"),
        ("raf,Раф,coffee,0", "price"),
        ("raf,,coffee,290", "name"),
        (",Раф,coffee,290", "Нет кода"),
        ("ра ф,Раф,coffee,290", "code"),
        ("latte,Ещё,coffee,290", "дважды"),
        ("start,Курс,coffee,290", "курсу"),
        ("raf,Раф,coffee,290,,,sauce", "sauce"),
        ("raf,Раф,coffee,290,,,,moon", "moon"),
        ("raf,Раф,coffee,290,,,,,25:00", "25:00"),
        ("raf,Раф,coffee,290,,,,,,,1.5", "1.5"),
        ("raf,Раф,coffee,290,,,,,,,,,maybe", "maybe"),
    ],
)
def test_one_bad_line_is_named_and_nothing_changes(editor: Client, latte: MenuItem, row: str, words: str) -> None:
    Product.objects.create(code="start", name="Курс", price=Decimal(24900))
    cells = row.count(",")
    good = "latte,Дороже,coffee,999" + "," * 9
    answer = send(editor, f"{HEAD}\n{good}\n{row}{',' * (12 - cells)}\n")
    assert "token" not in answer.context
    (line, told), *_rest = answer.context["bad_rows"]
    assert line == 3
    assert words in told
    latte.refresh_from_db()
    assert (latte.name, MenuItem.objects.on_menu().count()) == ("Латте", 1)


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"%PDF-1.7", "menu.pdf", "CSV или XLSX"),
        (b"not a zip", "menu.xlsx", "не удаётся прочитать"),
        ("name,price\nЛатте,1\n".encode(), "menu.csv", "code, category"),
        (HEAD.encode(), "menu.csv", "строк"),
        (b"x" * (5 * 2**20 + 1), "menu.csv", "больше 5 МБ"),
    ],
)
def test_a_file_that_is_no_menu_is_told_why(
    editor: Client, latte: MenuItem, data: bytes, name: str, words: str
) -> None:
    answer = send(editor, data, name)
    assert words in " ".join(str(problem) for problem in answer.context["problems"])


def test_no_cell_is_run_by_a_spreadsheet_and_the_words_come_back_whole(editor: Client, latte: MenuItem) -> None:
    MenuItem.objects.update(name='=HYPERLINK("http://evil","Латте")', details="+7", description="-1+1")
    csv = tablib.Dataset().load(exported(editor, "csv").decode("utf-8-sig"), format="csv").dict[0]
    assert [csv[name][:2] for name in ("name", "details", "description")] == ["'=", "'+", "'-"]
    xlsx = exported(editor, "xlsx")
    sheet = tablib.Dataset().load(io.BytesIO(xlsx), format="xlsx").dict[0]
    assert str(sheet["name"]).startswith("'=")
    assert confirm(editor, send(editor, xlsx, "menu.xlsx")).status_code == 302
    latte.refresh_from_db()
    assert (latte.name, latte.details, latte.description) == ('=HYPERLINK("http://evil","Латте")', "+7", "-1+1")


def test_a_yes_of_somebody_else_or_too_late_asks_for_the_file_again(editor: Client, latte: MenuItem) -> None:
    answer = send(editor, f"{HEAD}\nlatte,Дороже,coffee,999{',' * 9}\n")
    stranger = logged_in(type(latte)._meta.apps.get_model("auth", "User").objects.create_superuser("root"))
    for client, token in ((stranger, answer.context["token"]), (editor, "0" * 32)):
        again = client.post(reverse(IMPORT), {"token": token})
        assert "ещё раз" in " ".join(str(problem) for problem in again.context["problems"])
    latte.refresh_from_db()
    assert latte.price == 250


def test_who_may_only_look_takes_the_menu_away_but_brings_nothing(db: None, latte: MenuItem) -> None:
    people = make_people()
    analyst = logged_in(people.analyst)
    assert exported(analyst, "csv")
    assert analyst.get(reverse(IMPORT)).status_code == 403
    assert logged_in(people.manager).get(reverse("admin:content_menuitem_export", args=["csv"])).status_code == 403
    assert analyst.get(reverse("admin:content_menuitem_export", args=["pdf"])).status_code == 404

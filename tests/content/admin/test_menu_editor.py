"""The menu editor: photos, prices with their history, choices, the stop-list, places, the preview."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from content.models import Category, MenuItem, Option, OptionGroup, Photo, Place, PriceChange, Product, Stop
from tests.content.test_photos import file
from tests.people import logged_in, make_people


@pytest.fixture
def editor(db: None) -> Client:
    return logged_in(make_people().editor)


@pytest.fixture
def latte(db: None) -> MenuItem:
    coffee = Category.objects.create(code="coffee", name="Кофе", emoji="☕")
    return MenuItem.objects.create(code="latte", name="Латте", price=Decimal(250), category=coffee)


def form(**more: Any) -> dict[str, Any]:
    """What the page of an item posts."""
    data = {"name": "Латте", "price": "250", "details": "", "description": "", "sold_from": "", "sold_until": ""}
    data |= {"prep_minutes": "", "vat_code": "", "scenario_key": "", "is_active": "on"}
    for prefix in ("choices", "price_changes"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return data | more


def change(client: Client, item: MenuItem, **more: Any) -> Any:
    data = form(category=str(item.category_id), **more)
    return client.post(reverse("admin:content_menuitem_change", args=[item.pk]), data)


def test_an_editor_adds_an_item_with_a_photo_and_a_choice(editor: Client, latte: MenuItem) -> None:
    size = OptionGroup.objects.create(code="size", name="Объём", min_choices=1)
    data = form(code="raf", name="Раф", price="290.50", category=str(latte.category_id), upload=photo())
    data |= {"choices-TOTAL_FORMS": "1", "choices-0-group": str(size.pk), "choices-0-order": "0"}
    answer = editor.post(reverse("admin:content_menuitem_add"), data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    raf = MenuItem.objects.get(code="raf")
    assert (raf.price, raf.photo, raf.choices.get().group) == (Decimal("290.50"), Photo.objects.get(), size)
    assert not PriceChange.objects.exists()


def photo(data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("кофе.jpg", data or file(), "image/jpeg")


def test_a_bad_photo_is_told_and_changes_nothing(editor: Client, latte: MenuItem) -> None:
    answer = change(editor, latte, name="Другое", upload=photo(b"not a photo"))
    assert answer.status_code == 200
    assert "не фото" in answer.content.decode()
    latte.refresh_from_db()
    assert (latte.name, latte.photo, Photo.objects.count()) == ("Латте", None, 0)


def test_a_photo_is_taken_off(editor: Client, latte: MenuItem) -> None:
    assert change(editor, latte, upload=photo()).status_code == 302
    assert change(editor, latte, without_photo="on").status_code == 302
    latte.refresh_from_db()
    assert latte.photo is None


def test_a_new_price_is_remembered_with_its_author_and_shown(editor: Client, latte: MenuItem) -> None:
    assert change(editor, latte, price="265").status_code == 302
    row = PriceChange.objects.get()
    assert (row.old, row.new, row.changed_by) == (Decimal(250), Decimal(265), "Editor")
    assert change(editor, latte, price="265").status_code == 302
    assert PriceChange.objects.count() == 1
    page = editor.get(reverse("admin:content_menuitem_change", args=[latte.pk])).content.decode()
    assert "250,00" in page
    assert "Editor" in page
    assert "Editor" in editor.get(reverse("admin:content_pricechange_changelist")).content.decode()


def test_an_item_without_a_shelf_is_refused_and_a_course_is_not_on_the_menu(editor: Client, latte: MenuItem) -> None:
    course = Product.objects.create(code="start", name="Курс", price=Decimal(24900))
    answer = editor.post(reverse("admin:content_menuitem_add"), form(code="x", category=""))
    assert answer.context["adminform"].form.errors["category"]
    assert editor.get(reverse("admin:content_menuitem_change", args=[course.pk])).status_code == 302  # no such item
    courses = editor.get(reverse("admin:content_product_changelist")).content.decode()
    assert "Курс" in courses
    assert "Латте" not in courses


def test_a_time_that_never_comes_is_refused(editor: Client, latte: MenuItem) -> None:
    answer = change(editor, latte, sold_from="12:00", sold_until="12:00")
    assert "sold_until" in answer.context["adminform"].form.errors


def group_form(options: list[tuple[str, str, bool]], *, least: int = 1, most: int = 1) -> dict[str, Any]:
    data = {"name": "Объём", "code": "size", "min_choices": str(least), "max_choices": str(most), "scenario_key": ""}
    data |= {"options-TOTAL_FORMS": str(len(options)), "options-INITIAL_FORMS": "0"}
    for number, (code, price, is_default) in enumerate(options):
        row = {"name": code, "code": code, "price": price, "is_active": "on", "order": str(number)}
        row |= {"is_default": "on"} if is_default else {}
        data |= {f"options-{number}-{name}": value for name, value in row.items()}
    return data


def test_an_editor_makes_a_group_of_options(editor: Client) -> None:
    answer = editor.post(reverse("admin:content_optiongroup_add"), group_form([("m", "0", True), ("l", "-20", False)]))
    assert answer.status_code == 302, answer.context["errors"]
    assert list(Option.objects.values_list("code", "price")) == [("m", Decimal(0)), ("l", Decimal(-20))]


@pytest.mark.parametrize(
    ("options", "limits"),
    [
        ([("m", "0", True)], {"least": 2, "most": 2}),
        ([("m", "0", True), ("l", "0", True)], {}),
        ([("m", "0", True)], {"least": 2, "most": 1}),
        ([("m", "0", True)], {"least": 0, "most": 0}),
    ],
    ids=["fewer than must be chosen", "two defaults of one", "limits crossed", "nothing allowed"],
)
def test_a_group_whose_limits_cannot_be_kept_is_refused(editor: Client, options: Any, limits: dict[str, int]) -> None:
    answer = editor.post(reverse("admin:content_optiongroup_add"), group_form(options, **limits))
    assert answer.status_code == 200
    assert not OptionGroup.objects.exists()


def test_the_price_of_an_option_has_a_history_too(editor: Client) -> None:
    group = OptionGroup.objects.create(code="size", name="Объём")
    option = Option.objects.create(group=group, code="l", name="350 мл", price=Decimal(60))
    data = group_form([("l", "70", False)], least=0)
    data |= {"options-INITIAL_FORMS": "1", "options-0-id": str(option.pk), "options-0-group": str(group.pk)}
    answer = editor.post(reverse("admin:content_optiongroup_change", args=[group.pk]), data)
    assert answer.status_code == 302, answer.context["errors"]
    row = PriceChange.objects.get()
    assert (row.option, row.old, row.new) == (option, Decimal(60), Decimal(70))
    assert "60" in editor.get(reverse("admin:content_optiongroup_change", args=[group.pk])).content.decode()


def stop_form(place: Place, **more: Any) -> dict[str, Any]:
    empty = {"product": "", "option": "", "left": "", "until_0": "", "until_1": ""}
    return {"place": str(place.pk), **empty} | more


def test_an_item_is_stopped_until_tomorrow_and_said_again_overwrites(editor: Client, latte: MenuItem) -> None:
    place = Place.objects.create(code="lesnaya", name="Лесная", schedule={d: [["08:00", "21:00"]] for d in WEEK})
    address = reverse("admin:content_stop_add")
    answer = editor.post(address, stop_form(place, product=str(latte.pk), until_tomorrow="on"))
    assert answer.status_code == 302, answer.context["errors"]
    row = Stop.objects.get()
    assert row.until is not None
    assert (row.until.astimezone(place.hours.zone).time(), row.made_by, row.left) == (dt.time(8), "Editor", None)
    assert editor.post(address, stop_form(place, product=str(latte.pk), left="5")).status_code == 302
    row = Stop.objects.get()
    assert (row.left, row.until) == (5, None)
    picked = {"action": "put_back", "_selected_action": [str(row.pk)]}
    editor.post(reverse("admin:content_stop_changelist"), picked)
    assert not Stop.objects.exists()


WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def test_a_stop_of_two_things_or_of_none_or_of_the_past_is_refused(editor: Client, latte: MenuItem) -> None:
    place = Place.objects.create(code="lesnaya", name="Лесная")
    option = Option.objects.create(group=OptionGroup.objects.create(code="s", name="S"), code="l", name="L")
    for more in (
        {},
        {"product": str(latte.pk), "option": str(option.pk)},
        {"product": str(latte.pk), "until_0": "01.01.2020", "until_1": "10:00"},
    ):
        assert editor.post(reverse("admin:content_stop_add"), stop_form(place, **more)).status_code == 200, more
    assert not Stop.objects.exists()


def test_a_place_is_kept_in_words(editor: Client) -> None:
    data = {"name": "Лесная", "address": "", "code": "lesnaya", "scenario_key": "", "time_zone": "Europe/Moscow"}
    data |= {"prep_minutes": "10", "busy_minutes": "10", "capacity": "8", "accept_minutes": "5", "hold_minutes": "15"}
    data |= {"schedule_mon": "08:00-21:00", "holidays": "2026-12-31", "is_active": "on", "pause_reason": ""}
    data |= {f"{name}_{part}": "" for name in ("paused_until", "busy_until") for part in (0, 1)}
    answer = editor.post(reverse("admin:content_place_add"), data)
    assert answer.status_code == 302, answer.context["errors"]
    place = Place.objects.get()
    assert (place.schedule, place.holidays) == ({"mon": [["08:00", "21:00"]]}, ["2026-12-31"])
    assert "Лесная" in editor.get(reverse("admin:content_place_changelist")).content.decode()


def test_the_preview_shows_a_place_at_a_time(editor: Client, latte: MenuItem) -> None:
    address = reverse("admin:content_menuitem_preview")
    assert editor.get(address).status_code == 200  # no place yet
    Place.objects.create(code="arbat", name="Арбат")
    Place.objects.create(code="lesnaya", name="Лесная", schedule={d: [["08:00", "21:00"]] for d in WEEK}, order=1)
    Category.objects.update(sold_until=dt.time(12))
    morning = editor.get(address, {"place": "lesnaya", "at": "2026-11-23T09:30"}).content.decode()
    evening = editor.get(address, {"place": "lesnaya", "at": "2026-11-23T22:30"}).content.decode()
    assert "250 ₽" in morning
    assert "открыто до 21:00" in morning
    assert "–12:00" in evening
    assert "закрыто, откроется 24.11 08:00" in evening
    assert editor.get(address, {"place": "nowhere", "at": "soon"}).status_code == 200

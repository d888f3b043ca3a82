"""The menu editor in a real browser: drag into order, a photo from the disk, the phone that shows what a guest sees."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import reverse
from playwright.sync_api import BrowserContext, Locator, Page, expect

from content.models import Category, MenuItem, Photo
from dialogs.menu_loading import PHOTOS, load_menu
from dialogs.preset_loading import FOLDER
from tests.people import logged_in, make_people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHELVES = {"coffee", "breakfast"}


@pytest.fixture
def menu() -> None:
    """Two shelves of the preset: the rest would only take time."""
    raw = yaml.safe_load((FOLDER / "coffee.content.yaml").read_text(encoding="utf-8"))
    load_menu({**raw, "menu": [shelf for shelf in raw["menu"] if shelf["code"] in SHELVES]}, "coffee")


@pytest.fixture
def page(live_server: Any, menu: None, new_context: Callable[..., BrowserContext]) -> Page:
    """A page in which an editor is logged in."""
    context = new_context(viewport={"width": 1280, "height": 1400})
    session = logged_in(make_people().editor).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    context.set_default_timeout(20_000)
    return context.new_page()


def drag(page: Page, row: Locator, onto: Locator) -> None:
    """Take a row by its handle and let it go over another, as a hand does."""
    handle = row.get_by_text("drag_indicator").first
    handle.scroll_into_view_if_needed()
    start, end = handle.bounding_box(), onto.get_by_text("drag_indicator").first.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    for step in (*range(1, 21), *[20, 21] * 5):  # the last ones let the rows move out of the way
        page.mouse.move(start["x"] + 5, start["y"] + (end["y"] - start["y"]) * step / 20)
    page.mouse.up()


def test_a_category_is_dragged_to_the_top(live_server: Any, page: Page) -> None:
    page.goto(live_server.url + reverse("admin:content_category_changelist"))
    rows = page.locator("tr")
    drag(page, rows.filter(has_text="Завтраки"), rows.filter(has_text="Кофе"))
    page.get_by_role("button", name="Сохранить").first.click()
    expect(page.locator("body")).to_contain_text("успешно изменен")
    assert list(Category.objects.values_list("code", flat=True)) == ["breakfast", "coffee"]


def test_a_product_is_dragged_on_its_shelf(live_server: Any, page: Page) -> None:
    shelf = Category.objects.get(code="coffee")
    page.goto(live_server.url + reverse("admin:content_category_change", args=[shelf.pk]))
    rows = page.locator("tbody.form-group.original")
    drag(page, rows.filter(has_text="Раф ванильный"), rows.filter(has_text="Эспрессо"))
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.locator("body")).to_contain_text("успешно")
    order = list(MenuItem.objects.filter(category=shelf).order_by("order").values_list("code", flat=True))
    assert order == ["raf", "espresso", "americano", "filter", "cappuccino", "latte", "flat-white"]


def test_a_photo_is_seen_before_it_is_saved_and_a_bad_one_is_told(live_server: Any, page: Page, tmp_path: Path) -> None:
    item = MenuItem.objects.get(code="latte")
    before, address = item.photo_id, live_server.url + reverse("admin:content_menuitem_change", args=[item.pk])
    page.goto(address)
    bad = tmp_path / "photo.png"
    bad.write_bytes(b"not a photo")
    page.locator("input[name=upload]").set_input_files(bad)
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.locator("body")).to_contain_text("Это не фото, которое удаётся прочитать")
    page.locator("input[name=upload]").set_input_files(PHOTOS / "matcha.webp")
    expect(page.locator("[data-photo-name]")).to_contain_text("matcha.webp")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.locator("body")).to_contain_text("успешно")
    item.refresh_from_db()
    assert item.photo_id not in (None, before)
    page.goto(address)
    shown = page.locator(".mi-drop img")
    expect(shown).to_have_attribute("src", f"/shop/photo/{Photo.objects.get(pk=item.photo_id).sha256}.webp?w=320")
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320


def test_the_phone_shows_what_a_guest_sees_and_counts_the_price(live_server: Any, page: Page) -> None:
    page.goto(live_server.url + reverse("admin:content_menuitem_preview") + "?place=lesnaya&at=2026-11-23T13:00")
    phone = page.get_by_role("region", name="Как видит гость")
    expect(phone).to_contain_text("открыто до 21:00")
    expect(phone.locator("#syrniki")).to_contain_text("–12:00")
    phone.locator("#latte").click()
    sheet = page.get_by_role("dialog", name="Латте")
    expect(sheet.locator("[data-sum]")).to_have_text("270 ₽")  # 350 ml is chosen at first
    sheet.get_by_label("450 мл").check()
    sheet.get_by_label("Овсяное").check()
    expect(sheet.locator("[data-sum]")).to_have_text("380 ₽")
    sheet.get_by_role("button", name="Закрыть").click()
    page.get_by_label("День и время там").fill("2026-11-23T09:30")
    page.get_by_role("button", name="Показать").click()
    expect(phone.locator("#syrniki")).to_contain_text("340 ₽")

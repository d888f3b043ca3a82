"""The sales funnel in an editor's browser: points, words, a material, a product, the buttons; nobody writes code."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from content.models import Material, Product
from dialogs.engine.steps.survey import Survey
from dialogs.models import Scenario
from dialogs.preset_loading import load_preset
from dialogs.publishing import script_of
from tests.people import logged_in, make_people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scenario() -> Scenario:
    return load_preset("sales")


@pytest.fixture
def page(live_server: Any, scenario: Scenario, new_context: Callable[..., BrowserContext]) -> Page:
    """A page in which an editor is logged in."""
    context = new_context(viewport={"width": 1280, "height": 900})
    session = logged_in(make_people().editor).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return context.new_page()


def points_of(scenario: Scenario, version_id: int | None) -> int:
    """Return what the first answer of the survey is worth in a version."""
    assert version_id is not None
    survey = script_of(version_id).steps["survey"]
    assert isinstance(survey, Survey)
    return survey.scoring.questions[0].answers[0].points


def test_an_editor_changes_points_sees_what_they_give_and_publishes(
    live_server: Any, scenario: Scenario, page: Page
) -> None:
    before = scenario.current_id
    page.goto(live_server.url + reverse("admin:dialogs_scenario_change", args=[scenario.pk]))
    page.locator("#step-survey a").first.click()
    page.get_by_role("link", name="Вопросы, баллы и сегменты").click()
    page.locator("input[name=q0-answers-0-points]").fill("7")
    page.get_by_role("button", name="Посчитать").click()
    expect(page.locator("#preview dl")).to_contain_text("тёплый")
    page.get_by_role("button", name="Сохранить черновик").click()
    expect(page.locator("body")).to_contain_text("Анкета сохранена в черновике")
    page.get_by_role("link", name="Онлайн-школа").first.click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Опубликовать").first.click()
    expect(page.locator("body")).to_contain_text("версия 2")
    scenario.refresh_from_db()
    assert points_of(scenario, scenario.current_id) == 7
    assert points_of(scenario, before) == 0, "a dialogue under way keeps its version"


def test_an_editor_renames_a_permanent_button(live_server: Any, scenario: Scenario, page: Page) -> None:
    page.goto(live_server.url + reverse("admin:dialogs_scenario_change", args=[scenario.pk]))
    page.get_by_role("link", name="Кнопки на любом шаге").click()
    page.locator("input[name=menu-0-text]").fill("🎁 Подарки")
    page.get_by_role("button", name="Сохранить черновик").click()
    expect(page.locator("body")).to_contain_text("Кнопки сохранены в черновике")
    scenario.refresh_from_db()
    assert scenario.settings["menu"][0]["text"] == "🎁 Подарки"


def test_an_editor_changes_a_material_and_a_price(live_server: Any, scenario: Scenario, page: Page) -> None:
    material, product = Material.objects.get(key="review-irina"), Product.objects.get(code="start")
    page.goto(live_server.url + reverse("admin:content_material_change", args=[material.pk]))
    page.locator("input[name=title]").fill("Отзыв: Ирина из Казани")
    page.get_by_label("горячий").check()
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.locator("body")).to_contain_text("Отзыв: Ирина из Казани")
    page.goto(live_server.url + reverse("admin:content_product_change", args=[product.pk]))
    page.locator("input[name=price]").fill("27900")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.locator("body")).to_contain_text("Курс «Старт без паники»")
    material.refresh_from_db()
    product.refresh_from_db()
    assert (material.title, material.segments) == ("Отзыв: Ирина из Казани", ["cold", "warm", "hot"])
    assert (product.price, product.deal_url) == (Decimal("27900.00"), "https://school.example.ru/pl/start")

"""The back office in a real browser: log in, follow a number to its rows, work a lead, take a file, publish a scenario."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from bot.models import Chat, Message
from crm.models import Lead
from dialogs.models import Scenario, ScenarioVersion
from tests.office import open_office
from tests.people import PASSWORD, People, logged_in, with_password

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def scenario(people: People) -> Scenario:
    return open_office(people)


def enter(context: BrowserContext, live_server: Any, people: People) -> Page:
    """Open a page in which the owner is logged in."""
    session = logged_in(people.owner).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return context.new_page()


def test_a_user_logs_in_and_lands_on_the_home_page(live_server: Any, people: People, page: Page) -> None:
    with_password(people.owner)
    page.goto(f"{live_server.url}/admin/")
    page.locator("input[name=username]").fill("owner")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", name="Всё ли работает")).to_be_visible()


def test_a_number_of_the_home_page_opens_its_rows(
    live_server: Any, people: People, scenario: Scenario, new_context: NewContext
) -> None:
    page = enter(new_context(), live_server, people)
    page.goto(f"{live_server.url}/admin/")
    number = page.locator(".o-numbers tbody tr").first.locator("a").nth(2)
    shown = number.inner_text()
    number.click()
    expect(page.locator("[data-result-count]")).to_have_attribute("data-result-count", shown)


def test_a_manager_s_words_appear_in_the_dialogue_by_themselves(
    live_server: Any, people: People, scenario: Scenario, new_context: NewContext
) -> None:
    lead = Lead.objects.filter(status="taken").first()
    assert lead is not None
    assert lead.chat is not None
    page = enter(new_context(viewport={"width": 1280, "height": 900}), live_server, people)
    page.goto(live_server.url + reverse("admin:crm_lead_change", args=[lead.pk]))
    chat = page.get_by_role("log")
    expect(chat).to_contain_text("доставка в Тверь")
    page.get_by_label("Написать клиенту").fill("Курьер уже едет")
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(chat).to_contain_text("Курьер уже едет")
    assert Chat.objects.get(pk=lead.chat.pk).speaker == "manager"
    Message.objects.create(chat=lead.chat, channel=lead.chat.channel, role="user", text="Спасибо!", status="received")
    expect(chat).to_contain_text("Спасибо!")  # without a reload: the fragment is polled
    page.get_by_role("button", name="Вернуть боту").click()
    expect(page.get_by_role("button", name="Взять диалог")).to_be_visible()


def test_the_filtered_rows_are_taken_away_as_a_file(
    live_server: Any, people: People, scenario: Scenario, new_context: NewContext
) -> None:
    page = enter(new_context(), live_server, people)
    page.goto(live_server.url + reverse("admin:crm_lead_changelist") + "?status__exact=captured")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    lines = download.value.path().read_text("utf-8-sig").strip().splitlines()
    assert len(lines) - 1 == Lead.objects.filter(status="captured").count()


def test_filters_are_saved_and_come_back(
    live_server: Any, people: People, scenario: Scenario, new_context: NewContext
) -> None:
    page = enter(new_context(), live_server, people)
    page.goto(live_server.url + reverse("admin:crm_lead_changelist") + "?status__exact=review")
    page.get_by_label("Имя ссылки").fill("На проверку")
    page.get_by_role("button", name="Сохранить фильтры").click()
    page.goto(live_server.url + reverse("admin:crm_lead_changelist"))
    page.locator(".o-saved a", has_text="На проверку").click()
    expect(page.locator("[data-result-count]")).to_have_attribute("data-result-count", "4")


def test_a_scenario_is_edited_tried_and_published(
    live_server: Any, people: People, scenario: Scenario, new_context: NewContext
) -> None:
    page = enter(new_context(viewport={"width": 1280, "height": 900}), live_server, people)
    page.goto(live_server.url + reverse("admin:dialogs_scenario_change", args=[scenario.pk]))
    page.locator("#step-hello").get_by_role("link", name="hello", exact=True).click()
    page.locator("textarea[name=text]").fill("Добрый день! Вы в лавке.")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    page.get_by_role("link", name="Симулятор").click()
    page.get_by_role("button", name="/start").click()
    log = page.get_by_role("log")
    expect(log).to_contain_text("Добрый день! Вы в лавке.")
    page.get_by_label("Напишите как клиент").fill("8 916 123-45-67")
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(log).to_contain_text("+7 916 123-45-67")
    page.get_by_role("button", name="+2 ч").click()
    expect(page.locator("#sim-state")).to_contain_text("Часы")
    page.get_by_role("link", name=scenario.title).first.click()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Опубликовать").click()
    expect(page.get_by_text("Опубликовано: версия 2")).to_be_visible()
    assert ScenarioVersion.objects.get(number=2).compiled["steps"]["hello"]["text"] == "Добрый день! Вы в лавке."


def test_the_language_is_switched_from_the_menu(live_server: Any, people: People, new_context: NewContext) -> None:
    page = enter(new_context(), live_server, people)
    page.goto(f"{live_server.url}/admin/")
    page.get_by_text("Owner").first.click()
    page.get_by_role("button", name=re.compile("English")).click()
    expect(page.get_by_role("link", name="Leads").first).to_be_visible()


PAGES = (
    "admin:index",
    "admin:crm_lead_changelist",
    "admin:dialogs_scenario_changelist",
    "office_errors",
    "office_try_phone",
    "admin:crm_customer_changelist",
    "admin:bot_channel_changelist",
    "admin:crm_rotationrule_next",
    "admin:content_faq_changelist",
)


def addresses(scenario: Scenario) -> list[str]:
    """Return every kind of page there is."""
    lead = Lead.objects.order_by("pk").first()
    assert lead is not None
    version = scenario.versions.first()
    assert version is not None
    return [
        *(reverse(name) for name in PAGES),
        reverse("admin:crm_lead_change", args=[lead.pk]),
        reverse("admin:dialogs_scenario_change", args=[scenario.pk]),
        reverse("admin:dialogs_scenario_simulator", args=[scenario.pk]),
        reverse("admin:dialogs_scenarioversion_change", args=[version.pk]),
        reverse("admin:content_businessprofile_change", args=[1]),
    ]


def test_nothing_is_wider_than_a_phone(
    live_server: Any, people: People, scenario: Scenario, new_context: NewContext
) -> None:
    page = enter(new_context(**PHONE), live_server, people)
    for address in addresses(scenario):
        page.goto(live_server.url + address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, (address, wide)


# WCAG contrast of a text with what lies behind it, in the page's own colours (painted on a canvas to read any notation).
CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (css) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = css; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = (top, under) => top.slice(0, 3).map((c, i) => (c * top[3] + under[i] * (255 - top[3])) / 255).concat(255);
  const behind = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 255]);
  };
  const light = (c) => c.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.04 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const bad = [];
  for (const node of document.querySelectorAll("[class*='o-'] , .o-card *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.closest(".o-card, .o-buttons, .o-saved") || node.closest("select") || !node.offsetParent) continue;
    const back = behind(node), front = over(rgba(getComputedStyle(node).color), back);
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 3) bad.push(`${node.className || node.tagName}: ${node.textContent.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return bad;
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_can_be_read_in_both_themes(
    live_server: Any, people: People, scenario: Scenario, new_context: NewContext, theme: str
) -> None:
    page = enter(new_context(color_scheme=theme), live_server, people)
    broken: list[str] = []
    page.on("response", lambda answer: broken.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
    for address in addresses(scenario):
        page.goto(live_server.url + address)
        page.wait_for_load_state("networkidle")
        is_dark = "dark" in (page.locator("html").get_attribute("class") or "")
        assert is_dark == (theme == "dark")
        assert page.evaluate(CONTRAST) == [], address
    assert broken == []

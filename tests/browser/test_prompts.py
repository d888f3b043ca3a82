"""An admin edits a prompt into its next version and activates it; a dialogue under way keeps the one it began with."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings

from dialogs.drafts import import_draft
from dialogs.models import Scenario
from dialogs.prompts.choice import prompt_for
from dialogs.publishing import publish
from tests.dialogs.admin.test_prompt_pages import conversation_of
from tests.dialogs.engine.play import ask, script
from tests.people import People, logged_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def saved(tmp_path: Path, settings: Settings) -> Path:
    settings.PROMPTS_DIR = tmp_path
    return tmp_path


def enter(context: BrowserContext, live_server: Any, people: People) -> Page:
    """Open a page in which an admin is logged in."""
    session = logged_in(people.admin).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return context.new_page()


def test_a_prompt_is_edited_into_its_next_version_and_activated_while_a_dialogue_keeps_its_own(
    live_server: Any, people: People, saved: Path, new_context: NewContext
) -> None:
    version = publish(import_draft(script({"phone": ask()}, key="sales", title="Школа")))
    running = conversation_of(people, version)
    page = enter(new_context(viewport={"width": 1280, "height": 900}), live_server, people)
    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("link", name="Промпты").first.click()
    page.get_by_role("link", name="Сводка о клиенте").click()

    text = page.get_by_label("Текст", exact=True)
    expect(text).to_have_value(re.compile("^Составь сводку о клиенте"))
    text.fill("Опиши {{customer}} одним предложением.")
    page.get_by_role("button", name="Сохранить следующей версией").click()
    expect(page.get_by_role("alert")).to_contain_text("{{customer}} is not known here")
    text.fill("Опиши {{customer_name}} одним предложением.")
    page.get_by_role("button", name="Сохранить следующей версией").click()
    expect(page.get_by_text("Сохранено как версия 2")).to_be_visible()
    assert (saved / "summarizer-v2.txt").read_text() == "Опиши {{customer_name}} одним предложением.\n"
    expect(page.get_by_text("использует версию 1")).to_be_visible()

    page.get_by_role("link", name="Сравнить").click()
    expect(page.locator("td.o-new")).to_contain_text(["Опиши {{customer_name}}"])
    page.get_by_role("link", name="Сводка о клиенте").click()
    page.get_by_role("link", name="Предпросмотр").click()
    expect(page.locator("pre")).to_have_text("Опиши Анна одним предложением.")
    page.get_by_role("link", name="Сводка о клиенте").click()

    page.get_by_role("button", name="Включить версию 2").click()
    expect(page.get_by_text("использует версию 2")).to_be_visible()
    current = Scenario.objects.get(key="sales").current
    assert current is not None
    assert prompt_for(current.pk, "summarizer").version == 2  # what begins now
    running.refresh_from_db()
    assert prompt_for(running.version_id, "summarizer").version == 1  # what is under way

"""Prompts in the back office: who sees them, what is saved, what is compared, filled in and activated."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from bot.models import Message
from content.models import BusinessProfile, Material, Product
from dialogs.drafts import import_draft
from dialogs.models import Conversation, Scenario, ScenarioVersion
from dialogs.prompts.choice import prompt_for
from dialogs.prompts.files import save_next, versions_of
from dialogs.publishing import publish
from tests.dialogs.engine.play import ask, script
from tests.people import People, logged_in

pytestmark = pytest.mark.django_db
# Who may look, and who may save and activate.
SEES = {"owner": True, "admin": True, "editor": True, "analyst": True, "manager": False, "stranger": False}
CHANGES = {"owner": True, "admin": True, "editor": True, "analyst": False, "manager": False, "stranger": False}
SHORT = "Коротко о {{customer_name}}: {{goal}}."


@pytest.fixture(autouse=True)
def saved(tmp_path: Path, settings: Settings) -> Path:
    settings.PROMPTS_DIR = tmp_path
    return tmp_path


@pytest.fixture
def version() -> ScenarioVersion:
    return publish(import_draft(script({"phone": ask()}, key="sales", title="Школа")))


@pytest.fixture
def editor(people: People) -> Client:
    return logged_in(people.editor)


def page(name: str = "", what: str = "one") -> str:
    return reverse(f"prompts_{what}", args=[name]) if name else reverse("prompts")


@pytest.mark.parametrize("role", SEES)
def test_who_may_look_and_who_may_change(people: People, version: ScenarioVersion, role: str) -> None:
    client = logged_in(people.user(role))
    for url in (page(), page("summarizer"), page("summarizer", "compare"), page("summarizer", "preview")):
        assert (client.get(url).status_code == 200) is SEES[role]
    client.post(page("summarizer", "save"), {"text": SHORT, "base": "1"})
    assert (versions_of("summarizer") == [1, 2]) is CHANGES[role]
    scenario = {"scenario": version.scenario_id, "version": "1"}
    assert (client.post(page("summarizer", "activate"), scenario).status_code == 302) or not CHANGES[role]


def test_the_list_shows_all_nine_with_what_uses_them(editor: Client, version: ScenarioVersion, saved: Path) -> None:
    (saved / "followups-v2.txt").write_text("{{nobody}}")
    shown = editor.get(page()).content.decode()
    assert shown.count("Школа: v1") == 9
    assert "followups-v2.txt: {{nobody}} is not known here" in shown


def test_saving_makes_the_next_version_and_changes_nothing_that_runs(editor: Client, version: ScenarioVersion) -> None:
    answer = editor.post(page("summarizer", "save"), {"text": SHORT + "\r\n", "base": "1"}, follow=True)
    assert answer.redirect_chain == [(f"{page('summarizer')}?version=2", 302)]
    assert "Сохранено как версия 2" in answer.content.decode()
    assert prompt_for(version.pk, "summarizer").version == 1
    again = editor.post(page("summarizer", "save"), {"text": SHORT, "base": "2"}, follow=True)
    assert "Ничего не изменилось" in again.content.decode()
    assert versions_of("summarizer") == [1, 2]


def test_a_text_that_cannot_be_used_is_shown_again_with_the_reason(editor: Client) -> None:
    answer = editor.post(page("summarizer", "save"), {"text": "Я {{nobody}}", "base": "1"})
    assert answer.status_code == 400
    assert "{{nobody}} is not known here" in answer.content.decode()
    assert "Я {{nobody}}</textarea>" in answer.content.decode()
    assert versions_of("summarizer") == [1]


def test_a_folder_that_cannot_be_written_is_told_and_the_words_are_not_lost(
    editor: Client, settings: Settings, saved: Path
) -> None:
    (saved / "file").write_text("")
    settings.PROMPTS_DIR = saved / "file"  # no folder can be made here
    answer = editor.post(page("summarizer", "save"), {"text": SHORT, "base": "1"})
    assert "нельзя записать" in answer.content.decode()
    assert SHORT in answer.content.decode()


def test_activating_publishes_the_script_again_for_new_dialogues_only(
    editor: Client, version: ScenarioVersion, people: People
) -> None:
    save_next("summarizer", SHORT)
    chosen = {"scenario": version.scenario_id, "version": "2"}
    answer = editor.post(page("summarizer", "activate"), chosen, follow=True)
    assert "Новые диалоги «Школа» используют версию 2 (версия сценария 2)" in answer.content.decode()
    scenario = Scenario.objects.get(pk=version.scenario_id)
    assert scenario.current is not None and scenario.current.author == people.editor
    assert prompt_for(scenario.current.pk, "summarizer").version == 2
    assert prompt_for(version.pk, "summarizer").version == 1


def test_what_cannot_be_activated_is_told(editor: Client, version: ScenarioVersion, saved: Path) -> None:
    (saved / "summarizer-v2.txt").write_text("{{nobody}}")
    answer = editor.post(page("summarizer", "activate"), {"scenario": version.scenario_id, "version": "2"}, follow=True)
    assert "summarizer-v2.txt: {{nobody}} is not known" in answer.content.decode()
    for chosen in ({"scenario": "9999999", "version": "1"}, {"scenario": version.scenario_id, "version": "7"}, {}):
        assert editor.post(page("summarizer", "activate"), chosen).status_code == 404
    assert editor.get(page("summarizer", "activate")).status_code == 405
    assert ScenarioVersion.objects.count() == 1


def test_two_versions_stand_side_by_side(editor: Client) -> None:
    save_next("summarizer", SHORT)
    shown = editor.get(page("summarizer", "compare")).content.decode()
    assert SHORT in shown and "Составь сводку" in shown
    same = editor.get(page("summarizer", "compare") + "?old=2&new=2").content.decode()
    assert "o-gone" not in same
    assert editor.get(page("summarizer", "compare") + "?old=5").status_code == 404


def test_what_does_not_exist_is_not_found(editor: Client) -> None:
    assert editor.get(page("nothing")).status_code == 404
    assert editor.get(page("summarizer") + "?version=9").status_code == 404
    assert editor.get(page("summarizer", "preview") + "?conversation=9").status_code == 404


def conversation_of(people: People, version: ScenarioVersion) -> Conversation:
    now = timezone.now()
    people.customer.segment, people.customer.lead_score, people.customer.persona = "warm", 8, "newcomer"
    people.customer.save()
    state = {"values": {"goal": "накопить на дом", "experience": "новичок", "phone": "+79160000000"}}
    for role, text in (("user", "Боюсь потерять"), ("bot", "Понимаю вас")):
        Message.objects.create(chat=people.chat, channel=people.chat.channel, role=role, text=text, status="sent")
    return Conversation.objects.create(
        chat=people.chat,
        customer=people.customer,
        version=version,
        state=state,
        step="talk",
        started_at=now,
        updated_at=now,
    )


def test_a_preview_is_filled_in_with_a_real_dialogue(people: People, version: ScenarioVersion) -> None:
    BusinessProfile.objects.update_or_create(pk=BusinessProfile.current().pk, defaults={"name": "Школа Риска"})
    Material.objects.create(key="m", title="Разбор основ", url="https://school.example/m", segments=["warm"])
    Product.objects.create(code="p", name="Старт", description="Курс для новичков", price=49000, personas=["newcomer"])
    conversation = conversation_of(people, version)
    admin = logged_in(people.admin)
    shown = admin.get(page("sales_spin_aida", "preview") + f"?conversation={conversation.pk}").content.decode()
    for words in (
        "Школа Риска", "Имя: Анна", "опыт — новичок, цель — накопить на дом", "баллов: 8", "Клиент: Боюсь потерять",
        "Бот: Понимаю вас", "Разбор основ: https://school.example/m", "Старт: Курс для новичков",
    ):  # fmt: skip
        assert words in shown
    assert "+79160000000" not in shown
    offer = admin.get(page("payment_offer", "preview")).content.decode()
    assert "Программа та же — «Старт», 49 000 ₽." in offer


def test_who_may_not_see_dialogues_previews_without_one(people: People, version: ScenarioVersion) -> None:
    conversation = conversation_of(people, version)
    editor = logged_in(people.editor)
    assert "Боюсь потерять" not in editor.get(page("sales_spin_aida", "preview")).content.decode()
    asked = editor.get(page("sales_spin_aida", "preview") + f"?conversation={conversation.pk}")
    assert asked.status_code == 404

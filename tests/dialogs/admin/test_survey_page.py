"""The survey and the buttons in an editor's hands: plain fields, the preview of points, findings with a cure."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dialogs.drafts import compile_draft, problems_of
from dialogs.models import Conversation, Scenario, Step, SurveyAnswer
from dialogs.preset_loading import load_preset
from dialogs.publishing import publish
from tests.people import People, logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(people: People) -> Client:
    return logged_in(people.editor)


@pytest.fixture
def scenario() -> Scenario:
    return load_preset("sales")


@pytest.fixture
def step(scenario: Scenario) -> Step:
    return scenario.steps.get(kind="survey")


def survey_address(step: Step) -> str:
    return reverse("admin:dialogs_step_survey", args=[step.pk])


def typed(client: Client, address: str) -> dict[str, object]:
    """Return what the page would send if nothing was typed."""
    context = client.get(address).context
    data: dict[str, object] = {}
    if "forms" in context:
        sets = [form for block in context["forms"].blocks for form in block]
        forms = [context["forms"].intro, *(form for form in sets if hasattr(form, "fields"))]
        formsets = [form for form in sets if hasattr(form, "management_form")]
        data["questions"] = len(context["forms"].blocks)
    else:
        forms, formsets = [], [rows for _title, rows in context["tables"]]
    for formset in formsets:
        forms += [formset.management_form, *formset]
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = value
    return data


def test_saving_without_a_change_changes_nothing(client: Client, scenario: Scenario, step: Step) -> None:
    before = compile_draft(scenario)
    assert client.post(survey_address(step), {**typed(client, survey_address(step)), "save": "1"}).status_code == 302
    buttons = reverse("admin:dialogs_scenario_anywhere", args=[scenario.pk])
    assert client.post(buttons, typed(client, buttons)).status_code == 302
    scenario.refresh_from_db()
    assert compile_draft(scenario) == before


def test_an_editor_changes_points_words_and_a_segment_and_publishes(
    client: Client, scenario: Scenario, step: Step
) -> None:
    changes = {"q0-answers-0-points": "5", "q0-text": "1 из 5. Что вы уже пробовали?", "segment_hot": "11–99"}
    data = {**typed(client, survey_address(step)), **changes, "save": "1"}
    answer = client.post(survey_address(step), data, follow=True)
    assert "Анкета сохранена в черновике" in answer.content.decode()
    step.refresh_from_db()
    question = step.config["questions"][0]
    assert (question["answers"][0]["points"], question["text"]) == (5, "1 из 5. Что вы уже пробовали?")
    assert publish(scenario).number == 2


def test_an_editor_adds_a_question_without_thinking_of_keys(client: Client, scenario: Scenario, step: Step) -> None:
    number = len(step.config["questions"])
    new = {f"q{number}-text": "Последнее: откуда вы о нас узнали?", f"q{number}-answers-TOTAL_FORMS": "2"}
    new |= {f"q{number}-answers-0-text": "От друзей", f"q{number}-answers-1-text": "Из рекламы"}
    new |= {f"q{number}-answers-1-points": "1", f"q{number}-answers-1-synonyms": "реклама, @affirm"}
    client.post(survey_address(step), {**typed(client, survey_address(step)), **new, "save": "1"})
    step.refresh_from_db()
    added = step.config["questions"][number]
    assert added["key"] == "q6" and [item["key"] for item in added["answers"]] == ["a", "b"]
    assert added["answers"][1] == {
        "key": "b", "text": "Из рекламы", "points": 1, "synonyms": ["реклама"], "intents": ["affirm"],
    }  # fmt: skip
    assert problems_of(compile_draft(scenario)) == []
    gone = {**typed(client, survey_address(step)), f"q{number}-gone": "on", "save": "1"}
    client.post(survey_address(step), gone)
    step.refresh_from_db()
    assert len(step.config["questions"]) == number


def test_the_preview_counts_what_stands_in_the_fields_and_saves_nothing(client: Client, step: Step) -> None:
    data = {**typed(client, survey_address(step)), "q0-answers-3-points": "9", "preview": "1"}
    data |= {"pick-q1": "d", "pick-q2": "c", "pick-q3": "d", "pick-q4": "a", "pick-q5": "a"}
    answer = client.post(survey_address(step), data)
    assert answer.context["result"]["points"] == 9 + 2 + 4 + 1
    page = answer.content.decode()
    assert "горячий" in page and "продвинутый трейдер" in page
    step.refresh_from_db()
    assert step.config["questions"][0]["answers"][3]["points"] == 3


@pytest.mark.parametrize(
    ("ranges", "sentence"),
    [
        ({"segment_warm": "8-10"}, "не попадает ни в один сегмент"),
        ({"segment_warm": "4-10"}, "попадает сразу в два сегмента"),
        ({"segment_warm": "средне"}, "У настройки негодное значение"),
    ],
)
def test_a_gap_or_an_overlap_is_told_at_once_with_its_cure(
    client: Client, step: Step, ranges: dict[str, str], sentence: str
) -> None:
    data = {**typed(client, survey_address(step)), **ranges, "preview": "1"}
    assert sentence in client.post(survey_address(step), data).content.decode()


def test_an_editor_changes_the_permanent_buttons(client: Client, scenario: Scenario) -> None:
    address = reverse("admin:dialogs_scenario_anywhere", args=[scenario.pk])
    data = {**typed(client, address), "menu-0-text": "🎁 Подарки", "menu-3-gone": "on"}
    rows = len(scenario.settings["shortcuts"])
    data |= {
        f"shortcuts-{rows}-pressed": "news:get",
        f"shortcuts-{rows}-show": "help",
        f"shortcuts-{rows}-words": "новости",
    }
    assert client.post(address, data).status_code == 302
    scenario.refresh_from_db()
    assert [item["text"] for item in scenario.settings["menu"]] == [
        "🎁 Подарки",
        "📊 Подбор инструмента",
        "🗓 Записаться",
    ]
    assert scenario.settings["shortcuts"]["news:get"] == {"show": "help", "words": ["новости"]}
    assert problems_of(compile_draft(scenario)) == []
    page = client.get(reverse("admin:dialogs_scenario_change", args=[scenario.pk])).content.decode()
    assert "news:get" in page and "🎁 Подарки" in page


def test_a_key_that_leads_nowhere_is_told(client: Client, scenario: Scenario) -> None:
    address = reverse("admin:dialogs_scenario_anywhere", args=[scenario.pk])
    client.post(address, {**typed(client, address), "menu-0-pressed": "nowhere:at:all"})
    assert "Постоянная кнопка никуда не ведёт" in client.get(address).content.decode()


def test_who_may_only_look_cannot_save(people: People, scenario: Scenario, step: Step) -> None:
    looker = logged_in(people.analyst)
    for address in (survey_address(step), reverse("admin:dialogs_scenario_anywhere", args=[scenario.pk])):
        assert "Сохранить черновик" not in looker.get(address).content.decode()
        assert looker.post(address, {**typed(looker, address), "save": "1"}).status_code == 403
        assert logged_in(people.manager).get(address).status_code == 403
    assert looker.get(reverse("admin:dialogs_step_survey", args=[0])).status_code == 404


def test_the_page_of_a_dialogue_shows_the_answers_in_its_version_s_words(people: People, scenario: Scenario) -> None:
    now = timezone.now()
    assert scenario.current is not None
    dialogue = Conversation.objects.create(
        chat=people.chat, version=scenario.current, customer=people.customer, started_at=now, updated_at=now
    )
    for question, answer in (("q1", "a"), ("q9", "gone")):
        SurveyAnswer.objects.create(
            customer=people.customer, conversation=dialogue, survey="survey", question=question, answer=answer,
            answered_at=now,
        )  # fmt: skip
    page = logged_in(people.owner).get(reverse("admin:dialogs_conversation_change", args=[dialogue.pk]))
    shown = page.content.decode()
    assert "Какой у вас опыт с криптовалютой?" in shown and "Начинаю с нуля" in shown and "gone" in shown

"""A scenario in the editor's hands: written, checked, published, compared, rolled back, carried as a file."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dialogs import engine
from dialogs.admin.comparison import Pair, side_by_side
from dialogs.admin.findings import SENTENCES
from dialogs.drafts import compile_draft, export_yaml
from dialogs.models import Choice, Scenario, ScenarioVersion, Step
from dialogs.preset_loading import load_preset
from dialogs.publishing import publish
from tests.people import People, logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(people: People) -> Client:
    return logged_in(people.editor)


@pytest.fixture
def scenario(people: People) -> Scenario:
    return load_preset("first-contact")


def press(client: Client, scenario: Scenario, verb: str) -> str:
    answer = client.post(reverse("admin:dialogs_scenario_do", args=[scenario.pk, verb]), follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def step_form(step: Step, **changes: object) -> dict[str, object]:
    data = {"key": step.key, "kind": step.kind, "order": step.order, "text": step.text, "next": step.next, "config": ""}
    return {**data, "choices-TOTAL_FORMS": 0, "choices-INITIAL_FORMS": 0, **changes}


def test_a_step_is_edited_checked_and_published(people: People, client: Client, scenario: Scenario) -> None:
    step = scenario.steps.get(key="hello")
    before = scenario.current
    address = reverse("admin:dialogs_step_change", args=[step.pk])
    answer = client.post(address, step_form(step, text="Добрый день!"))
    assert answer.headers["Location"] == reverse("admin:dialogs_scenario_change", args=[scenario.pk])
    page = client.get(answer.headers["Location"]).content.decode()
    assert "отличается от версии" in page
    assert "Черновик в порядке" in press(client, scenario, "check")
    assert "Опубликовано: версия 2" in press(client, scenario, "publish")
    scenario.refresh_from_db()
    assert scenario.current is not None
    assert scenario.current.author == people.editor
    assert scenario.current.compiled["steps"]["hello"]["text"] == "Добрый день!"
    assert before is not None
    before.refresh_from_db()
    assert before.compiled["steps"]["hello"]["text"] != "Добрый день!"
    assert "ничего не изменилось" in press(client, scenario, "publish")
    assert ScenarioVersion.objects.count() == 2


def test_findings_stand_at_their_step_and_nothing_is_published(client: Client, scenario: Scenario) -> None:
    step = scenario.steps.get(key="hello")
    Step.objects.filter(pk=step.pk).update(next="nowhere")
    page = press(client, scenario, "publish")
    assert "Не опубликовано" in page
    assert "Ведёт к шагу, которого нет" in page
    assert ScenarioVersion.objects.count() == 1
    at_step = client.get(reverse("admin:dialogs_step_change", args=[step.pk])).content.decode()
    assert "Ведёт к шагу, которого нет" in at_step


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("a: [", "Не читается как YAML"),
        ("just words", "по одной в строке"),
        ("next: hello", "задаётся выше или ниже: next"),
        ("text: a\nkind: say", "text, kind"),
    ],
)
def test_settings_that_cannot_be_read_are_refused(client: Client, scenario: Scenario, config: str, words: str) -> None:
    step = scenario.steps.get(key="hello")
    answer = client.post(reverse("admin:dialogs_step_change", args=[step.pk]), step_form(step, config=config))
    assert words in answer.content.decode()
    step.refresh_from_db()
    assert step.config == {}


def test_settings_travel_through_the_form_unchanged(client: Client, scenario: Scenario) -> None:
    before = compile_draft(scenario)
    for step in scenario.steps.exclude(kind="menu"):
        address = reverse("admin:dialogs_step_change", args=[step.pk])
        form = client.get(address).context["adminform"].form
        data = {name: form[name].value() for name in form.fields}
        data = {name: "" if value is None else value for name, value in data.items()}
        assert client.post(address, step_form(step, **data)).status_code == 302, step.key
    assert compile_draft(scenario) == before


def test_a_menu_s_buttons_are_rows(client: Client, scenario: Scenario) -> None:
    step = Step.objects.create(scenario=scenario, key="pick", kind="menu", text="Что вас интересует?", order=50)
    rows = {"choices-0-key": "a", "choices-0-text": "Доставка", "choices-0-next": "phone", "choices-0-order": 0}
    answer = client.post(
        reverse("admin:dialogs_step_change", args=[step.pk]),
        {
            **step_form(step),
            "choices-TOTAL_FORMS": 1,
            "choices-0-step": step.pk,
            "choices-0-synonyms": "привезти",
            **rows,
        },
    )
    assert answer.status_code == 302
    choice = Choice.objects.get(step=step)
    assert (choice.text, choice.next, choice.synonyms) == ("Доставка", "phone", "привезти")


def test_a_new_step_is_offered_the_scenario_s_steps(client: Client, scenario: Scenario) -> None:
    page = client.get(reverse("admin:dialogs_step_add"), {"scenario": scenario.pk})
    assert '<option value="phone">' in page.content.decode()
    data = {
        "scenario": scenario.pk,
        "key": "more",
        "kind": "say",
        "order": 99,
        "text": "Ещё",
        "next": "phone",
        "config": "",
    }
    answer = client.post(reverse("admin:dialogs_step_add"), data)
    assert answer.headers["Location"] == reverse("admin:dialogs_scenario_change", args=[scenario.pk])
    assert scenario.steps.filter(key="more").exists()


def test_versions_are_compared_and_gone_back_to(people: People, client: Client, scenario: Scenario) -> None:
    first = scenario.current
    assert first is not None
    scenario.steps.filter(key="hello").update(text="Совсем другое")
    second = publish(scenario)
    page = client.get(reverse("admin:dialogs_scenarioversion_compare", args=[second.pk])).content.decode()
    assert 'class="o-new">    text: Совсем другое' in page
    assert "одинаковых строк" in page
    client.post(reverse("admin:dialogs_scenarioversion_do", args=[first.pk, "roll-back"]))
    scenario.refresh_from_db()
    assert scenario.current is not None
    assert scenario.current.number == 3
    assert scenario.current.compiled == first.compiled == compile_draft(scenario)
    assert "откат" not in scenario.current.note
    current = reverse("admin:dialogs_scenarioversion_do", args=[scenario.current.pk, "roll-back"])
    assert client.post(current).status_code == 403


def test_a_published_scenario_is_not_deleted(client: Client, scenario: Scenario) -> None:
    assert client.post(reverse("admin:dialogs_scenario_delete", args=[scenario.pk]), {"post": "yes"}).status_code == 403
    draft = Scenario.objects.create(key="draft", title="Черновик")
    assert client.post(reverse("admin:dialogs_scenario_delete", args=[draft.pk]), {"post": "yes"}).status_code == 302
    assert list(Scenario.objects.values_list("key", flat=True)) == ["first-contact"]


def test_a_file_goes_out_and_comes_back_the_same(client: Client, scenario: Scenario) -> None:
    answer = client.get(reverse("admin:dialogs_scenario_export", args=[scenario.pk]))
    assert answer.content.decode() == export_yaml(scenario)
    before = compile_draft(scenario)
    scenario.steps.all().delete()
    upload = SimpleUploadedFile("s.yaml", answer.content)
    client.post(reverse("admin:dialogs_scenario_import"), {"file": upload})
    assert compile_draft(Scenario.objects.get()) == before
    assert ScenarioVersion.objects.count() == 1


@pytest.mark.parametrize("text", ["a: [", "title: без ключа", "key: x\nsteps: {a: {kind: nonsense}}", ""])
def test_a_bad_file_changes_nothing_and_says_why(client: Client, scenario: Scenario, text: str) -> None:
    before = compile_draft(scenario)
    page = client.post(reverse("admin:dialogs_scenario_import"), {"text": text}).content.decode()
    assert "Не загружено; ничего не изменилось" in page
    assert compile_draft(Scenario.objects.get()) == before


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"k" * 1_000_001])
def test_a_file_that_is_no_text_or_too_large_is_refused(client: Client, scenario: Scenario, content: bytes) -> None:
    upload = SimpleUploadedFile("s.yaml", content)
    page = client.post(reverse("admin:dialogs_scenario_import"), {"file": upload}).content.decode()
    assert "Файл не читается" in page


def test_long_equal_stretches_are_folded() -> None:
    old = "\n".join(str(number) for number in range(20))
    pairs = side_by_side(old, old.replace("10", "ten"))
    assert [pair.folded for pair in pairs if pair.folded] == [7, 6]
    assert Pair("10", "ten", is_changed=True) in pairs
    assert side_by_side("a", "a") == [Pair("a", "a")]


def test_every_code_of_the_engine_has_a_sentence() -> None:
    folder = Path(str(engine.__file__)).parent
    codes = {
        code
        for file in folder.rglob("*.py")
        for code in re.findall(r'Problem\(\s*"([a-z-]+)"', file.read_text("utf-8"))
    }
    assert codes - SENTENCES.keys() == set()

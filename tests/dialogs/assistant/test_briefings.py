"""Texts for our own people: a mini-script on request, a summary of a lead, by the model where there is one, else by rules."""

import threading
from typing import Any

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from bot.models import Channel
from crm.models import Lead
from dialogs import briefings
from dialogs.assistant import breaker
from dialogs.assistant.shelves import shelves
from dialogs.assistant.writing import write_text
from dialogs.drafts import import_draft
from dialogs.engine.personas import Persona
from dialogs.models import AssistantTurn, Briefing
from dialogs.preset_loading import load_preset
from dialogs.publishing import publish
from dialogs.scripted_briefing import mini_script
from dialogs.surroundings import forget
from dialogs.tasks import write_briefings
from dialogs.turn import take_turns
from tests.dialogs.assistant.talk import SCRIPT, Talk, later
from tests.emulators.llm import ModelServer, Mood
from tests.people import logged_in, make_people

PARTS = ("Суть", "Начало разговора", "Вопросы", "Предложение", "Возражения", "Шаг")


@pytest.fixture
def lead(anna: Talk) -> Lead:
    """Anna's lead, after a few words."""
    anna.says("Здравствуйте")
    anna.says("Боюсь потерять деньги")
    found = anna.conversation.lead
    assert found is not None
    return found


def script_of(lead: Lead) -> Briefing:
    return Briefing.objects.filter(lead=lead, kind="script").latest("pk")


def test_without_a_key_a_script_is_written_by_rules_from_what_is_known(lead: Lead) -> None:
    briefings.ask_for_script(lead)
    write_briefings()
    row = script_of(lead)
    assert (row.provider, row.fallback, row.prompt_version) == ("scripted", "no_key", 1)
    positions = [row.text.index(f"{part}\n") for part in PARTS]
    assert positions == sorted(positions)
    assert "Анна, здравствуйте!" in row.text
    assert "Вы писали: «Боюсь потерять деньги»" in row.text
    assert "программа «Курс «Старт»» отвечает" in row.text
    assert row.written_at is not None


def test_with_a_key_the_model_writes_it_and_its_price_counts(lead: Lead, model: ModelServer) -> None:
    briefings.ask_for_script(lead)
    assert briefings.write_waiting() == 1
    row = script_of(lead)
    assert row.text.startswith("Суть\nСлова модели")
    assert (row.provider, row.model, row.fallback) == ("openai", "gpt-4o-mini", "")
    assert row.cost > 0 < row.tokens_out
    told = model.requests[-1]["messages"][0]["content"]
    assert told.startswith("Ты — наставник отдела продаж")
    assert "Клиент: Боюсь потерять деньги" in told
    assert "{{" not in told


@pytest.mark.parametrize("mood", [Mood.BROKEN, Mood.INVALID_JSON, Mood.TOO_MANY, Mood.LONG, Mood.INJECTED, Mood.SLOW])
def test_whatever_the_model_does_there_is_a_script(
    lead: Lead, model: ModelServer, mood: Mood, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dialogs.assistant.writing.SECONDS", 3.0)
    model.moods.always(mood)
    briefings.ask_for_script(lead)
    briefings.write_waiting()
    row = script_of(lead)
    assert row.provider == "scripted"
    assert row.fallback
    assert all(part in row.text for part in PARTS)


def test_a_spent_day_and_an_open_breaker_leave_it_to_the_rules(
    lead: Lead, model: ModelServer, settings: Settings
) -> None:
    settings.ASSISTANT_DAY_LIMIT = AssistantTurn.objects.none().count()
    briefings.ask_for_script(lead)
    briefings.write_waiting()
    assert script_of(lead).fallback == "day_limit"
    settings.ASSISTANT_DAY_LIMIT = 5
    breaker.failed(rest=60.0)
    briefings.ask_for_script(lead)
    briefings.write_waiting()
    assert script_of(lead).fallback == "breaker"
    assert len(model.requests) == 0


def test_two_presses_at_the_same_instant_ask_once(lead: Lead) -> None:
    start = threading.Barrier(4)

    def press() -> None:
        start.wait()
        briefings.ask_for_script(lead)
        connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Briefing.objects.count() == 1


def test_a_text_whose_worker_died_is_written_by_the_next(lead: Lead) -> None:
    briefings.ask_for_script(lead)
    Briefing.objects.update(claimed_at=timezone.now())
    assert briefings.write_waiting() == 0
    Briefing.objects.update(claimed_at=timezone.now() - briefings.CLAIM_LASTS * 2)
    assert briefings.write_waiting() == 1


def test_a_lead_that_never_talked_to_us_has_no_script(lead: Lead) -> None:
    assert briefings.ask_for_script(Lead.objects.create(customer=lead.customer)) is None


# --- the summary


@pytest.fixture
def wanted(anna: Talk) -> Talk:
    """A customer of a scenario whose leads are offered to the managers."""
    publish(import_draft({**SCRIPT, "leads_to": "managers"}))
    return anna


def test_the_model_s_summary_takes_the_place_of_ours(wanted: Talk, model: ModelServer) -> None:
    wanted.says("Здравствуйте")
    wanted.says("Позовите менеджера, пожалуйста")
    lead = wanted.conversation.lead
    assert lead is not None
    assert lead.summary.startswith("Анна: анкета не пройдена.")
    assert briefings.write_waiting() == 1
    lead.refresh_from_db()
    assert lead.summary == (
        "Клиент хочет разобраться с нуля. Боится потерять деньги. Договорились обсудить это на консультации."
    )
    assert model.requests[-1]["messages"][0]["content"].startswith("Составь сводку о клиенте")


def test_a_summary_somebody_changed_meanwhile_is_left_alone(wanted: Talk, model: ModelServer) -> None:
    wanted.says("Здравствуйте")
    wanted.says("Позовите менеджера, пожалуйста")
    row, lead = Briefing.objects.get(kind="summary"), wanted.conversation.lead
    assert lead is not None
    real = write_text

    def changed_meanwhile(*args: Any, **kwargs: Any) -> Any:
        Lead.objects.filter(pk=lead.pk).update(summary="Слова менеджера")
        return real(*args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(briefings, "write_text", changed_meanwhile)
        briefings.write(row)
    lead.refresh_from_db()
    assert lead.summary == "Слова менеджера"


def test_without_a_model_no_better_summary_is_asked_for(wanted: Talk) -> None:
    wanted.says("Здравствуйте")
    wanted.says("Позовите менеджера, пожалуйста")
    assert not Briefing.objects.exists()
    lead = wanted.conversation.lead
    assert lead is not None
    assert lead.summary.startswith("Анна: анкета не пройдена.")


@pytest.fixture
def school(transactional_db: None) -> Talk:
    """A customer of the school who has answered the survey."""
    load_preset("sales")
    shelves.forget()
    forget()
    channel = Channel.objects.create(kind="telegram", title="Школа", credentials={"token": "1:x"}, scenario_key="sales")
    talk = Talk(channel)
    talk.writes("Здравствуйте")
    take_turns(clock=later)
    talk.presses("survey:start")
    for number in range(1, 6):
        talk.presses(f"survey:q{number}:b")
    return talk


def test_after_the_survey_our_rules_sum_the_profile_up_at_once(school: Talk) -> None:
    lead = school.conversation.lead
    assert lead is not None
    assert lead.summary.startswith(f"Анна: анкета на {school.customer.lead_score} б.")
    assert "О себе: опыт — " in lead.summary
    assert not Briefing.objects.exists()


def test_after_the_survey_the_model_sums_the_profile_up_better(model: ModelServer, school: Talk) -> None:
    assert briefings.write_waiting() == 1
    lead = school.conversation.lead
    assert lead is not None
    assert lead.summary.startswith("Клиент хочет разобраться с нуля.")
    told = model.requests[-1]["messages"][0]["content"]
    assert "Профиль: опыт — " in told
    assert f"баллов: {school.customer.lead_score}" in told


# --- the card


def test_the_card_shows_the_button_then_the_script(lead: Lead, channel: Channel) -> None:
    people = make_people()
    Lead.objects.filter(pk=lead.pk).update(manager=people.olga, status="taken")
    client, url = logged_in(people.manager), reverse("lead_script", args=[lead.pk])
    card = client.get(reverse("admin:crm_lead_change", args=[lead.pk])).content.decode()
    assert f'hx-get="{url}" hx-trigger="load"' in card
    assert "Составить мини-скрипт" in client.get(url).content.decode()
    asked = client.post(url).content.decode()
    assert "Пишется…" in asked
    assert 'hx-trigger="every 2s"' in asked
    briefings.write_waiting()
    shown = client.get(url).content.decode()
    assert "Возражения" in shown
    assert "по правилам" in shown
    assert "Составить заново" in shown
    assert "every 2s" not in shown
    assert Briefing.objects.get().author == people.manager


def test_only_those_who_see_the_lead_see_its_script(lead: Lead) -> None:
    people = make_people()
    Lead.objects.filter(pk=lead.pk).update(manager=people.olga)
    url = reverse("lead_script", args=[lead.pk])
    codes = {
        name: logged_in(people.user(name)).get(url).status_code
        for name in ("owner", "manager", "manager2", "editor", "analyst")
    }
    assert codes == {"owner": 200, "manager": 200, "manager2": 404, "editor": 403, "analyst": 200}
    assert logged_in(people.analyst).post(url).status_code == 403
    other = Lead.objects.create(customer=people.customer, manager=people.olga)
    assert "мини-скрипт" not in logged_in(people.owner).get(reverse("lead_script", args=[other.pk])).content.decode()


# --- the rules


def test_what_is_known_is_not_asked_and_the_scenario_s_own_doubts_come_first() -> None:
    values = dict.fromkeys(
        ("business_name", "customer_name", "profile", "segment", "scenario", "goal", "experience", "budget", "product",
         "materials", "last_message"), "",
    )  # fmt: skip
    bare = mini_script(values, Persona())
    assert "Имя не названо: клиент, анкету не проходил." in bare
    assert "Вы оставляли нам заявку." in bare
    assert "эксперт разберёт именно это" in bare
    assert "без обещаний" in bare
    known = {**values, "experience": "новичок", "budget": "100 000", "goal": "накопить", "profile": "опыт — новичок"}
    persona = Persona(questions=("Что смущает?",), objections={"боюсь": ("Понимаю вас.",)})
    full = mini_script({**known, "scenario": "newcomer", "segment": "hot", "materials": "Кейс: ссылка\nЕщё"}, persona)
    assert "С: Вы говорили: опыт — новичок." in full
    assert "П: Что смущает?" in full
    assert "«боюсь» — Понимаю вас." in full
    assert "пришлите пример — Кейс: ссылка" in full
    assert "новичок, готов действовать" in full
    assert "пирамида" in mini_script({**values, "scenario": "sceptic"}, Persona())

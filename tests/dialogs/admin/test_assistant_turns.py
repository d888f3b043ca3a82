"""Why this answer: the record of one turn on a page, reached from the words themselves."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from bot.models import Message
from dialogs.admin.verdict_words import ACTIONS, FALLBACKS, FORBIDDEN, REASONS, RULES, lines_of
from dialogs.assistant.provider import ProviderError
from dialogs.drafts import import_draft
from dialogs.engine.policy import RULES as POLICY
from dialogs.engine.proposals import NextAction
from dialogs.models import AssistantTurn, Conversation
from dialogs.publishing import publish
from dialogs.safety.policies import shipped
from tests.dialogs.engine.play import ask, script
from tests.dialogs.engine.test_policy import judge
from tests.people import People, lead_of, logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def turn(people: People) -> AssistantTurn:
    """A decided turn in a dialogue whose lead is Olga's."""
    now = timezone.now()
    decision = judge("Понимаю вас. Курс стоит 990 рублей.")
    lead = lead_of(people.customer, chat=people.chat, manager=people.olga, status="taken")
    conversation = Conversation.objects.create(
        chat=people.chat, customer=people.customer, lead=lead, started_at=now, updated_at=now, step="talk",
        version=publish(import_draft(script({"phone": ask()}, key="sales", title="Школа"))),
    )  # fmt: skip
    turn = AssistantTurn.objects.create(
        conversation=conversation, request=1, status="decided", provider="openai", model="gpt-test", asked_at=now,
        prompts={"system_manager": 3}, raw='{"reply_text": "Понимаю вас. Курс стоит 990 рублей."}', tokens_in=812,
        tokens_out=40, cost=Decimal("0.0012"), latency_ms=1840, final_text=decision.text,
        facts={"policy": {"said": "Сколько стоит?", "rules": "1"}, "context": {"segment": "warm"}},
        verdicts=[{"rule": item.rule, "allowed": item.allowed, "reason": item.reason} for item in decision.verdicts],
        decision={"text": decision.text, "buttons": [{"text": "Да", "callback": "talk:more"}], "next_action": "ask"},
    )  # fmt: skip
    Message.objects.create(
        chat=people.chat, channel=people.chat.channel, role="bot", text=decision.text, status="sent",
        extras={"buttons": [], "about": f"turn:{turn.pk}"},
    )  # fmt: skip
    return turn


def test_the_page_tells_what_was_known_proposed_judged_and_said(people: People, turn: AssistantTurn) -> None:
    shown = logged_in(people.admin).get(reverse("admin:dialogs_assistantturn_change", args=[turn.pk])).content.decode()
    for words in (
        "Почему такой ответ", "Сколько стоит?", "Курс стоит 990 рублей", "Понимаю вас.", "Без выдуманных цен и процентов",
        "нарушено", "убрано: такой суммы или процента нет в наших текстах: Курс стоит 990 рублей.", "system_manager v3",
        "812 + 40", "1840", "0,001200", "gpt-test", "talk:more", "&quot;segment&quot;: &quot;warm&quot;",
    ):  # fmt: skip
        assert words in shown, words


def test_the_words_in_the_transcript_lead_to_their_reasons(people: People, turn: AssistantTurn) -> None:
    url = reverse("admin:crm_lead_dialogue", args=[turn.conversation.lead_id])
    link = reverse("admin:dialogs_assistantturn_change", args=[turn.pk])
    assert f'<a href="{link}">почему такой ответ</a>' in logged_in(people.manager).get(url).content.decode()
    Message.objects.update(extras={})
    assert "почему такой ответ" not in logged_in(people.manager).get(url).content.decode()


def test_a_manager_reads_the_reasons_of_their_own_leads_only(people: People, turn: AssistantTurn) -> None:
    url = reverse("admin:dialogs_assistantturn_change", args=[turn.pk])
    assert logged_in(people.manager).get(url).status_code == 200
    assert logged_in(people.manager2).get(url).status_code == 302  # not theirs: as if it were not there
    assert logged_in(people.editor).get(url).status_code == 403
    assert (
        "Понимаю вас."
        in logged_in(people.manager).get(reverse("admin:dialogs_assistantturn_changelist")).content.decode()
    )


def test_an_answer_that_is_no_json_is_shown_as_it_came(people: People, turn: AssistantTurn) -> None:
    AssistantTurn.objects.update(raw="Просто слова", facts={}, verdicts=[], decision={}, final_text="")
    shown = logged_in(people.admin).get(reverse("admin:dialogs_assistantturn_change", args=[turn.pk])).content.decode()
    assert "Просто слова" in shown and "Решения пока нет." in shown


def _below(kind: type[ProviderError]) -> list[type[ProviderError]]:
    return [found for child in kind.__subclasses__() for found in (child, *_below(child))]


def test_no_code_stands_on_the_page(people: People, turn: AssistantTurn) -> None:
    verdicts = [
        {"rule": "safety.income_promise", "allowed": False, "reason": "доход вырастет"},
        {"rule": "hot_means_offer", "allowed": False, "reason": "offer_due: offer_consult"},
        {"rule": "last_resort", "allowed": False, "reason": "escalate_to_manager"},
    ]
    AssistantTurn.objects.update(
        provider="scripted", fallback="breaker", verdicts=[{"rule": "safety", "allowed": True, "reason": ""}, *verdicts],
        decision={"text": "…", "next_action": "offer_consult"}, raw="", facts={},
    )  # fmt: skip
    client = logged_in(people.admin)
    shown = client.get(reverse("admin:dialogs_assistantturn_change", args=[turn.pk])).content.decode()
    for words in (
        "Ничего запрещённого не сказано", "Без обещаний дохода", "предлагает консультацию", "зовёт менеджера",
        "продавец по правилам", "её на время оставили в покое", f"{turn.conversation_id}/1: решено",
    ):  # fmt: skip
        assert words in shown, words
    for code in (
        "safety",
        "income_promise",
        "offer_consult",
        "escalate_to_manager",
        "breaker",
        "scripted",
        ": decided",
    ):
        assert f"{code}<" not in shown and f">{code}" not in shown, code


def test_every_rule_and_every_reason_has_words() -> None:
    assert set(shipped().rules) <= set(FORBIDDEN)
    assert set(NextAction) == set(ACTIONS)
    kinds: list[type[ProviderError]] = [ProviderError, *_below(ProviderError)]
    codes = {kind.code for kind in kinds}
    assert codes <= set(FALLBACKS)
    assert {rule.__name__ for rule in POLICY} <= set(RULES)
    told = [lines_of([{"rule": "x", "allowed": False, "reason": code}])[0] for code in REASONS]
    with translation.override("ru"):
        assert all(str(line.reason) for line in told)
    unknown = lines_of([{"rule": "promise", "allowed": False, "reason": "«без риска»"}])[0]
    assert (unknown.rule, unknown.reason, unknown.detail) == ("promise", "", "«без риска»")

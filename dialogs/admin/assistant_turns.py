"""Why this answer: one turn of the assistant, from what it knew to what was said, each rule with its verdict."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from bot.backoffice.ledger import LedgerAdmin
from crm.queries import visible_leads
from dialogs.admin.verdict_words import FALLBACKS, PROVIDERS, action_in_words, lines_of
from dialogs.models import AssistantTurn

SHOWN = (
    *("customer", "dialogue", "step", "status", "answered_by", "model", "why_by_rules", "prompt_versions"),
    *("tokens", "cost", "latency_ms", "asked_at", "answered_at", "decided_at", "error"),
)


@admin.register(AssistantTurn)
class AssistantTurnAdmin(LedgerAdmin):
    """A ledger: the assistant and the policy write here, people only read."""

    list_display = ("asked_at", "customer", "status", "answered_by", "said", "broken", "latency_ms", "cost")
    list_display_links = ("asked_at", "customer")
    list_filter = (("status", ChoicesDropdownFilter),)
    list_select_related = ("conversation__customer",)
    ordering = ("-asked_at", "-id")
    sortable_by = ()
    fields = SHOWN
    change_form_outer_before_template = "admin/dialogs/assistantturn/why.html"

    @display(description=_("customer"))
    def customer(self, turn: AssistantTurn) -> str:
        return str(turn.conversation.customer)

    @display(description=_("conversation"))
    def dialogue(self, turn: AssistantTurn) -> str:
        return f"№ {turn.conversation_id}"

    @display(description=_("said"))
    def said(self, turn: AssistantTurn) -> str:
        return turn.final_text[:80] or "—"

    @display(description=_("rules broken"))
    def broken(self, turn: AssistantTurn) -> str:
        return str(sum(not verdict["allowed"] for verdict in turn.verdicts) or "—")

    @display(description=_("provider"))
    def answered_by(self, turn: AssistantTurn) -> Any:
        return PROVIDERS.get(turn.provider, turn.provider) or "—"

    @display(description=_("why scripted"))
    def why_by_rules(self, turn: AssistantTurn) -> Any:
        return FALLBACKS.get(turn.fallback, turn.fallback) or "—"

    @display(description=_("prompts"))
    def prompt_versions(self, turn: AssistantTurn) -> str:
        return ", ".join(f"{name} v{version}" for name, version in turn.prompts.items()) or "—"

    @display(description=_("tokens"))
    def tokens(self, turn: AssistantTurn) -> str:
        return f"{turn.tokens_in} + {turn.tokens_out}"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[AssistantTurn]:
        rows: QuerySet[AssistantTurn] = super().get_queryset(request)
        if request.user.has_perm("crm.see_every_lead"):
            return rows
        return rows.filter(conversation__lead__in=visible_leads(request.user))

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        turn = self.get_object(request, object_id)
        why = {} if turn is None else _why(turn)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **why})


def _why(turn: AssistantTurn) -> dict[str, Any]:
    policy, context = turn.facts.get("policy") or {}, turn.facts.get("context") or {}
    return {
        "title": _("Why this answer"),
        "verdicts": lines_of(turn.verdicts),
        "heard": str(policy.get("said") or ""),
        "raw": _indented(turn.raw),
        "policy_facts": json.dumps(policy, ensure_ascii=False, indent=2),
        "context_facts": json.dumps(context, ensure_ascii=False, indent=2),
        "decision": turn.decision,
        "action": action_in_words(str(turn.decision.get("next_action") or "")),
        "dialogue_url": reverse("admin:dialogs_conversation_change", args=[turn.conversation_id]),
    }


def _indented(raw: str) -> str:
    """Return JSON so that one can read it, anything else as it came."""
    try:
        return json.dumps(json.loads(raw), ensure_ascii=False, indent=2)
    except ValueError:
        return raw

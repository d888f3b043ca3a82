"""Results become rows: the record of the turn and the event its dialogue will hear, in one transaction."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from bot.inbox import Arrival, store
from bot.messages import Envelope, EventKind
from dialogs.assistant import ruleset
from dialogs.assistant.briefing import Brief
from dialogs.assistant.judging import policies_of, screened
from dialogs.assistant.parsing import to_json
from dialogs.assistant.provider import Answer, ProviderError
from dialogs.engine.proposals import Proposal, Verdict
from dialogs.models import AssistantTurn

Status = AssistantTurn.Status
WRITTEN = (
    *("status", "facts", "prompts", "provider", "model", "fallback", "raw", "verdicts", "tokens_in", "tokens_out"),
    *("cost", "latency_ms", "error", "answered_at"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question. There is always an answer: the scripted one when the provider had none."""

    brief: Brief
    answer: Answer
    provider: str
    cost: Decimal = Decimal(0)
    fallback: str = ""  # why the scripted assistant answered
    latency_ms: int = 0
    failure: ProviderError | None = None
    proposal: Proposal | None = None  # as the safety rules left it; None until they have judged
    verdicts: tuple[Verdict, ...] = ()

    @property
    def was_answered(self) -> bool:
        """Whether the provider itself is well: it answered, usably or not."""
        return not self.fallback or (self.failure is not None and not self.failure.speaks_of_provider)


def judged(outcome: Outcome) -> Outcome:
    """Return the outcome with what the safety rules make of it; thinking, so it is done before any row is held."""
    brief = outcome.brief
    policies = policies_of(brief.turn.conversation.version_id)
    proposal, verdicts = screened(outcome.answer.proposal, policies, own_contacts=brief.own_contacts)
    return replace(outcome, proposal=proposal, verdicts=verdicts)


def settle(outcomes: Sequence[Outcome], *, window: float = 0.0) -> list[Outcome]:
    """Write the outcomes and tell the dialogues; return those whose row somebody holds right now, for another try.

    For `window` seconds the worker of turns leaves the answers to whoever settled them.
    """
    if not outcomes:
        return []
    by_turn = {outcome.brief.turn.pk: outcome for outcome in outcomes}
    with transaction.atomic(durable=True):
        # SKIP LOCKED: a turn that makes its question stale holds the row, and may wait for another of ours.
        rows = AssistantTurn.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk__in=by_turn)
        held = list(rows)
        arrivals = [arrival for row in held if (arrival := _write(row, by_turn[row.pk])) is not None]
        AssistantTurn.objects.bulk_update(held, WRITTEN)
        store(arrivals, window=window)
    written = {row.pk for row in held}
    left = [outcome for pk, outcome in by_turn.items() if pk not in written]
    existing = set(
        AssistantTurn.objects.filter(pk__in=[item.brief.turn.pk for item in left]).values_list("pk", flat=True)
    )
    return [outcome for outcome in left if outcome.brief.turn.pk in existing]  # an erased dialogue took its rows along


def _write(row: AssistantTurn, outcome: Outcome) -> Arrival | None:
    """Fill the row; return the event, unless the question became stale meanwhile: what it cost is kept all the same."""
    answer, request = outcome.answer, outcome.brief.request
    screening = {"own_contacts": list(outcome.brief.own_contacts), "rules": ruleset.mark()}
    row.facts = {**row.facts, "context": request.context.to_json(), "screening": screening}
    row.prompts = dict(request.prompts)
    row.provider, row.model, row.fallback = outcome.provider, answer.model[:120], outcome.fallback
    row.raw = answer.raw
    row.verdicts = [asdict(verdict) for verdict in outcome.verdicts]
    row.tokens_in, row.tokens_out = answer.usage.tokens_in, answer.usage.tokens_out
    row.cost, row.latency_ms = outcome.cost, outcome.latency_ms
    row.error = _told(outcome.failure)
    row.answered_at = timezone.now()
    if row.status != Status.ASKED:
        return None
    row.status = Status.ANSWERED
    payload = {
        "turn": row.pk,
        "conversation": row.conversation_id,
        "request": row.request,
        "epoch": row.epoch,
        "proposal": to_json(outcome.proposal or answer.proposal),
        "screening": row.verdicts,
        "facts": dict(outcome.brief.facts),
    }
    return _arrival(outcome.brief, row, payload)


def _told(failure: ProviderError | None) -> str:
    """Return what went wrong, with the provider's own words when they could not be used."""
    return "" if failure is None else "\n".join(filter(None, (str(failure), failure.raw)))[:2000]


def _arrival(brief: Brief, row: AssistantTurn, payload: dict[str, Any]) -> Arrival:
    chat = brief.chat
    envelope = Envelope(f"assistant:{row.pk}", chat.external_id, EventKind.PROPOSED, payload)
    return Arrival(chat.channel_id, envelope, row.request_id)

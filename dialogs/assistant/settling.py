"""Results become rows: the record of the turn and the event its dialogue will hear, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bot.inbox import Arrival, store, to_jsonb
from bot.messages import Envelope, EventKind
from dialogs.assistant import ruleset
from dialogs.assistant.briefing import Brief
from dialogs.assistant.judging import policies_of, screened
from dialogs.assistant.parsing import to_json
from dialogs.assistant.provider import Answer, ProviderError
from dialogs.engine.proposals import Proposal, Verdict
from dialogs.models import AssistantTurn

Status = AssistantTurn.Status
# One statement and one parameter for all rows: what an UPDATE of Django's with a case for each field and row costs many times.
WRITE_SQL = """
UPDATE dialogs_assistantturn t SET status = r.status, facts = t.facts || r.facts, prompts = r.prompts, provider = r.provider,
    model = r.model, fallback = r.fallback, raw = r.raw, verdicts = r.verdicts, tokens_in = r.tokens_in,
    tokens_out = r.tokens_out, cost = r.cost, latency_ms = r.latency_ms, error = r.error, answered_at = %s
FROM jsonb_to_recordset(%s::jsonb) AS r(id bigint, status text, facts jsonb, prompts jsonb, provider text, model text,
    fallback text, raw text, verdicts jsonb, tokens_in int, tokens_out int, cost numeric, latency_ms int, error text)
WHERE t.id = r.id
"""


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
        held = list(rows.only("status", "conversation", "request", "epoch", "request_id"))
        arrivals = [_arrival(row, by_turn[row.pk]) for row in held if row.status == Status.ASKED]
        _write(held, by_turn)
        store(arrivals, window=window)
    written = {row.pk for row in held}
    left = [outcome for pk, outcome in by_turn.items() if pk not in written]
    existing = set(
        AssistantTurn.objects.filter(pk__in=[item.brief.turn.pk for item in left]).values_list("pk", flat=True)
    )
    return [outcome for outcome in left if outcome.brief.turn.pk in existing]  # an erased dialogue took its rows along


def _write(held: Sequence[AssistantTurn], by_turn: Mapping[int, Outcome]) -> None:
    """Fill the rows; what a question cost is kept though it became stale meanwhile."""
    rows = [_row(row, by_turn[row.pk]) for row in held]
    with connection.cursor() as cursor:
        cursor.execute(WRITE_SQL, [timezone.now(), to_jsonb(rows)])


def _row(row: AssistantTurn, outcome: Outcome) -> dict[str, Any]:
    answer, brief = outcome.answer, outcome.brief
    screening = {"own_contacts": list(brief.own_contacts), "rules": ruleset.mark()}
    return {
        "id": row.pk,
        "status": Status.ANSWERED if row.status == Status.ASKED else row.status,
        "facts": {"context": brief.request.context.to_json(), "screening": screening},
        "prompts": dict(brief.request.prompts),
        "provider": outcome.provider,
        "model": answer.model[:120],
        "fallback": outcome.fallback,
        "raw": answer.raw,
        "verdicts": _verdicts(outcome),
        "tokens_in": answer.usage.tokens_in,
        "tokens_out": answer.usage.tokens_out,
        "cost": str(outcome.cost),
        "latency_ms": outcome.latency_ms,
        "error": _told(outcome.failure),
    }


def _verdicts(outcome: Outcome) -> list[dict[str, Any]]:
    return [asdict(verdict) for verdict in outcome.verdicts]


def _told(failure: ProviderError | None) -> str:
    """Return what went wrong, with the provider's own words when they could not be used."""
    return "" if failure is None else "\n".join(filter(None, (str(failure), failure.raw)))[:2000]


def _arrival(row: AssistantTurn, outcome: Outcome) -> Arrival:
    """Return the event its dialogue will hear."""
    chat = outcome.brief.chat
    payload = {
        "turn": row.pk,
        "conversation": row.conversation_id,
        "request": row.request,
        "epoch": row.epoch,
        "proposal": to_json(outcome.proposal or outcome.answer.proposal),
        "screening": _verdicts(outcome),
        "facts": dict(outcome.brief.facts),
    }
    envelope = Envelope(f"assistant:{row.pk}", chat.external_id, EventKind.PROPOSED, payload)
    return Arrival(chat.channel_id, envelope, row.request_id)

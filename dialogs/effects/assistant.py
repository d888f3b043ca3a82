"""Questions to the assistant, and what became of its answers."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from bot.inbox import to_jsonb
from bot.nudges import nudge
from dialogs.effects.sheet import Occasion
from dialogs.engine.effects import AskAssistant, RecordDecision
from dialogs.models import AssistantTurn

DECIDE_SQL = """
UPDATE dialogs_assistantturn t SET status = r.status, decided_at = %s, decision = r.decision, final_text = r.final_text,
    verdicts = t.verdicts || r.verdicts, facts = t.facts || r.facts
FROM jsonb_to_recordset(%s::jsonb) AS r(id bigint, status text, decision jsonb, final_text text, verdicts jsonb, facts jsonb)
WHERE t.id = r.id AND t.status <> 'decided'
"""
_NOTHING: Mapping[str, Any] = {"decision": {}, "final_text": "", "verdicts": [], "facts": {}}


def ask_assistant(effect: AskAssistant, at: Occasion) -> None:
    """Put a question; its worker is nudged after the commit."""
    at.sheet.asked[at.conversation.pk] = AssistantTurn(
        conversation=at.conversation,
        request=effect.request,
        epoch=at.session.chat.epoch,
        step=effect.step,
        request_id=at.request_id,
        asked_at=at.sheet.now,
    )


def record_decision(effect: RecordDecision, at: Occasion) -> None:
    """Complete the record: what was decided and said, or that the answer came too late."""
    if effect.decision is None:
        at.sheet.decided.append({"id": effect.turn, "status": AssistantTurn.Status.STALE, **_NOTHING})
        return
    at.sheet.explained[at.event_id] = effect.turn
    decision = asdict(effect.decision)
    row = {"id": effect.turn, "status": AssistantTurn.Status.DECIDED, "verdicts": decision.pop("verdicts")}
    at.sheet.decided.append(
        {**row, "decision": decision, "final_text": effect.decision.text, "facts": {"policy": dict(effect.facts)}}
    )


def write_decisions(decided: Sequence[Mapping[str, Any]], now: dt.datetime) -> None:
    """Complete the records of a batch in one statement; what was decided once stays so."""
    if decided:
        with connection.cursor() as cursor:
            cursor.execute(DECIDE_SQL, [now, to_jsonb(list(decided))])


def write_questions(asked: Sequence[AssistantTurn]) -> None:
    """Write the questions of a batch; what their dialogues were still waiting for is stale from here on."""
    if not asked:
        return
    before = AssistantTurn.objects.filter(
        conversation__in=[turn.conversation_id for turn in asked], status__in=AssistantTurn.OPEN
    )
    before.update(status=AssistantTurn.Status.STALE, decided_at=asked[0].asked_at)
    AssistantTurn.objects.bulk_create(asked)
    transaction.on_commit(lambda: nudge(settings.ASSISTANT_READY_TASK))

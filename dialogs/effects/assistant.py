"""Questions to the assistant, and what became of its answers."""

from collections.abc import Sequence
from dataclasses import asdict

from django.conf import settings
from django.db import transaction

from bot.nudges import nudge
from dialogs.effects.sheet import Occasion
from dialogs.engine.effects import AskAssistant, RecordDecision
from dialogs.models import AssistantTurn


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
    turn = AssistantTurn.objects.filter(pk=effect.turn).exclude(status=AssistantTurn.Status.DECIDED)
    if effect.decision is None:
        turn.update(status=AssistantTurn.Status.STALE, decided_at=at.sheet.now)
        return
    at.sheet.explained[at.event_id] = effect.turn
    decision = asdict(effect.decision)
    verdicts = decision.pop("verdicts")
    row = turn.first()
    if row is not None:
        row.status, row.decided_at = AssistantTurn.Status.DECIDED, at.sheet.now
        row.decision, row.final_text = decision, effect.decision.text
        row.verdicts, row.facts = [*row.verdicts, *verdicts], {**row.facts, "policy": dict(effect.facts)}
        row.save(update_fields=["status", "decided_at", "decision", "final_text", "verdicts", "facts"])


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

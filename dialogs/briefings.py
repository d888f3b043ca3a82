"""Texts about a customer for our own people: asked for in one transaction, written by a worker, by the model or by rules.

Nobody waits for the model: until it has written, the lead keeps the summary our rules made of the dialogue.
"""

import datetime as dt
import time
from functools import partial

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from bot.nudges import nudge
from crm import offers
from crm.models import Lead
from dialogs.assistant.writing import Written, has_model, write_text
from dialogs.engine.personas import ANYBODY, Persona
from dialogs.engine.policy.pieces import pieces_of
from dialogs.engine.steps.assistant import Assistant
from dialogs.models import Briefing, Conversation
from dialogs.portrait import portrait_of
from dialogs.prompts.choice import prompt_for
from dialogs.prompts.files import PromptError, fill
from dialogs.publishing import script_of
from dialogs.scripted_briefing import mini_script

READY_TASK = "dialogs.tasks.write_briefings"
Kind = Briefing.Kind
DRAIN_SECONDS = 60.0
CLAIM_LASTS = dt.timedelta(minutes=3)  # after that its worker is taken for dead
MOST_SENTENCES = 4
LONGEST = {Kind.SCRIPT: 4000, Kind.SUMMARY: 700}  # characters


def conversation_of(lead: Lead) -> Conversation | None:
    """Return the dialogue a text about this lead is made of: the latest."""
    rows = Conversation.objects.select_related("customer", "version__scenario", "lead")
    return rows.filter(lead=lead).order_by("-id").first()


def ask_for_script(lead: Lead, *, author: AbstractBaseUser | None = None) -> Briefing | None:
    """Ask for a mini-script, unless one is being written; None for a lead that never talked to us."""
    conversation = conversation_of(lead)
    if conversation is None:
        return None
    # The lead's row lets one of two presses at the same instant ask.
    with transaction.atomic():
        Lead.objects.select_for_update().get(pk=lead.pk)
        under_way = Briefing.objects.filter(lead=lead, kind=Kind.SCRIPT, written_at=None).first()
        return under_way or _ask(Kind.SCRIPT, conversation, lead, author)


def ask_for_summary(lead: Lead, conversation: Conversation) -> Briefing | None:
    """Ask for a better summary than the one our rules made; None where there is no model to ask."""
    return _ask(Kind.SUMMARY, conversation, lead) if has_model() else None


def _ask(
    kind: Briefing.Kind, conversation: Conversation, lead: Lead, author: AbstractBaseUser | None = None
) -> Briefing:
    author_id = author.pk if author is not None else None
    row = Briefing.objects.create(
        kind=kind, conversation=conversation, lead=lead, author_id=author_id, asked_at=timezone.now()
    )
    transaction.on_commit(partial(nudge, READY_TASK))
    return row


def write_waiting() -> int:
    """Write what was asked for; return how many."""
    deadline, count = time.monotonic() + DRAIN_SECONDS, 0
    while time.monotonic() < deadline and (row := _claim()) is not None:
        write(row)
        count += 1
    return count


def _claim() -> Briefing | None:
    now = timezone.now()
    # Locked only for the moment of the claim: the model is asked outside of any transaction.
    with transaction.atomic(durable=True):
        free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_LASTS)
        waiting = Briefing.objects.filter(free, written_at=None).order_by("id")
        row = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if row is not None:
            Briefing.objects.filter(pk=row.pk).update(claimed_at=now)
    return row


def write(row: Briefing) -> None:
    """Write one text; whatever the model does, there is one."""
    conversation = Conversation.objects.select_related("customer", "version__scenario", "lead").get(
        pk=row.conversation_id
    )
    values = portrait_of(conversation, now=timezone.now(), lead=row.lead)
    written, version = _by_model(row, conversation, values)
    text = written.text or _by_rules(row, conversation, values)
    row.text, row.provider, row.model, row.fallback = text, written.provider, written.model[:120], written.fallback
    row.tokens_in, row.tokens_out, row.cost = written.usage.tokens_in, written.usage.tokens_out, written.cost
    row.prompt_version, row.written_at = version, timezone.now()
    row.save()
    if row.kind == Kind.SUMMARY and written.text and row.lead is not None:
        _put_on_card(row.lead, values["summary"], text)


def _by_model(row: Briefing, conversation: Conversation, values: dict[str, str]) -> tuple[Written, int]:
    try:
        prompt = prompt_for(conversation.version_id, Briefing.PROMPTS[Kind(row.kind)])
    except PromptError:
        return Written(fallback="no_prompt"), 0
    written = write_text(
        fill(prompt, values),
        conversation=conversation.pk,
        version_id=conversation.version_id,
        most=LONGEST[Kind(row.kind)],
    )
    if row.kind == Kind.SUMMARY and written.text and len(pieces_of(written.text)) > MOST_SENTENCES:
        written = written.refused("too_long")
    return written, prompt.version


def _by_rules(row: Briefing, conversation: Conversation, values: dict[str, str]) -> str:
    if row.kind == Kind.SUMMARY:
        return values["summary"]  # the rules have written it already
    return mini_script(values, _persona(conversation))


def _persona(conversation: Conversation) -> Persona:
    """Return how the scenario talks to this customer."""
    steps = script_of(conversation.version_id).steps.values()
    talk = next((step for step in steps if isinstance(step, Assistant)), None)
    return talk.persona(conversation.customer.persona or ANYBODY) if talk is not None else Persona()


def _put_on_card(lead: Lead, before: str, text: str) -> None:
    """Show the better summary, unless somebody has changed the lead's meanwhile."""
    with transaction.atomic():
        if Lead.objects.filter(pk=lead.pk, summary=before).update(summary=text):
            lead.refresh_from_db()
            offers.refresh(lead)

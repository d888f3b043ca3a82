"""Writing what a batch of turns wants: the rows of all sessions, many at once, in the turn's own transaction."""

import datetime as dt
from collections.abc import Sequence

from django.db import connection
from django.utils import timezone

from bot.inbox import to_jsonb
from bot.models import Chat, Message
from bot.nudges import nudge_deliveries
from bot.outbox import cancel_stale
from bot.rows import insert
from crm import erasure, leads, mirror
from crm.models import Customer, CustomerChat, Lead
from dialogs.effects import HANDLERS, Occasion
from dialogs.effects.assistant import write_decisions, write_questions
from dialogs.effects.leads import hand_chat_to_manager
from dialogs.effects.sheet import Sheet
from dialogs.engine.effects import HandOver
from dialogs.engine.state import Mode
from dialogs.models import Conversation, SurveyAnswer, Timer
from dialogs.session import Session

STATE_SQL = """
UPDATE dialogs_conversation c SET step = r.step, state = r.state, outcome = r.outcome, ended_at = r.ended_at, updated_at = %s
FROM jsonb_to_recordset(%s::jsonb) AS r(id bigint, step text, state jsonb, outcome text, ended_at timestamptz) WHERE c.id = r.id
"""
NOTED_SQL = """
UPDATE crm_lead l SET summary = r.summary FROM unnest(%s::bigint[], %s::text[]) AS r(id, summary) WHERE l.id = r.id
"""


def write(sessions: Sequence[Session], now: dt.datetime) -> None:
    """Write everything; raises and rolls the whole batch back when any part cannot be written."""
    sheet = Sheet(now)
    _make_people(sessions)
    _make_leads(sessions)
    _make_conversations(sessions)
    insert([row for session in sessions for row in session.transcript])
    _pass_on(sessions)
    for session in sessions:
        queued = len(sheet.messages)
        _hand_chat(session)
        _perform(session, sheet)
        _date_messages(sheet.messages[queued:], session, now)
        _apply_edits(session)
    _write_sheet(sheet)
    _write_states(sessions, now)
    _forget(sheet)


def _forget(sheet: Sheet) -> None:
    """Erase who asked for it, last of all: nothing of this batch may be written after it."""
    for farewell in sheet.farewells:
        session = farewell.session
        own = [row.dedupe_key for row in sheet.messages[farewell.since :] if row.chat_id == session.chat.pk]
        events, spared = session.event_ids, [key for key in own if key]
        erasure.erase(session.customer, by=erasure.BY_CUSTOMER, now=sheet.now, events=events, spared=spared)


def _pass_on(sessions: Sequence[Session]) -> None:
    """While a manager has a dialogue in the messenger, they hear there what its customer says."""
    human = {session.chat: session.transcript for session in sessions if session.chat.speaker == Chat.Speaker.MANAGER}
    if human:
        mirror.pass_on(human)


def _make_people(sessions: Sequence[Session]) -> None:
    new = [session for session in sessions if session.customer._state.adding]
    Customer.objects.bulk_create([session.customer for session in new])
    CustomerChat.objects.bulk_create([CustomerChat(customer=session.customer, chat=session.chat) for session in new])


def _make_leads(sessions: Sequence[Session]) -> None:
    """The first words of a dialogue without a lead make one, a new dialogue of a lost lead reopens it.

    Who only opened the chat is no lead yet: empty ones are what the CRM has enough of. The CRM's own lead is there already.
    """
    without = [session for session in sessions if session.lead is None and session.wants_lead]
    for session in sessions:
        if session.opened and session.utm and not session.wants_lead:
            session.chat.extras = {**session.chat.extras, "utm": session.utm}  # kept for the lead to come
            session.chat.save(update_fields=["extras"])
        if session.opened and session.lead is not None and session.lead.status in Lead.REOPENABLE:
            leads.reopen(session.lead, key=f"e{session.effects[0][0]}:anew")
    births = [
        leads.Birth(
            session.customer,
            session.chat,
            session.state.values.get("payload", ""),
            session.utm or session.chat.extras.get("utm") or {},
        )
        for session in without
    ]
    for session, lead in zip(without, leads.open_leads(births), strict=True):
        session.lead = lead
        if session.conversation is not None and not session.opened:
            session.conversation.lead = lead
            Conversation.objects.filter(pk=session.conversation.pk).update(lead=lead)


def _make_conversations(sessions: Sequence[Session]) -> None:
    opened = [session for session in sessions if session.opened and session.conversation is not None]
    if not opened:
        return
    # The one before is over: at most one dialogue of a chat is open, the database says so too.
    before = Conversation.objects.filter(chat__in=[session.chat for session in opened], ended_at=None)
    before.update(ended_at=timezone.now(), outcome="begun_anew")
    for session in opened:
        if session.conversation is not None:
            session.conversation.customer, session.conversation.lead = session.customer, session.lead
    Conversation.objects.bulk_create([session.conversation for session in opened if session.conversation is not None])


def _hand_chat(session: Session) -> None:
    """Change who speaks before anything is queued, so that the farewell carries the new epoch and the rest does not."""
    chat = session.chat
    gives_away = session.taken_over or any(isinstance(effect, HandOver) for _, effect in session.effects)
    changed: list[str] = []
    if gives_away and chat.speaker != Chat.Speaker.MANAGER:
        hand_chat_to_manager(chat)
        changed += ["speaker", "epoch"]
    if session.blocked is not None:
        chat.blocked_at = timezone.now() if session.blocked else None
        changed.append("blocked_at")
    if changed:
        chat.save(update_fields=[*changed, "updated_at"])
        cancel_stale(chat)


def _perform(session: Session, sheet: Sheet) -> None:
    for number, (event_id, effect) in enumerate(session.effects):
        HANDLERS[type(effect)](effect, Occasion(session, event_id, number, sheet))


def _date_messages(rows: Sequence[Message], session: Session, now: dt.datetime) -> None:
    """Give the answers their times. They may leave at once: by the database's clock the question came in the past, while this
    process's clock may be ahead; and who wrote first is answered first."""
    for row in rows:
        row.send_after = session.heard_at or now
        row.created_at = max(now, row.send_after)


def _apply_edits(session: Session) -> None:
    for external_id, text in session.edits.items():
        Message.objects.filter(chat=session.chat, external_id=external_id, role=Message.Role.USER).update(text=text)


def _write_sheet(sheet: Sheet) -> None:
    if sheet.silenced:
        due = Timer.objects.filter(conversation__in=sheet.silenced, fired_at=None, canceled_at=None)
        due.update(canceled_at=sheet.now)
    insert([timer for timers in sheet.timers.values() for timer in timers])
    insert(sheet.events)
    _write_notes(sheet)
    if sheet.answers:
        SurveyAnswer.objects.bulk_create(
            sheet.answers.values(),
            update_conflicts=True,
            unique_fields=["conversation", "survey", "question"],
            update_fields=["answer", "points", "answered_at"],
        )
    write_decisions(sheet.decided, sheet.now)
    write_questions(list(sheet.asked.values()))
    if sheet.messages:
        insert(sheet.messages)
        nudge_deliveries()


def _write_notes(sheet: Sheet) -> None:
    if sheet.noted:
        with connection.cursor() as cursor:
            cursor.execute(NOTED_SQL, [list(sheet.noted), [lead.summary for lead in sheet.noted.values()]])


def _write_states(sessions: Sequence[Session], now: dt.datetime) -> None:
    rows = [session for session in sessions if session.conversation is not None and session.state.step]
    if not rows:
        return
    changes = [_state_of(session, session.conversation) for session in rows if session.conversation is not None]
    with connection.cursor() as cursor:
        cursor.execute(STATE_SQL, [now, to_jsonb(changes)])


def _state_of(session: Session, conversation: Conversation) -> dict[str, object]:
    talking = session.state.mode is not Mode.ENDED
    conversation.step = session.state.step
    return {
        "id": conversation.pk,
        "step": conversation.step,
        "state": session.state,
        "outcome": "" if talking else conversation.outcome,
        "ended_at": None if talking else conversation.ended_at,
    }

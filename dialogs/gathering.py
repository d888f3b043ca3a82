"""Opening the sessions of a batch: everything their turns may need, in a handful of queries however many chats."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import orjson
from django.db import connection
from django.db.models import F

from bot.channels.registry import adapter_for
from bot.models import Chat
from crm import calendars
from crm.models import Consent, Customer, Lead
from dialogs.engine.effects import Purpose
from dialogs.engine.state import State
from dialogs.models import Conversation, Scenario
from dialogs.publishing import script_of
from dialogs.session import Session, Surroundings
from dialogs.shop_facts import Wish, shops_of
from dialogs.surroundings import look_around

# A chat's newest messages by its index, one look a chat: a join would read the whole transcript of each. Oldest first, so
# that the newest words of a button win. Each lies in another page, which nobody has looked at for days: few are read, and more
# only for an old button.
NEAR, FAR = 4, 12
RECENT_SQL = """
SELECT m.chat_id, m.id, m.external_id, m.lines, m.is_unseen, m.is_change FROM unnest(%s::bigint[]) AS pressed(chat_id)
CROSS JOIN LATERAL (
    SELECT chat_id, id, external_id, extras -> 'buttons' AS lines, extras ->> 'act' = 'change' AS is_change,
        role = 'system' OR extras ? 'pressed' AS is_unseen
    FROM bot_message WHERE chat_id = pressed.chat_id ORDER BY id DESC LIMIT %s) m
ORDER BY m.id
"""


def open_sessions(
    chats: Sequence[Chat], now: dt.datetime, *, scenario_keys: Mapping[int, str], pressed: Sequence[int] = ()
) -> list[Session]:
    """Return one session a chat, in the order given. `scenario_keys`: chat to the scenario the CRM asked for."""
    customers = _customers(chats)
    conversations = _conversations(chats)
    leads = _leads(chats)
    _join(conversations.values(), leads.values())
    consented = _consented([customer for customer in customers.values() if customer.pk])
    keys = {chat.pk: scenario_keys.get(chat.pk) or chat.channel.scenario_key for chat in chats}
    versions = _versions(set(keys.values()))
    recent = _recent(pressed)
    arounds: dict[str, Surroundings] = {}
    sessions = []
    for chat in chats:
        key, conversation = keys[chat.pk], conversations.get(chat.pk)
        if conversation is not None and conversation.ended_at is None:
            key = script_of(conversation.version_id).key  # the library of the dialogue under way
        around = arounds.get(key) or arounds.setdefault(key, look_around(now, key))
        session = _session(chat, around, customers[chat.pk], conversation, versions.get(keys[chat.pk]))
        session.open_lead = leads.get(chat.pk)
        session.lead = (session.conversation.lead if session.conversation else None) or session.open_lead
        session.has_consent = (session.customer.pk, Purpose.PERSONAL_DATA) in consented
        session.has_advertising_consent = (session.customer.pk, Purpose.ADVERTISING) in consented
        session.labels, session.screens = recent.get(chat.pk, ({}, {}))
        session.older_labels = partial(_older_labels, chat.pk)
        sessions.append(session)
    _look_at_calendar(sessions, now)
    _look_at_shop(sessions, now)
    return sessions


def _look_at_calendar(sessions: Sequence[Session], now: dt.datetime) -> None:
    """Only for scripts that book: one look for the whole batch."""
    booking_ones = [session for session in sessions if session.books]
    if booking_ones:
        known = [session.customer.pk for session in booking_ones if session.customer.pk]
        around = booking_ones[0].around
        calendar = calendars.outlook(known, now, rules=around.rules, holidays=around.holidays)
        for session in booking_ones:
            session.calendar = calendar


def _look_at_shop(sessions: Sequence[Session], now: dt.datetime) -> None:
    """Only for scripts that sell from a menu: a handful of looks for the whole batch."""
    selling = [session for session in sessions if session.sells]
    shops = shops_of([_wish(session) for session in selling], now)
    for session, shop in zip(selling, shops, strict=True):
        session.shop = shop


def _wish(session: Session) -> Wish:
    scripts = (session.script, session.newest[1] if session.newest is not None else None)
    key = next(script.key for script in scripts if script is not None and script.shop is not None)
    return Wish(session.customer, key, session.chat.channel.kind, session.state.values.get("place", ""), session.chat)


def _session(
    chat: Chat, around: Surroundings, customer: Customer, conversation: Conversation | None, version_id: int | None
) -> Session:
    # An ended dialogue still hears its person, on its own version, as long as nothing begins anew.
    return Session(
        chat=chat,
        around=around,
        abilities=adapter_for(chat.channel.kind).abilities,
        customer=customer,
        script=script_of(conversation.version_id) if conversation is not None else None,
        newest=(version_id, script_of(version_id)) if version_id is not None else None,
        conversation=conversation,
        state=State.from_json(conversation.state) if conversation is not None else State(),
    )


def _ids(chats: Sequence[Chat]) -> list[int]:
    return [chat.pk for chat in chats]


def _customers(chats: Sequence[Chat]) -> dict[int, Customer]:
    rows = Customer.objects.filter(links__chat__in=_ids(chats)).annotate(of_chat=F("links__chat_id"))
    known = {row.of_chat: row for row in rows}
    return {
        chat.pk: known.get(chat.pk) or Customer(name=chat.name, language=chat.language, source=chat.channel.title[:120])
        for chat in chats
    }


def _conversations(chats: Sequence[Chat]) -> dict[int, Conversation]:
    latest = Conversation.objects.filter(chat__in=_ids(chats)).order_by("chat_id", "-id").distinct("chat_id")
    return {row.chat_id: row for row in latest}


def _join(conversations: Iterable[Conversation], leads: Iterable[Lead]) -> None:
    """Give each dialogue its lead: nearly always the open one, which is known already; the others are read."""
    known = {lead.pk: lead for lead in leads}
    if missing := {row.lead_id for row in conversations if row.lead_id is not None} - known.keys():
        known.update(Lead.objects.in_bulk(missing))
    for row in conversations:
        if row.lead_id is not None:
            row.lead = known[row.lead_id]


def _leads(chats: Sequence[Chat]) -> dict[int, Lead]:
    rows = (
        Lead.objects.filter(chat__in=_ids(chats), status__in=Lead.OPEN).order_by("chat_id", "-id").distinct("chat_id")
    )
    return {row.chat_id: row for row in rows if row.chat_id is not None}


def _consented(customers: Sequence[Customer]) -> set[tuple[int, str]]:
    """Return who has agreed to what, both consents in one query."""
    given = Consent.objects.filter(customer__in=customers, withdrawn_at__isnull=True)
    return set(given.values_list("customer_id", "purpose"))


def _versions(keys: set[str]) -> dict[str, int]:
    rows = Scenario.objects.filter(key__in=keys, is_active=True, current__isnull=False)
    return dict(rows.values_list("key", "current_id"))


def _recent(chat_ids: Sequence[int]) -> dict[int, tuple[dict[str, str], dict[str, int]]]:
    """Return by chat the words of recent buttons, so that the transcript shows what was pressed, and the last message."""
    return {chat_id: (_labels(rows), _last(rows)) for chat_id, rows in _newest(chat_ids, NEAR).items()}


def _older_labels(chat_id: int) -> dict[str, str]:
    """Return the words of one chat's buttons, from further back."""
    return _labels(_newest([chat_id], FAR).get(chat_id, ()))


def _newest(chat_ids: Sequence[int], limit: int) -> dict[int, list[tuple[Any, ...]]]:
    by_chat: dict[int, list[tuple[Any, ...]]] = {}
    if chat_ids:
        with connection.cursor() as cursor:
            cursor.execute(RECENT_SQL, [list(chat_ids), limit])
            for chat_id, *row in cursor.fetchall():
                by_chat.setdefault(chat_id, []).append(tuple(row))
    return by_chat


def _labels(rows: Sequence[tuple[Any, ...]]) -> dict[str, str]:
    lines = [line for _, _, shown, *_ in rows for line in (orjson.loads(shown) if shown else ())]
    return {key["data"]: key["text"] for line in lines for key in line if "data" in key}


def _last(rows: Sequence[tuple[Any, ...]]) -> dict[str, int]:
    """Return the row of the last message people see, by the channel's id for it. A change is a row of its own."""
    found: dict[str, int] = {}
    for pk, external_id, _, is_unseen, is_change in reversed(rows):
        if is_unseen:
            continue
        if external_id:
            found.setdefault(external_id, pk)
        if not is_change:
            break
    return found

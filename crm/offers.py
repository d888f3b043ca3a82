"""Leads on offer in the managers' chat: the first who presses has the lead, everybody else learns who.

`leads.give_to` decides who was first (promise 4); what happens in the chat follows it in the same transaction.
"""

import datetime as dt
import enum
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from bot.messages import Outgoing
from bot.models import Message
from bot.outbox import change, say, withdraw
from crm import cards, handing, leads, notifications, reports, ways
from crm.models import Event, Lead, Manager, ManagersChat, Offer

Outcome = Offer.Outcome


class Result(enum.StrEnum):
    """How a press ended."""

    WON = "won"
    YOURS = "yours"  # pressed again
    LOST = "lost"  # somebody was first
    CLOSED = "closed"  # the lead is settled, or not waiting for a manager any more
    MISSING = "missing"  # there is no such lead: a forged or very old button


@dataclass(frozen=True, slots=True)
class Press:
    """What a press of *Take* did. `holder` is who has the lead now."""

    result: Result
    lead: Lead | None = None
    holder: Manager | None = None


def offer(lead: Lead, *, now: dt.datetime | None = None) -> Offer | None:
    """Show a lead that waits for a manager in the managers' chat, or bring its card up to date; None where there is no chat."""
    room, known = ways.room_for(lead), open_offer(lead)
    if known is not None:
        refresh(lead)
        return known
    if room is None or lead.manager_id is not None or lead.status != Lead.Status.CAPTURED:
        return None
    try:
        with transaction.atomic():
            return _post(lead, room, now or timezone.now())
    except IntegrityError:  # two occasions at the same instant: the other has posted it
        return open_offer(lead)


def _post(lead: Lead, room: ManagersChat, now: dt.datetime) -> Offer | None:
    # The lead in hand may be older than a press: its row is asked again, and a press under way is waited for.
    free = Lead.objects.select_for_update(no_key=True).filter(pk=lead.pk, manager=None, status=Lead.Status.CAPTURED)
    if not free.exists():
        return None
    posted = Offer.objects.create(
        lead=lead,
        room=room,
        posted_at=now,
        remind_at=_after(now, room.remind_minutes),
        rotate_at=_after(now, room.rotate_minutes),
    )
    posted.card = say(room.chat, _card(lead), dedupe_key=f"offer:{posted.pk}")
    posted.save(update_fields=["card"])
    return posted


def _after(now: dt.datetime, minutes: int) -> dt.datetime | None:
    return now + dt.timedelta(minutes=minutes) if minutes else None


def _card(lead: Lead) -> Outgoing:
    return Outgoing(cards.offer_of(lead), cards.take_buttons(lead), about=cards.about(lead))


def open_offer(lead: Lead) -> Offer | None:
    """Return the lead's place in the managers' chat while it is there."""
    rows = Offer.objects.select_related("room__chat__channel", "card__chat__channel", "reminder__chat__channel")
    return rows.filter(lead=lead, closed_at=None).first()


def refresh(lead: Lead) -> None:
    """Bring the lead's card in the managers' chat up to date."""
    known = open_offer(lead)
    if known is None or known.card is None:
        return
    fresh = _card(lead)
    if _shown(known) == fresh.text:
        return
    with transaction.atomic():
        # Under the row's lock: a card that is being taken away is not changed behind it.
        rows = Offer.objects.filter(pk=known.pk, closed_at=None)
        if rows.update(edits=known.edits + 1):
            change(known.card, fresh, dedupe_key=f"offer:{known.pk}:{known.edits + 1}")


def _shown(known: Offer) -> str:
    key = f"offer:{known.pk}:{known.edits}" if known.edits else f"offer:{known.pk}"
    row = Message.objects.filter(dedupe_key=key).first()
    return row.text if row else ""


def restate(lead: Lead, standing: str, *, key: str, note: str = "") -> bool:
    """Keep how the lead stands now ("назначен на консультацию 25.12 14:00 МСК") and show it on its card.

    A lead that waits is offered in the managers' chat of its own bot; `note` goes to the portal's timeline. Return whether its
    card tells the managers' chat, so that nothing more need be said there.
    """
    with transaction.atomic():
        lead.standing = standing[:190]
        Lead.objects.filter(pk=lead.pk).update(standing=lead.standing, updated_at=timezone.now())
        reports.report_note(lead, note or standing, key=key)
        room = ways.room_for(lead)
        is_own = room is not None and lead.chat is not None and room.channel_id == lead.chat.channel_id
        if is_own and lead.status in Lead.AWAITING_CONTACT:
            return True  # its card comes with the next turn of the dialogue, and says so
        return (offer(lead) if is_own else open_offer(lead)) is not None


def take(lead_id: int, manager: Manager, *, key: str) -> Press:
    """Give a lead to the manager who asks for it, unless somebody has it; a losing press is kept."""
    lead = Lead.objects.select_related("customer", "chat__channel", "manager").filter(pk=lead_id).first()
    if lead is None:
        return Press(Result.MISSING)
    with transaction.atomic():
        if leads.give_to(lead, manager, key=f"take:{lead.pk}:{key}", rule_title="взял(а) из канала"):
            _note(lead, "lead.taken", manager=manager.pk, by=manager.name)
            close(lead, Outcome.TAKEN, line=cards.taken_line(lead, manager))
            if ways.is_open(manager, lead):  # else the card comes when they begin to talk to the bot
                notifications.tell_of_lead(manager, lead, key=f"take:{lead.pk}:{key}")
            handing.hand_dialogue(lead, manager)
            return Press(Result.WON, lead, manager)
        lead.refresh_from_db(fields=["status", "manager"])
        result = _why_not(lead, manager)
        if result is not Result.YOURS:
            holder = lead.manager.name if lead.manager else ""
            _note(lead, "lead.take_lost", manager=manager.pk, by=manager.name, holder=holder)
    return Press(result, lead, lead.manager)


def _why_not(lead: Lead, manager: Manager) -> Result:
    if lead.manager_id == manager.pk:
        return Result.YOURS
    return Result.LOST if lead.manager_id is not None else Result.CLOSED


def refuse_stranger(lead_id: int, *, telegram_id: int, name: str) -> None:
    """Keep that somebody who is no manager pressed."""
    lead = Lead.objects.filter(pk=lead_id).first()
    if lead is not None:
        _note(lead, "lead.take_refused", telegram_id=telegram_id, by=name)


def _note(lead: Lead, kind: str, **facts: object) -> None:
    Event.objects.create(customer_id=lead.customer_id, type=kind, payload={"lead": lead.pk, **facts})


def close(lead: Lead, outcome: str, *, line: str = "", now: dt.datetime | None = None) -> bool:
    """Take a lead's card out of the managers' chat and say there why; False when it is not there."""
    known = open_offer(lead)
    if known is None:
        return False
    closed = Offer.objects.filter(pk=known.pk, closed_at=None)
    if not closed.update(closed_at=now or timezone.now(), outcome=outcome):
        return False
    words = line or f"Заявка № {lead.pk} больше не ждёт"
    for name, row in (("card", known.card), ("reminder", known.reminder)):
        if row is not None:
            withdraw(row, instead=words, dedupe_key=f"offer:{known.pk}:{name}:gone")
    if line:
        say(known.room.chat, Outgoing(line, about=cards.about(lead)), dedupe_key=f"offer:{known.pk}:closed")
    return True


def settle(lead: Lead, *, now: dt.datetime | None = None) -> bool:
    """Take a card away that nobody may press any more, whoever settled the lead: by rotation, by hand, in the portal."""
    if lead.manager is not None:
        return close(lead, Outcome.GIVEN, line=cards.taken_line(lead, lead.manager), now=now)
    if lead.status != Lead.Status.CAPTURED:
        return close(lead, Outcome.WITHDRAWN, now=now)
    return False


def remind(known: Offer, *, now: dt.datetime) -> bool:
    """Say once more that a lead waits; at most once an offer."""
    rows = Offer.objects.filter(pk=known.pk, closed_at=None, remind_at=known.remind_at)
    lead = known.lead
    with transaction.atomic():
        if known.remind_at is None or not rows.update(remind_at=None):
            return False
        minutes = int((now - known.posted_at).total_seconds() // 60)
        words = f"⏰ Заявка {cards.name_of(lead)} ждёт менеджера уже {minutes} мин."
        message = Outgoing(words, cards.take_buttons(lead), about=cards.about(lead))
        said = say(known.room.chat, message, dedupe_key=f"offer:{known.pk}:reminder")
        Offer.objects.filter(pk=known.pk).update(reminder=said)
    return True

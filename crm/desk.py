"""What our people do with a lead at their desk: take the dialogue, write, assign, settle. All of it leaves a trace."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from bot import inbox, outbox
from bot.channels.registry import adapter_for
from bot.errors import Refused
from bot.messages import EventKind, Media, Outgoing
from bot.models import Chat, Message
from crm import handing, notifications, offers, reports, takeovers
from crm.models import Assignment, Event, Lead, Manager

MAX_TEXT = 4000  # characters; the tightest of our channels takes 4096
# What a person may declare, and from where: CAPTURED and IN_BOT are facts, nobody declares them.
SETTLED_BY_HAND = (Lead.Status.TAKEN, Lead.Status.DONE, Lead.Status.PAID, Lead.Status.LOW_QUALITY, Lead.Status.CANCELED)
CLOSED = (Lead.Status.DONE, Lead.Status.PAID, Lead.Status.LOW_QUALITY, Lead.Status.CANCELED)


def take_over(lead: Lead, *, by: str, manager: Manager | None = None, is_mirrored: bool = False) -> None:
    """Let a human speak in the lead's chat; the bot is silent from this commit on. `is_mirrored`: they do it in the messenger."""
    chat = _chat_of(lead)
    was_silent = chat.speaker == Chat.Speaker.MANAGER
    with transaction.atomic():
        takeovers.begin(chat, by=by, lead=lead, manager=manager, is_mirrored=is_mirrored)
        if not was_silent:
            note(lead, "lead.taken_over", by=by)


def give_back(lead: Lead, *, by: str, reason: str = "") -> None:
    """Let the bot speak again; its scenario learns that the dialogue came back."""
    chat = _chat_of(lead)
    with transaction.atomic():
        locked = Chat.objects.select_for_update(of=("self",), no_key=True).get(pk=chat.pk)
        if locked.speaker == Chat.Speaker.BOT:
            raise Refused(_("The bot is talking in this dialogue already."))
        chat = outbox.take_over(chat.pk, speaker=Chat.Speaker.BOT)
        takeovers.end(chat, reason or f"вернул(а) {by}")
        outbox.note_in(chat, f"Диалог вернулся боту: {reason or by}.")
        # The epoch makes the id: two presses of one button are one event, the next return is another.
        inbox.put(chat, EventKind.RETURNED, external_id=f"returned:{chat.pk}:{chat.epoch}", payload={"by": by})
        note(lead, "lead.given_back", by=by, reason=reason)


def write(
    lead: Lead,
    text: str,
    *,
    by: str,
    manager: Manager | None = None,
    media: Sequence[Media] = (),
    is_mirrored: bool = False,
) -> Message:
    """Say something to the customer as a manager; the first word takes the dialogue over."""
    chat, words = _chat_of(lead), text.strip()
    _check_words(chat, words, media)
    with transaction.atomic():
        if chat.speaker == Chat.Speaker.BOT or is_mirrored:
            take_over(lead, by=by, manager=manager, is_mirrored=is_mirrored)
            chat.refresh_from_db(fields=["speaker", "epoch"])
        message = outbox.say(
            chat,
            Outgoing(words, media=tuple(media)),
            role=Message.Role.MANAGER,
            dedupe_key=f"desk:{get_random_string(22)}",
        )
        takeovers.spoke(chat)
    if message is None:
        raise Refused(_("The message was not queued. Try again."))
    return message


def _check_words(chat: Chat, words: str, media: Sequence[Media]) -> None:
    if not words and not media:
        raise Refused(_("There is nothing to send: the message is empty."))
    if len(words) > MAX_TEXT:
        raise Refused(_("The message is longer than %(limit)d characters.") % {"limit": MAX_TEXT})
    if chat.blocked_at is not None:
        raise Refused(_("The customer has blocked the bot: the message cannot arrive."))
    if media and not adapter_for(chat.channel.kind).abilities.media:
        raise Refused(_("This channel takes no files: send words."))


def assign(lead: Lead, manager: Manager, *, by: str) -> None:
    """Give a lead to a manager, whoever had it; the portal and the manager are told.

    The lead's row is locked, so that two presses, or a press and the rotation, leave one open assignment.
    """
    with transaction.atomic():
        row = Lead.objects.select_for_update().get(pk=lead.pk)
        if row.manager_id == manager.pk:
            raise Refused(_("%(manager)s has this lead already.") % {"manager": manager})
        was_waiting, occasion = row.status in Lead.AWAITING_CONTACT, _occasion(row)
        now = timezone.now()
        Assignment.objects.filter(lead=row, ended_at=None).update(ended_at=now, end_reason=f"передал(а) {by}"[:120])
        Assignment.objects.create(lead=row, manager=manager, rule_title=f"вручную, {by}"[:120])
        row.manager, row.status, row.closed_at = manager, Lead.Status.TAKEN, None
        row.save(update_fields=["manager", "status", "closed_at", "updated_at"])
        Manager.objects.filter(pk=manager.pk).update(last_assigned_at=now)
        reports.report_assignment(row, manager, phone=row.customer.phone, key=occasion)
        notifications.tell_of_lead(manager, row)
        offers.settle(row)
        handing.hand_dialogue(row, manager)
        if was_waiting:
            _end_dialogue(row, "taken", key=occasion)


def mark(lead: Lead, status: str, *, reason: str = "", by: str) -> None:
    """Declare how a lead stands. Closing one ends its assignment; what the portal must know is told to it."""
    if status not in SETTLED_BY_HAND:
        raise Refused(_("This status cannot be set by hand."))
    with transaction.atomic():
        row = Lead.objects.select_for_update().get(pk=lead.pk)
        if row.status == status:
            raise Refused(_("The lead has this status already."))
        was_waiting, occasion = row.status in Lead.AWAITING_CONTACT, _occasion(row)
        note(row, "lead.status", by=by, old=row.status, new=status, reason=reason)
        row.status, row.reason = status, reason[:190]
        row.closed_at = timezone.now() if status in CLOSED else None
        row.save(update_fields=["status", "reason", "closed_at", "updated_at"])
        if status in CLOSED:
            open_rows = Assignment.objects.filter(lead=row, ended_at=None)
            open_rows.update(ended_at=row.closed_at, end_reason=f"статус «{Lead.Status(status).label}»")
        if status == Lead.Status.LOW_QUALITY:
            reports.report_failure(row, key=occasion)
        elif status in reports.SETTLED:
            reports.report_settled(row, key=occasion)
        offers.settle(row)
        if was_waiting:
            _end_dialogue(row, "taken", key=occasion)


def _occasion(lead: Lead) -> str:
    """Name this press: the lead's last change makes two presses at once one report, and the next press another."""
    return f"desk:{lead.pk}:{lead.updated_at.timestamp():.6f}"


def _end_dialogue(lead: Lead, reason: str, *, key: str) -> None:
    """The bot was still asking for a contact: a human has settled the matter, so it stops."""
    if lead.chat is not None:
        payload = {"lead_id": lead.pk, "reason": reason}
        inbox.put(lead.chat, EventKind.LEAD_CLOSED, external_id=key, payload=payload)


def note(lead: Lead, type_: str, **facts: Any) -> None:
    """Write one line of a lead's history."""
    Event.objects.create(customer_id=lead.customer_id, type=type_, payload={"lead": lead.pk, **facts})


def _chat_of(lead: Lead) -> Chat:
    if lead.chat_id is None:
        raise Refused(_("This lead has no chat to write in."))
    return Chat.objects.select_related("channel").get(pk=lead.chat_id)

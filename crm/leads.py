"""The life of a lead: the verbs that change its status, each telling the portal in the same transaction.

Every verb is one UPDATE with the old status in its WHERE: two callers at once, and one of them changes nothing and returns
False. `key` names the occasion (an event, a press, a timer), so that the same occasion is reported to the portal once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from bot.models import Chat
from bot.nudges import nudge
from crm import reports
from crm.models import Assignment, Customer, Lead, Manager

Status = Lead.Status
ASSIGN_TASK = "crm.tasks.assign_leads"
# Money may come at any time of a lead's life but after its person asked to be forgotten.
PAYABLE = (*Lead.OPEN, *Lead.REOPENABLE, Status.DONE)


def capture(
    lead: Lead, *, phone: str, key: str, summary: str = "", reason: str = "", now: datetime | None = None
) -> bool:
    """The customer's number is known (E.164, "" when the portal has it already); the lead waits for a manager now."""
    at = now or timezone.now()
    changes: dict[str, Any] = {"status": Status.CAPTURED, "captured_at": at, "closed_at": None, "reason": reason[:190]}
    if summary:
        changes["summary"] = summary
    with transaction.atomic():
        if not _change(lead, (*Lead.AWAITING_CONTACT, *Lead.REOPENABLE), **changes):
            return False
        if phone:
            reports.report_phone(lead, phone, key=key)
        nudge_rotation()
    return True


@dataclass(frozen=True, slots=True)
class Birth:
    """Whose lead begins where. `utm` is the page's own; without it a deep link's `payload` ("source-medium-campaign") speaks."""

    customer: Customer
    chat: Chat
    payload: str = ""
    utm: Mapping[str, str] = field(default_factory=dict)

    def lead(self) -> Lead:
        """Return the unsaved row."""
        title = self.chat.channel.title
        return Lead(
            customer=self.customer,
            chat=self.chat,
            status=Status.IN_BOT,
            title=f"{title}: {self.customer.name or self.chat}"[:250],
            source=title[:120],
            language=self.customer.language,
            utm=dict(self.utm) or marks_of(self.payload),
        )


def open_leads(births: Sequence[Birth]) -> list[Lead]:
    """Dialogues began in our own channels: their leads are born here, many at once, and are told to the portal."""
    leads = Lead.objects.bulk_create([birth.lead() for birth in births])
    reports.report_births(leads)
    return leads


def marks_of(payload: str) -> dict[str, str]:
    """Return the UTM marks in a deep link's payload."""
    return dict(zip(("source", "medium", "campaign"), payload.split("-")[:3], strict=False)) if payload else {}


def escalate(lead: Lead, *, reason: str, key: str, summary: str = "") -> bool:
    """A human was asked for, or the bot is at its wits' end: the lead waits for a manager even without a contact."""
    changes: dict[str, Any] = {"status": Status.CAPTURED, "reason": reason[:190], "closed_at": None}
    if summary:
        changes["summary"] = summary
    with transaction.atomic():
        changed = _change(lead, (*Lead.AWAITING_CONTACT, *Lead.REOPENABLE), **changes)
        if changed:
            nudge_rotation()
    return changed


def nudge_rotation() -> None:
    """After the commit: a lead waits for a manager."""
    transaction.on_commit(lambda: nudge(ASSIGN_TASK))


def give_to(lead: Lead, manager: Manager, *, key: str, phone: str = "", rule_title: str = "") -> bool:
    """Give a lead that waits to a manager. At most one gets it: the UPDATE decides, the constraint stands behind it."""
    with transaction.atomic():
        if not _change(lead, (Status.CAPTURED,), only_unassigned=True, status=Status.TAKEN, manager=manager):
            return False
        Assignment.objects.create(lead=lead, manager=manager, rule_title=rule_title)
        Manager.objects.filter(pk=manager.pk).update(last_assigned_at=timezone.now())
        reports.report_assignment(lead, manager, phone=phone or lead.customer.phone, key=key)
    return True


def lose(lead: Lead, *, status: str, reason: str, key: str, now: datetime | None = None) -> bool:
    """The bot got no contact: `LOW_QUALITY` for silence and refusal, `REVIEW` when a human must look."""
    if status not in Lead.REOPENABLE:
        raise ValueError(f"a lead is lost as one of {', '.join(Lead.REOPENABLE)}, not {status}")
    with transaction.atomic():
        changed = _change(
            lead, Lead.AWAITING_CONTACT, status=status, reason=reason[:190], closed_at=now or timezone.now()
        )
        if changed:
            reports.report_failure(lead, key=key)
    return changed


def reopen(lead: Lead, *, key: str) -> bool:
    """The customer answered after all."""
    with transaction.atomic():
        changed = _change(lead, Lead.REOPENABLE, status=Status.IN_BOT, reason="", closed_at=None)
        if changed:
            reports.report_bot_talks(lead, key=key)
    return changed


def successor_of(lead: Lead) -> Lead | None:
    """Return the lead that has taken this one's place in its chat.

    An open line makes a new lead when the old one was closed. Where its news reached us before the customer's words, it is a
    row of ours already; otherwise the binding of the chat has moved on with our old row (`bitrix24.linking.follow_chat`).
    """
    if lead.chat_id is None:
        return None
    newer = Lead.objects.filter(chat_id=lead.chat_id, pk__gt=lead.pk, status__in=Lead.AWAITING_CONTACT)
    return newer.order_by("-pk").first()


def taken_by_hand(lead: Lead, *, manager: Manager | None, reason: str) -> bool:
    """Somebody took the lead in the portal itself; the portal knows, so nothing is written there."""
    waiting = (*Lead.AWAITING_CONTACT, Status.CAPTURED)
    with transaction.atomic():
        changed = _change(lead, waiting, status=Status.TAKEN, manager=manager, reason=reason[:190])
        if changed and manager is not None:
            Assignment.objects.create(lead=lead, manager=manager, rule_title=reason[:120])
    return changed


def pay(lead: Lead, *, now: datetime | None = None) -> bool:
    """The customer has paid: the lead has come to its end, and nobody works on it any more."""
    at = now or timezone.now()
    with transaction.atomic():
        changed = _change(lead, PAYABLE, status=Status.PAID, reason="", closed_at=at)
        if changed:
            open_rows = Assignment.objects.filter(lead=lead, ended_at=None)
            open_rows.update(ended_at=at, end_reason=f"статус «{Lead.Status(Status.PAID).label}»")
            reports.report_settled(
                lead, key=f"paid:{lead.pk}:{at.timestamp():.6f}", comments=False
            )  # the payment is told
    return changed


def cancel(lead: Lead, *, reason: str, key: str = "", now: datetime | None = None) -> bool:
    """The lead is no more: its person asked to be forgotten, or (without a `key`: the portal knows) it was deleted there."""
    at = now or timezone.now()
    with transaction.atomic():
        statuses = (*Lead.OPEN, *Lead.REOPENABLE)
        changed = _change(lead, statuses, status=Status.CANCELED, reason=reason[:190], closed_at=at)
        if changed:
            Assignment.objects.filter(lead=lead, ended_at=None).update(ended_at=at, end_reason=reason[:120])
            if key:
                reports.report_settled(lead, key=key)
    return changed


def complete(lead: Lead, *, now: datetime | None = None) -> bool:
    """The contact of a lead that waits for a manager, or has one, has come after all."""
    return _change(lead, (Status.CAPTURED, Status.TAKEN), only_without_contact=True, captured_at=now or timezone.now())


def _change(
    lead: Lead,
    allowed: tuple[str, ...],
    *,
    only_unassigned: bool = False,
    only_without_contact: bool = False,
    **changes: Any,
) -> bool:
    """Change the row if it still has an allowed status, and the object in hand with it."""
    rows = Lead.objects.filter(pk=lead.pk, status__in=allowed)
    if only_unassigned:
        rows = rows.filter(manager=None)
    if only_without_contact:
        rows = rows.filter(captured_at=None)
    if not rows.update(**changes, updated_at=timezone.now()):
        return False
    for name, value in changes.items():
        setattr(lead, name, value)
    return True

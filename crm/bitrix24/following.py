"""A lead we are working on has changed in the portal: did somebody else do it, and what does it mean for the bot?"""

import enum

from bot.inbox import put
from bot.messages import EventKind, Outgoing
from bot.outbox import say, take_over
from crm import leads, reports
from crm.bitrix24.methods.items import Item
from crm.models import Lead, Manager, RemoteLead

FOLLOWED = (*Lead.AWAITING_CONTACT, Lead.Status.CAPTURED)

GOODBYE = "Спасибо! Ваш номер уже у менеджера — он скоро с вами свяжется."


class Change(enum.StrEnum):
    """What somebody did in the portal; the value goes to the dialogue as the reason."""

    NOTHING = ""
    PHONE_ADDED = "phone_added"  # the contact is there: the bot says goodbye politely
    TAKEN = "taken"  # a manager works with it: the bot is silent
    DELETED = "deleted"  # there is nothing to work for


def follow(remote: RemoteLead, item: Item, *, has_phone: bool) -> Change:
    """Do what the item's state asks for and return what it was."""
    lead = remote.lead
    if lead is not None and not remote.stage:  # bound to our lead before it was ever looked at: nothing to compare with
        reports.report_standing(lead, key=f"remote:{remote.pk}:standing")
        return Change.NOTHING
    if lead is None or lead.status not in FOLLOWED:
        return Change.NOTHING
    change = what_changed(remote, item, has_phone=has_phone)
    if change is Change.TAKEN:
        _leave_to_human(lead, int(item.get("assignedById") or 0))
    elif change is Change.PHONE_ADDED and lead.status in Lead.AWAITING_CONTACT:
        occasion = _occasion(lead)
        if leads.capture(lead, phone="", key=f"{occasion}:{change}"):
            tell(lead, change)
            _say_goodbye(lead, remote, key=f"{occasion}:goodbye")
    return change


def what_changed(remote: RemoteLead, item: Item, *, has_phone: bool) -> Change:
    """Return what differs from what we last knew or wrote."""
    stage, responsible = str(item.get("stageId") or ""), int(item.get("assignedById") or 0)
    ours = {remote.stage, remote.portal.stage_for(remote.entity, "bot"), ""}
    people = {remote.assigned_by_id, remote.portal.technical_user_id, 0}
    if stage not in ours or responsible not in people:
        return Change.TAKEN
    return Change.PHONE_ADDED if has_phone and not remote.has_phone else Change.NOTHING


def end_deleted(remote: RemoteLead) -> None:
    """The lead is gone from the portal: its dialogue ends, and nothing more is written to it."""
    remote.mark_deleted()
    if remote.lead is not None and leads.cancel(remote.lead, reason="удалён в Битрикс24"):
        tell(remote.lead, Change.DELETED)
        if remote.lead.chat_id:
            take_over(remote.lead.chat_id)


def _leave_to_human(lead: Lead, bitrix_id: int) -> None:
    manager = Manager.objects.filter(bitrix_id=bitrix_id).first()
    if not leads.taken_by_hand(lead, manager=manager, reason="взят в работу в Битрикс24"):
        return
    if lead.chat_id:
        take_over(lead.chat_id)
    tell(lead, Change.TAKEN)


def tell(lead: Lead, change: Change) -> None:
    """Tell the dialogue that the portal settled the matter."""
    if lead.chat is not None:
        payload = {"lead_id": lead.pk, "reason": change.value}
        put(lead.chat, EventKind.LEAD_CLOSED, external_id=f"{_occasion(lead)}:{change}", payload=payload)


def _say_goodbye(lead: Lead, remote: RemoteLead, *, key: str) -> None:
    """Tell the customer why the bot stops asking."""
    if lead.chat is not None:
        text = str(remote.portal.options.get("goodbye_text") or GOODBYE)
        say(lead.chat, Outgoing(text), dedupe_key=key)


def _occasion(lead: Lead) -> str:
    """Return a name for this stretch of the lead's life: a reopened lead may be settled anew."""
    return f"lead:{lead.pk}:{lead.updated_at.timestamp():.0f}" if lead.updated_at else f"lead:{lead.pk}"

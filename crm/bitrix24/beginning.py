"""A new lead without a phone: find the way to its customer and begin.

"New" means created after the portal was connected and still standing in one of the first stages: what people already work
on, and what has lain there for years, is left alone.
"""

from datetime import datetime, timedelta

from django.db import transaction

from bot.inbox import put
from bot.messages import EventKind
from bot.models import Chat
from crm import leads, reports
from crm.bitrix24.client import Bitrix24
from crm.bitrix24.fetching import fetch
from crm.bitrix24.methods.items import Item
from crm.bitrix24.portals import ENTITY_TYPES
from crm.bitrix24.routes import ByChat, ByNumber, NoRoad, OwnLead, Route, WithHuman, find_route, name_of
from crm.customers import customer_of, new_customer
from crm.models import Customer, Lead, Portal, RemoteLead

FIRST_STAGES = ("NEW",)
UNSETTLED = (*Lead.AWAITING_CONTACT, Lead.Status.CAPTURED)
TOLERANCE = timedelta(minutes=1)  # between the portal's clock, which shows whole seconds, and ours


def begin(client: Bitrix24, remote: RemoteLead, item: Item, *, has_phone: bool) -> Lead | None:
    """Begin a lead that asks for it; return ours, `None` when it is left alone."""
    if has_phone or not is_new(remote.portal, remote.entity, item):
        return None
    route = find_route(client, remote.portal, ENTITY_TYPES[Portal.Entity(remote.entity)], item)
    if isinstance(route, WithHuman):
        return None
    if isinstance(route, ByChat):
        fetch(client, remote.portal)  # the words that made the lead open the dialogue, else they are answered twice
    return _begin(remote, item, route)


def is_new(portal: Portal, entity: str, item: Item) -> bool:
    """Return whether the item is in a first stage and younger than our connection to the portal."""
    stage = str(item.get("stageId") or "").rpartition(":")[2]  # C7:NEW of a pipeline is NEW too
    first = portal.options.get(f"first_stages_{entity}") or FIRST_STAGES
    if stage not in first and str(item.get("stageId")) not in first:
        return False
    since, created = portal.poll_cursor.get("since"), str(item.get("createdTime") or "")
    return not since or not created or datetime.fromisoformat(created) >= datetime.fromisoformat(since) - TOLERANCE


def _begin(remote: RemoteLead, item: Item, route: Route) -> Lead | None:
    """Write down the beginning; two workers that looked at the same lead begin it once."""
    with transaction.atomic():
        if isinstance(route, ByChat):
            Chat.objects.select_for_update().get(pk=route.chat.pk)  # a turn of this chat may be making its lead now
        row = RemoteLead.objects.select_for_update(of=("self",)).select_related("portal").get(pk=remote.pk)
        if row.lead_id is not None:
            return None  # the other worker was first
        lead = _lead_for(row, item, route)
        row.lead = remote.lead = lead
        row.save(update_fields=["lead"])
        _set_out(lead, row, route)
    return lead


def _lead_for(remote: RemoteLead, item: Item, route: Route) -> Lead:
    """Return our lead for the item: the one its chat already has, or a new one."""
    match route:
        case OwnLead(lead=lead):
            return lead
        case ByChat(chat=chat):
            known = Lead.objects.filter(chat=chat, status__in=UNSETTLED, remote=None).order_by("-pk").first()
            return known or _new_lead(item, customer_of(chat), chat)
    return _new_lead(item, new_customer(name=name_of(item)), None)


def _new_lead(item: Item, customer: Customer, chat: Chat | None) -> Lead:
    names = ("source", "medium", "campaign", "content", "term")
    utm = {name: value for name in names if (value := item.get(f"utm{name.title()}"))}
    return Lead.objects.create(
        customer=customer,
        chat=chat,
        title=str(item.get("title") or "")[:250],
        source=str(item.get("sourceDescription") or item.get("sourceId") or "")[:120],
        utm=utm,
    )


def _set_out(lead: Lead, remote: RemoteLead, route: Route) -> None:
    """Take the first step on the way that was found."""
    key = f"remote:{remote.pk}:begin"
    match route:
        case ByChat(chat=chat):
            _open_dialogue(lead, chat, remote, key=key)
        case ByNumber(phone=phone, place=place):
            summary = f"Номер найден в карточке ({place}), бот клиенту не писал."
            leads.capture(lead, phone=phone, key=key, summary=summary)
        case NoRoad(reason=reason):
            leads.lose(lead, status=Lead.Status.REVIEW, reason=reason, key=key)


def _open_dialogue(lead: Lead, chat: Chat, remote: RemoteLead, *, key: str) -> None:
    """Mark the lead as the bot's, here and in the portal, and ask the dialogue to begin (or to go on)."""
    reports.report_bot_talks(lead, key=key)
    if lead.status != Lead.Status.NEW:
        return  # its customer wrote first, and the dialogue is under way
    lead.status = Lead.Status.IN_BOT
    lead.save(update_fields=["status", "updated_at"])
    payload = {"lead_id": lead.pk, "scenario_key": remote.portal.scenario_key}
    put(chat, EventKind.LEAD_OPENED, external_id=key, payload=payload)

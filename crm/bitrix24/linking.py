"""Which lead of the portal is which lead of ours, and which chat belongs to it."""

from datetime import datetime
from typing import Any

from bot.models import Chat
from crm.bitrix24.client import Bitrix24
from crm.bitrix24.methods import lines
from crm.bitrix24.methods.lines import Dialog
from crm.models import Customer, Lead, Portal, RemoteLead
from crm.reports import OPENLINE


def attach_remote(
    *,
    portal: Portal,
    entity: str,
    remote_id: int,
    lead: Lead,
    stage: str = "",
    assigned_by_id: int | None = None,
    updated_at: datetime | None = None,
) -> RemoteLead:
    """Bind a lead of the portal to ours; the row may exist already because the portal told us of it first."""
    known: dict[str, Any] = {"lead": lead}
    if stage:
        known["stage"] = stage
    if assigned_by_id is not None:
        known["assigned_by_id"] = assigned_by_id
    if updated_at is not None:
        known["remote_updated_at"] = updated_at
    remote, _ = RemoteLead.objects.update_or_create(portal=portal, entity=entity, remote_id=remote_id, defaults=known)
    return remote


def follow_chat(portal: Portal, chat: Chat, entity: str, remote_id: int) -> None:
    """Let our lead in `chat` go with what the chat is bound to now.

    A customer who comes back to a closed lead gets a new one from the open line; ours is reopened, and it is the new one that
    people will look at. A lead that a manager has is a closed matter: the new one begins anew.
    """
    rows = Lead.objects.filter(chat=chat, status__in=(*Lead.AWAITING_CONTACT, *Lead.REOPENABLE))
    lead = rows.filter(remote__isnull=False).order_by("-pk").first()
    if lead is None or (lead.remote.entity, lead.remote.remote_id) == (entity, remote_id):
        return
    if RemoteLead.objects.filter(portal=portal, entity=entity, remote_id=remote_id, lead__isnull=False).exists():
        return
    RemoteLead.objects.filter(lead=lead).update(lead=None)
    attach_remote(portal=portal, entity=entity, remote_id=remote_id, lead=lead)


def find_by_chat(client: Bitrix24, portal: Portal, lead: Lead) -> RemoteLead | None:
    """Return the portal's lead or deal bound to the open-line chat of `lead`, and bind it to ours."""
    if lead.chat is None or lead.chat.channel.kind != OPENLINE:
        return None
    bound = bound_item(lines.get_dialog(client, int(lead.chat.external_id)))
    if bound is None:
        return None
    entity, remote_id = bound
    return attach_remote(portal=portal, entity=entity, remote_id=remote_id, lead=lead)


def bound_item(dialog: Dialog) -> tuple[str, int] | None:
    """Return kind and id of what an open-line chat is bound to, the lead before the deal; `None` while it is not.

    `entity_data_2` reads `LEAD|1209|COMPANY|0|CONTACT|0|DEAL|0`.
    https://apidocs.bitrix24.com/api-reference/imopenlines/openlines/sessions/index.html
    """
    return bound_parts(dialog.entity_data_2)


def bound_parts(entity_data_2: str) -> tuple[str, int] | None:
    """Return kind and id written in a chat's `entity_data_2`."""
    parts = entity_data_2.split("|")
    ids = {name: int(number) for name, number in zip(parts[::2], parts[1::2], strict=False) if number.isdecimal()}
    for name, entity in (("LEAD", Portal.Entity.LEAD), ("DEAL", Portal.Entity.DEAL)):
        if ids.get(name):
            return entity, ids[name]
    return None


def chat_of_line(portal: Portal, chat_id: int, *, name: str = "") -> Chat | None:
    """Return our row for an open-line chat, made if it is new; `None` when the portal has no bot to talk with.

    A chat whose first event came from nobody (a bot that joined) has no name yet: `name` is it, then.
    """
    if portal.channel is None:
        return None
    chat, _ = Chat.objects.get_or_create(
        channel=portal.channel, external_id=str(chat_id), defaults={"name": name[:190]}
    )
    if name and not chat.name:
        chat.name = name[:190]
        Chat.objects.filter(pk=chat.pk, name="").update(name=chat.name)
        Customer.objects.filter(links__chat=chat, name="", erased_at=None).update(name=chat.name)
    return chat

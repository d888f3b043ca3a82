"""Taking out of the portal what we wrote into it about a person who wants to be forgotten.

What other people and other programs wrote stays: it is not ours to judge, and the comment asks its owners to look. A portal
cannot be made to forget by an empty text (its `crm.item.update` ignores some of them), so names are replaced by words.
"""

from collections.abc import Mapping
from typing import Any

from crm.bitrix24 import errors
from crm.bitrix24.client import Bitrix24
from crm.bitrix24.methods import items, timeline
from crm.bitrix24.multifields import removal_of
from crm.bitrix24.portals import ORIGINATOR
from crm.models import Lead, WriteBack

NAMELESS = "Данные удалены"


def forget_item(client: Bitrix24, kind: items.EntityType, item_id: int, params: Mapping[str, Any]) -> None:
    """Take our customer's name, phone and e-mail out of one lead, deal or contact."""
    item = items.get_item(client, kind, item_id)
    fields = removal_of(item, phone=str(params.get("phone", "")), email=str(params.get("email", "")))
    if params.get("name") and item.get("name") == params["name"]:
        fields["name"] = NAMELESS
    if item.get("originatorId") == ORIGINATOR and kind is not items.EntityType.CONTACT:
        fields["title"] = str(params.get("title", ""))
    if fields:
        items.update_item(client, kind, item_id, fields)


def forget_comments(client: Bitrix24, kind: items.EntityType, item_id: int, numbers: list[int]) -> None:
    """Delete the comments we left; those that are gone are gone."""
    for number in numbers:
        try:
            timeline.delete_comment(client, kind, item_id, number)
        except errors.NotFound:
            continue


def forget_writes(lead: Lead) -> None:
    """Forget what earlier writes about the lead were to say: one may have been on its way when its person was erased."""
    WriteBack.objects.filter(lead=lead).exclude(operation=WriteBack.Operation.ERASE).update(params={})

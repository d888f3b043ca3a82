"""The reconciling poll: events are sent once and may be lost, so what changed is also asked for.

By keyset over ids, filtered by time with an overlap; what we have seen in that state already is passed over, so an overlap
costs nothing but the request. Deletions leave no trace in a list, so the leads under way are looked up by their ids.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.utils import timezone

from bot.masking import mask
from crm.bitrix24 import errors
from crm.bitrix24.client import Bitrix24
from crm.bitrix24.limiter import Priority
from crm.bitrix24.methods.items import Item, read_items, updated_at
from crm.bitrix24.noticing import notice
from crm.bitrix24.portals import ENTITY_TYPES, client_for
from crm.bitrix24.webhook import BadWebhookUrl
from crm.models import Lead, Portal, RemoteLead

log = logging.getLogger(__name__)
OVERLAP = timedelta(minutes=5)  # for clocks that differ and changes that were being saved
FOLLOWED = (*Lead.AWAITING_CONTACT, Lead.Status.CAPTURED)
CHUNK = 50


def poll_portals() -> int:
    """Poll every active portal; one that is down does not keep the others waiting. Return how many leads were noticed."""
    noticed = 0
    for portal in Portal.objects.filter(is_active=True):
        try:
            client = client_for(portal, priority=Priority.BACKGROUND)
            noticed += poll(client, portal)
        except (errors.Bitrix24Error, BadWebhookUrl) as error:
            log.warning("bitrix24.poll_failed", extra={"portal": portal.pk, "reason": str(error)})
            Portal.objects.filter(pk=portal.pk).update(health_note=mask(str(error)), checked_at=timezone.now())
        else:
            Portal.objects.filter(pk=portal.pk).update(health_note="", checked_at=timezone.now())
    return noticed


def poll(client: Bitrix24, portal: Portal) -> int:
    """Notice what changed in one portal since the last time; raises `Bitrix24Error`, then the cursor stays."""
    noticed = 0
    for entity in portal.watched:
        noticed += _notice_changed(client, portal, entity)
        noticed += _notice_vanished(client, portal, entity)
    return noticed


def _notice_changed(client: Bitrix24, portal: Portal, entity: str) -> int:
    cursor = portal.poll_cursor.get(entity) or portal.poll_cursor.get("since") or timezone.now().isoformat()
    since = datetime.fromisoformat(cursor)
    where = {">=updatedTime": (since - OVERLAP).isoformat()}
    select = ["id", "updatedTime", "hasPhone", "stageId", "assignedById"]
    newest, noticed = since, 0
    for item in read_items(client, ENTITY_TYPES[Portal.Entity(entity)], where, select=select):
        newest = max(newest, updated_at(item) or newest)
        if not _is_known(portal, entity, item):
            notice(portal, entity, int(item["id"]))
            noticed += 1
    _advance(portal, entity, newest)
    return noticed


def _is_known(portal: Portal, entity: str, item: Item) -> bool:
    """Return whether there is nothing to see: looked at since its last change, changed by ourselves, or with a phone.

    The portal's times are whole seconds, so two changes may share one: what the list shows is compared as well.
    """
    remote = RemoteLead.objects.filter(portal=portal, entity=entity, remote_id=int(item["id"])).first()
    if remote is None:
        return item.get("hasPhone") == "Y"
    changed, seen = updated_at(item), remote.remote_updated_at
    if seen is None or changed is None or changed > seen:
        return False
    same_people = int(item.get("assignedById") or 0) == (remote.assigned_by_id or 0)
    same_phone = "hasPhone" not in item or (item["hasPhone"] == "Y") == remote.has_phone
    return same_people and same_phone and str(item.get("stageId") or "") == remote.stage


def _advance(portal: Portal, entity: str, newest: datetime) -> None:
    """Move the cursor, keeping what another poll may have written into the same field."""
    with transaction.atomic():
        row = Portal.objects.select_for_update().get(pk=portal.pk)
        row.poll_cursor = {**row.poll_cursor, entity: newest.isoformat()}
        row.save(update_fields=["poll_cursor"])
    portal.poll_cursor = row.poll_cursor


def _notice_vanished(client: Bitrix24, portal: Portal, entity: str) -> int:
    """Notice the leads we are working on that the portal has no more."""
    rows = RemoteLead.objects.filter(portal=portal, entity=entity, lead__status__in=FOLLOWED, deleted_at=None)
    noticed = 0
    for ids in _chunks(rows.order_by("remote_id").values_list("remote_id", flat=True)):
        found = read_items(client, ENTITY_TYPES[Portal.Entity(entity)], {"@id": ids}, select=["id"])
        for remote_id in set(ids) - {int(item["id"]) for item in found}:
            notice(portal, entity, remote_id)
            noticed += 1
    return noticed


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    left = iter(ids)
    while chunk := list(islice(left, CHUNK)):
        yield chunk

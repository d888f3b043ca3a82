"""Looking at one noticed lead or deal of a portal, and doing what its state asks for.

A new one without a phone is begun; one we are working on is followed: a phone or a manager that appeared in the portal by
hand stops the bot, a deleted lead ends its dialogue. Our own writes leave their traces in `RemoteLead`, so what they changed
is not mistaken for somebody else's doing.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from crm.bitrix24 import errors
from crm.bitrix24.beginning import begin
from crm.bitrix24.client import Bitrix24
from crm.bitrix24.following import end_deleted, follow
from crm.bitrix24.methods.items import EntityType, Item, get_item, updated_at
from crm.bitrix24.multifields import has_phone
from crm.bitrix24.noticing import backoff, claim_noticed, put_off, settle
from crm.bitrix24.portals import ENTITY_TYPES, client_for
from crm.bitrix24.webhook import BadWebhookUrl
from crm.models import Portal, RemoteLead, WriteBack

log = logging.getLogger(__name__)
OWNER_WAIT = 300.0  # seconds, when a person has to mend the connection first
WRITES_WAIT = 5.0  # seconds, while our own writes are on their way
PATIENCE = 3.0  # seconds a look waits for room inside a call; longer waits go back to the queue
UNSETTLED = (WriteBack.Status.QUEUED, WriteBack.Status.RUNNING, WriteBack.Status.UNKNOWN)


def review_noticed(*, limit: int = 50, clock: Callable[[], datetime] = timezone.now) -> int:
    """Look at what was noticed, at most `limit` leads; return how many were looked at."""
    for done in range(limit):
        now = clock()
        remote = claim_noticed(now)
        if remote is None:
            return done
        _look_safely(remote, now)
    return limit


def _look_safely(remote: RemoteLead, now: datetime) -> None:
    try:
        settled = look(client_for(remote.portal, patience=PATIENCE), remote)
    except errors.Bitrix24Error as error:
        put_off(remote, until=datetime.fromtimestamp(_again_at(error, remote, now), tz=now.tzinfo), reason=str(error))
    except BadWebhookUrl as error:
        put_off(remote, until=datetime.fromtimestamp(now.timestamp() + OWNER_WAIT, tz=now.tzinfo), reason=str(error))
    except Exception as error:
        log.exception("bitrix24.review_failed", extra={"remote": remote.pk})
        put_off(remote, until=now + backoff(remote.attempts), reason=f"{type(error).__name__}: see the log")
    else:
        if settled:
            settle(remote)
        else:
            until = datetime.fromtimestamp(now.timestamp() + WRITES_WAIT, tz=now.tzinfo)
            put_off(remote, until=until, reason="")


def look(client: Bitrix24, remote: RemoteLead) -> bool:
    """Look at one lead; return False when it is too early to judge. Raises `Bitrix24Error`."""
    if remote.lead_id and WriteBack.objects.filter(lead_id=remote.lead_id, status__in=UNSETTLED).exists():
        return False
    kind = ENTITY_TYPES[Portal.Entity(remote.entity)]
    try:
        item = get_item(client, kind, remote.remote_id)
    except errors.NotFound:
        end_deleted(remote)
        return True
    phone_is_there = has_phone(item) or (kind is EntityType.DEAL and _contact_has_phone(client, item))
    if remote.lead is None:
        begin(client, remote, item, has_phone=phone_is_there)
    else:
        follow(remote, item, has_phone=phone_is_there)
    _remember(remote, item, has_phone=phone_is_there)
    return True


def _contact_has_phone(client: Bitrix24, deal: Item) -> bool:
    """Return whether the deal's contact has a phone: deals have none of their own."""
    contact_id = int(deal.get("contactId") or 0)
    try:
        return bool(contact_id) and has_phone(get_item(client, EntityType.CONTACT, contact_id))
    except errors.NotFound:
        return False


def _remember(remote: RemoteLead, item: Item, *, has_phone: bool) -> None:
    remote.stage = str(item.get("stageId") or "")
    remote.assigned_by_id = int(item.get("assignedById") or 0) or None
    remote.has_phone = has_phone
    remote.remote_updated_at = updated_at(item)
    remote.save(update_fields=["stage", "assigned_by_id", "has_phone", "remote_updated_at"])


def _again_at(error: errors.Bitrix24Error, remote: RemoteLead, now: datetime) -> float:
    """Return the Unix time to look again at, by what the error says."""
    match error:
        case errors.MethodPaused(until=until):
            return until
        case errors.Throttled(retry_after=seconds):
            return now.timestamp() + seconds
        case errors.NeedsOwner():
            return now.timestamp() + OWNER_WAIT
    return (now + backoff(remote.attempts)).timestamp()

"""Creating a lead, finding the one the open line made, moving it through its stages."""

from crm.bitrix24.linking import attach_remote, find_by_chat
from crm.bitrix24.methods import items
from crm.bitrix24.operations.base import NotYet, Result, Write, remember
from crm.bitrix24.portals import ORIGINATOR
from crm.models import Portal, RemoteLead

WAITS_FOR_LINE = 5  # attempts to find the lead the open line makes, before we make one ourselves


def create_lead(write: Write) -> Result:
    """Create the lead under our own key, unless it is there; searched first, so a repeat creates nothing."""
    known = _created(write)
    if known is not None:
        return {"id": known, "found": True}
    fields = {**write.params["fields"], "originatorId": ORIGINATOR, "originId": str(write.params["origin"])}
    remote_id = items.add_item(write.client, items.EntityType.LEAD, fields)
    _attach(write, remote_id)
    return {"id": remote_id, "found": False}


def was_created(write: Write) -> bool:
    """Return whether the portal has a lead with our key."""
    return _created(write) is not None


def _created(write: Write) -> int | None:
    """Return the id of the lead that carries our key, bound to ours."""
    origin = str(write.params["origin"])
    known = items.find_by_origin(write.client, items.EntityType.LEAD, originator=ORIGINATOR, origin=origin)
    if not known:
        return None
    _attach(write, known[0])
    return known[0]


def _attach(write: Write, remote_id: int) -> None:
    fields = write.params["fields"]
    attach_remote(
        portal=write.portal,
        entity=Portal.Entity.LEAD,
        remote_id=remote_id,
        lead=write.own_lead,
        stage=str(fields.get("stageId", "")),
        assigned_by_id=fields.get("assignedById"),
    )


def find_line_lead(write: Write) -> Result:
    """Find the lead that the open line made for the chat; it may come a little later than the first message."""
    known = RemoteLead.objects.filter(lead=write.own_lead).first()
    if known is not None:
        return {"id": known.remote_id, "found": True}
    remote = find_by_chat(write.client, write.portal, write.own_lead)
    if remote is not None:
        return {"id": remote.remote_id, "found": True}
    if write.attempts < WAITS_FOR_LINE:
        raise NotYet("the open line has not made its lead yet")
    return create_lead(write)


def move(write: Write) -> Result:
    """Set stage and responsible in one request; what is already so is not written."""
    remote = write.remote
    fields = dict(write.params["fields"])
    item = items.update_item(write.client, write.kind, remote.remote_id, fields)
    remember(remote, item, fields)
    return {"fields": fields}


def was_moved(write: Write) -> bool:
    """Return whether the item stands where it was to be moved."""
    remote, fields = write.remote, dict(write.params["fields"])
    item = items.get_item(write.client, write.kind, remote.remote_id)
    if any(str(item.get(name)) != str(value) for name, value in fields.items()):
        return False
    remember(remote, item, fields)
    return True

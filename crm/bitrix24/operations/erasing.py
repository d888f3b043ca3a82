"""Taking out of the portal what we wrote about a customer who wants to be forgotten."""

from crm.bitrix24.forgetting import forget_comments, forget_item, forget_writes
from crm.bitrix24.linking import attach_remote
from crm.bitrix24.methods import items, timeline
from crm.bitrix24.operations.base import Result, Write
from crm.bitrix24.operations.comments import was_commented
from crm.bitrix24.operations.numbers import holder_of
from crm.bitrix24.portals import ORIGINATOR
from crm.models import Portal, RemoteLead


def erase(write: Write) -> Result:
    """Take out what we wrote about the customer, and tell those who work here to look for the rest."""
    if not _is_there(write):
        return {"found": False}
    remote, params = write.remote, write.params
    forget_item(write.client, write.kind, remote.remote_id, params)
    holder = holder_of(write)
    if holder is not None and holder.kind is items.EntityType.CONTACT:
        forget_item(write.client, holder.kind, holder.id, params)
    forget_comments(write.client, write.kind, remote.remote_id, [int(number) for number in params.get("comments", ())])
    forget_writes(write.own_lead)
    return {"id": timeline.add_comment(write.client, write.kind, remote.remote_id, str(params["text"]))}


def was_erased(write: Write) -> bool:
    """Return whether there is nothing to take out, or our comment says that it was."""
    return not _is_there(write) or was_commented(write)


def _is_there(write: Write) -> bool:
    """Return whether the portal has the lead; one whose creation was never confirmed is found by our own key."""
    lead = write.own_lead
    if RemoteLead.objects.filter(lead=lead).exists():
        return True
    found = items.find_by_origin(write.client, items.EntityType.LEAD, originator=ORIGINATOR, origin=f"lead-{lead.pk}")
    if found:
        attach_remote(portal=write.portal, entity=Portal.Entity.LEAD, remote_id=found[0], lead=lead)
    return bool(found)

"""What people read in the portal: comments in the timeline, and a notice to an employee."""

from crm.bitrix24.methods import duplicates, items, notices, timeline
from crm.bitrix24.multifields import read_multifields
from crm.bitrix24.operations.base import Result, Write
from crm.bitrix24.operations.numbers import holder_of
from crm.bitrix24.portals import ORIGINATOR
from crm.models import Portal


def comment(write: Write) -> Result:
    """Leave a comment in the timeline; with a `phone` (empty: the card's own), it also says who else has that number."""
    text = str(write.params["text"])
    if "phone" in write.params and (phone := str(write.params["phone"]) or _phone_on_card(write)):
        text += _others_with(write, phone)
    return {"id": timeline.add_comment(write.client, write.kind, write.remote.remote_id, text)}


def was_commented(write: Write) -> bool:
    """Return whether the timeline has a comment that begins with this text."""
    texts = timeline.list_comments(write.client, write.kind, write.remote.remote_id)
    return any(text.startswith(str(write.params["text"])) for text in texts)


def notify(write: Write) -> Result:
    """Show an employee a notice; the tag makes a repeat replace it."""
    params = write.params
    return {
        "id": notices.notify(
            write.client, int(params["user_id"]), str(params["text"]), tag=str(params["tag"]), client_id=ORIGINATOR
        )
    }


def _phone_on_card(write: Write) -> str:
    """Return the first number of the lead or of its contact, as it stands there."""
    holder = holder_of(write)
    phones = read_multifields(items.get_item(write.client, holder.kind, holder.id)) if holder else []
    return phones[0].value if phones else ""


def _others_with(write: Write, phone: str) -> str:
    found = duplicates.find_duplicates(write.client, phone)
    remote = write.remote
    own = {remote.entity: remote.remote_id}
    leads = [number for number in found.leads if number != own.get(Portal.Entity.LEAD)]
    names = [f"лид № {number}" for number in leads]
    names += [f"контакт № {number}" for number in found.contacts]
    names += [f"компания № {number}" for number in found.companies]
    return f"\nТот же номер есть ещё здесь: {', '.join(names)}." if names else ""

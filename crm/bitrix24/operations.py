"""What can be written to a portal: one small function each, and beside it how to see whether it has been done.

`run` does it and returns what is worth keeping. `was_done` only reads: it is asked when an answer was lost, before anything
is repeated. Manual pages are linked in `crm/bitrix24/methods/`.
"""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.models import Chat, Message
from bot.outbox import take_over
from crm.bitrix24.client import Bitrix24
from crm.bitrix24.forgetting import forget_comments, forget_item, forget_writes
from crm.bitrix24.linking import attach_remote, find_by_chat
from crm.bitrix24.methods import bots, duplicates, items, lines, notices, timeline
from crm.bitrix24.multifields import addition_of, mail_addition_of, read_multifields
from crm.bitrix24.portals import ENTITY_TYPES, ORIGINATOR, bot_of
from crm.models import Lead, Portal, RemoteLead, WriteBack

WAITS_FOR_WORDS = 10  # attempts to let the bot say goodbye before its chat is given away
WAITS_FOR_LINE = 5  # attempts to find the lead the open line makes, before we make one ourselves


class NotYet(Exception):
    """Something this write stands on is not there yet; try again in `wait` seconds, or ever later when it is 0."""

    def __init__(self, reason: str, *, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class PhoneHolder:
    """The item whose `fm` carries the customer's phones."""

    kind: items.EntityType
    id: int


@dataclass(frozen=True, slots=True)
class Write:
    """One write about to be done: `params` as they were queued, `attempts` counting this one."""

    client: Bitrix24
    portal: Portal
    params: Mapping[str, Any]
    lead: Lead | None
    attempts: int = 1

    @property
    def own_lead(self) -> Lead:
        """Our lead; raises `NotYet` for a write that was queued without one."""
        if self.lead is None:
            raise NotYet("this write has no lead")
        return self.lead

    @property
    def remote(self) -> RemoteLead:
        """The lead or deal in the portal; raises `NotYet` while it is not known."""
        remote = RemoteLead.objects.filter(lead=self.lead).first() if self.lead else None
        if remote is None:
            raise NotYet("the lead is not in the portal yet")
        return remote

    @property
    def kind(self) -> items.EntityType:
        """The kind of the item in the portal."""
        return ENTITY_TYPES[Portal.Entity(self.remote.entity)]

    @property
    def bot(self) -> bots.Bot:
        """The open-line bot; raises `NotYet` before it is registered."""
        bot = bot_of(self.portal)
        if bot is None:
            raise NotYet("the portal has no bot yet")
        return bot


Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """A row of the table. `about_lead`: "not found" means that the lead is gone, not that this write is wrong."""

    run: Callable[[Write], Result]
    was_done: Callable[[Write], bool]
    about_lead: bool = True


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


def add_phone(write: Write) -> Result:
    """Add the number beside those that are there; nothing is written when it is one of them."""
    holder = holder_of(write)
    item = items.get_item(write.client, holder.kind, holder.id) if holder else {}
    addition = addition_of(write.params["phone"], item)
    if holder is None:
        _add_contact(write, addition)
    elif addition:
        item = items.update_item(write.client, holder.kind, holder.id, addition)
    remember(write.remote, item if write.kind is items.EntityType.LEAD else {}, {}, has_phone=True)
    return {"added": bool(addition)}


def has_number(write: Write) -> bool:
    """Return whether the number is there."""
    holder = holder_of(write)
    if holder is None or addition_of(write.params["phone"], items.get_item(write.client, holder.kind, holder.id)):
        return False
    remember(write.remote, {}, {}, has_phone=True)
    return True


def add_email(write: Write) -> Result:
    """Add the address beside those that are there; nothing is written when it is one of them."""
    holder = holder_of(write)
    item = items.get_item(write.client, holder.kind, holder.id) if holder else {}
    addition = mail_addition_of(write.params["email"], item)
    if holder is None:
        _add_contact(write, addition)
    elif addition:
        item = items.update_item(write.client, holder.kind, holder.id, addition)
    remember(write.remote, item if write.kind is items.EntityType.LEAD else {}, {})
    return {"added": bool(addition)}


def has_email(write: Write) -> bool:
    """Return whether the address is there."""
    holder = holder_of(write)
    if holder is None:
        return False
    return not mail_addition_of(write.params["email"], items.get_item(write.client, holder.kind, holder.id))


def holder_of(write: Write) -> PhoneHolder | None:
    """Return what carries the phones: the lead itself; of a deal its contact, `None` when it has none."""
    remote = write.remote
    if write.kind is items.EntityType.LEAD:
        return PhoneHolder(write.kind, remote.remote_id)
    deal = items.get_item(write.client, write.kind, remote.remote_id)
    contact_id = int(deal.get("contactId") or 0)
    return PhoneHolder(items.EntityType.CONTACT, contact_id) if contact_id else None


def _add_contact(write: Write, phone: Mapping[str, Any]) -> None:
    """Make the contact of a deal that has none, under our own key, and bind it."""
    origin = f"contact-of-deal-{write.remote.remote_id}"
    contact = items.EntityType.CONTACT
    known = items.find_by_origin(write.client, contact, originator=ORIGINATOR, origin=origin)
    name = write.lead.customer.name if write.lead else ""
    fields = {"name": name or "Клиент", **phone, "originatorId": ORIGINATOR, "originId": origin}
    contact_id = known[0] if known else items.add_item(write.client, contact, fields)
    items.update_item(write.client, write.kind, write.remote.remote_id, {"contactIds": [contact_id]})


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


def notify(write: Write) -> Result:
    """Show an employee a notice; the tag makes a repeat replace it."""
    params = write.params
    return {
        "id": notices.notify(
            write.client, int(params["user_id"]), str(params["text"]), tag=str(params["tag"]), client_id=ORIGINATOR
        )
    }


def transfer_chat(write: Write) -> Result:
    """Give the customer's chat to an employee, or to the line's queue when none is named; a human's chat is left alone."""
    _let_the_bot_finish(write)
    chat_id, user_id = int(write.params["chat_id"]), int(write.params.get("user_id") or 0)
    match _holder_of_chat(write, chat_id):
        case Holder.BOT if user_id:
            lines.transfer_to_user(write.client, write.bot, chat_id=chat_id, user_id=user_id)
        case Holder.BOT:
            lines.transfer_to_queue(write.client, write.bot, chat_id=chat_id)
        case Holder.OURSELVES:
            lines.pass_on(write.client, chat_id=chat_id, to=str(user_id or f"queue{write.portal.open_line_id}"))
        case Holder.NOBODY:
            lines.answer_chat(write.client, chat_id=chat_id)
            lines.pass_on(write.client, chat_id=chat_id, to=str(user_id or f"queue{write.portal.open_line_id}"))
        case Holder.HUMAN:
            _leave_the_word_to_humans(write)
            return {"was": "with a human"}
    _leave_the_word_to_humans(write)
    return {"to": user_id or "queue"}


def was_transferred(write: Write) -> bool:
    """Return whether a human answers in the chat."""
    if _holder_of_chat(write, int(write.params["chat_id"])) is not Holder.HUMAN:
        return False
    _leave_the_word_to_humans(write)
    return True


def _leave_the_word_to_humans(write: Write) -> None:
    chat = write.lead.chat if write.lead else None
    if chat is not None and chat.speaker == Chat.Speaker.BOT:
        take_over(chat.pk)


def finish_chat(write: Write) -> Result:
    """End the dialogue in the open line; one that is with a human or has ended is left as it is."""
    _let_the_bot_finish(write)
    chat_id = int(write.params["chat_id"])
    match _holder_of_chat(write, chat_id):
        case Holder.BOT:
            lines.finish_chat(write.client, write.bot, chat_id=chat_id)
        case Holder.OURSELVES:
            lines.finish_own_chat(write.client, chat_id=chat_id)
        case other:
            return {"was": other.value}
    return {}


def was_finished(write: Write) -> bool:
    """Return whether neither the bot nor the webhook's user holds the chat any more."""
    return _holder_of_chat(write, int(write.params["chat_id"])) in (Holder.NOBODY, Holder.HUMAN)


def _let_the_bot_finish(write: Write) -> None:
    """Raise `NotYet` while the bot's last words are on their way: said after a transfer they would be said over a human."""
    chat = write.lead.chat if write.lead else None
    if chat is None or write.attempts >= WAITS_FOR_WORDS:
        return
    words = chat.messages.filter(role=Message.Role.BOT, status__in=Message.PENDING)
    if words.exists():
        raise NotYet("the bot is still speaking", wait=2.0)


class Holder(enum.Enum):
    """Who answers in an open-line chat."""

    BOT = "bot"
    OURSELVES = "the webhook's user"  # after we reopened a chat that had ended
    NOBODY = "nobody"  # ended, or waiting for an operator
    HUMAN = "a human"


def _holder_of_chat(write: Write, chat_id: int) -> Holder:
    owner = lines.get_dialog(write.client, chat_id).owner_id
    if owner == write.bot.id:
        return Holder.BOT
    if owner == write.client.webhook.user_id:
        return Holder.OURSELVES
    return Holder.HUMAN if owner else Holder.NOBODY


def never_seen(write: Write) -> bool:
    """Return False: cannot be read back, and doing it twice is the same as once."""
    return False


def remember(remote: RemoteLead, item: items.Item, fields: Mapping[str, Any], *, has_phone: bool = False) -> None:
    """Keep what we have just made of the item, so that its own event is not taken for somebody else's change."""
    remote.stage = str(fields.get("stageId", remote.stage))
    remote.assigned_by_id = fields.get("assignedById", remote.assigned_by_id)
    remote.has_phone = remote.has_phone or has_phone
    remote.remote_updated_at = items.updated_at(item) or remote.remote_updated_at
    remote.save(update_fields=["stage", "assigned_by_id", "has_phone", "remote_updated_at"])


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


Names = WriteBack.Operation
OPERATIONS: dict[str, Operation] = {
    Names.CREATE_LEAD: Operation(create_lead, was_created),
    Names.FIND_LINE_LEAD: Operation(find_line_lead, was_created),
    Names.MOVE: Operation(move, was_moved),
    Names.ADD_PHONE: Operation(add_phone, has_number),
    Names.ADD_EMAIL: Operation(add_email, has_email),
    Names.COMMENT: Operation(comment, was_commented),
    Names.ERASE: Operation(erase, was_erased),
    Names.NOTIFY: Operation(notify, never_seen, about_lead=False),
    Names.TRANSFER_CHAT: Operation(transfer_chat, was_transferred, about_lead=False),
    Names.FINISH_CHAT: Operation(finish_chat, was_finished, about_lead=False),
}

"""How a customer of a new lead can be reached: the lead's open-line chat, our own channel, a number, or not at all."""

from dataclasses import dataclass

from bot.models import Chat
from crm.bitrix24 import errors
from crm.bitrix24.client import Bitrix24
from crm.bitrix24.contacts import find_number
from crm.bitrix24.linking import chat_of_line
from crm.bitrix24.methods import lines
from crm.bitrix24.methods.items import EntityType, Item
from crm.bitrix24.methods.lines import CrmChat
from crm.bitrix24.portals import ORIGINATOR, bot_of
from crm.models import Lead, Portal


@dataclass(frozen=True, slots=True)
class ByChat:
    """The customer reads this chat."""

    chat: Chat


@dataclass(frozen=True, slots=True)
class OwnLead:
    """We made this lead ourselves, from one of our channels."""

    lead: Lead


@dataclass(frozen=True, slots=True)
class ByNumber:
    """No chat, but a number stands elsewhere in the lead; `place` says where."""

    phone: str
    place: str


@dataclass(frozen=True, slots=True)
class WithHuman:
    """An employee answers in the lead's chat already."""


@dataclass(frozen=True, slots=True)
class NoRoad:
    """Nothing leads to the customer; `reason` is for people."""

    reason: str


Route = ByChat | OwnLead | ByNumber | WithHuman | NoRoad


def find_route(client: Bitrix24, portal: Portal, kind: EntityType, item: Item) -> Route:
    """Return the best way to the customer of `item`; may reopen a chat and bring the bot into it."""
    own = _own_lead(item)
    if own is not None:
        return OwnLead(own)
    line = _by_line(client, portal, kind, item)
    if line is not None:
        return line
    number = find_number(client, item, region=portal.options.get("phone_region", "RU"))
    if number is not None:
        return ByNumber(number.phone, number.place)
    return NoRoad("нет ни чата с клиентом, ни номера в карточке")


def _own_lead(item: Item) -> Lead | None:
    """Return our lead that this item was created from (`originId` is `lead-<id>`)."""
    name, _, number = str(item.get("originId") or "").partition("-")
    if item.get("originatorId") != ORIGINATOR or name != "lead" or not number.isdecimal():
        return None
    return Lead.objects.filter(pk=int(number)).first()


def _by_line(client: Bitrix24, portal: Portal, kind: EntityType, item: Item) -> Route | None:
    """Return the newest open-line chat of the item or of its contacts, with the bot in it."""
    if bot_of(portal) is None:
        return None
    owners = [(kind, int(item["id"])), *((EntityType.CONTACT, int(i)) for i in item.get("contactIds") or [])]
    for owner_kind, owner_id in owners:
        chats = lines.find_chats(client, owner_kind, owner_id, only_active=False)
        if chats:
            return _enter(client, portal, owner_kind, owner_id, chats[-1], name=name_of(item))
    return None


def _enter(
    client: Bitrix24, portal: Portal, kind: EntityType, item_id: int, found: CrmChat, *, name: str
) -> Route | None:
    """Bring the bot into a chat, opening it again if the dialogue had ended; a human's dialogue is left alone."""
    active = {chat.chat_id for chat in lines.find_chats(client, kind, item_id, only_active=True)}
    if found.chat_id not in active:
        lines.reopen_chat(client, chat_id=found.chat_id)
    owner = lines.get_dialog(client, found.chat_id).owner_id
    if owner not in own_ids(client, portal):
        return WithHuman()
    if owner != portal.bot_id:
        _join(client, portal, kind, item_id, found.chat_id)
    chat = chat_of_line(portal, found.chat_id, name=name)
    return ByChat(chat) if chat else None


def name_of(item: Item) -> str:
    """Return the person's name on the card; the title is no name."""
    return " ".join(str(item.get(part) or "") for part in ("name", "lastName")).strip()


def own_ids(client: Bitrix24, portal: Portal) -> frozenset[int]:
    """Return who may own a chat while the bot still speaks in it: the bot, nobody (0), the user we call as."""
    return frozenset({0, portal.bot_id or 0, client.webhook.user_id})


def _join(client: Bitrix24, portal: Portal, kind: EntityType, item_id: int, chat_id: int) -> None:
    try:
        lines.join_chat(client, kind, item_id, user_id=portal.bot_id or 0, chat_id=chat_id)
    except errors.Rejected as error:
        if error.code != "WRONG_REQUEST":  # "already a member": what we wanted
            raise

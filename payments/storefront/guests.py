"""Who asks: from the proof a page shows to the chat and the customer behind it. Looking stores nothing."""

import datetime as dt
import secrets
from dataclasses import dataclass

from bot.models import Channel, Chat
from content.menus import places_of
from content.models import Place
from crm.customers import customer_of
from crm.models import Customer, CustomerChat
from payments.storefront import links, tokens
from payments.storefront.init_data import NotProven, check_init_data
from payments.storefront.refusals import NotKnown, NotThere
from payments.storefront.tokens import Session

REOPEN = "Откройте меню ещё раз из чата."


@dataclass(frozen=True, slots=True)
class Visit:
    """A request whose sender is proven."""

    channel: Channel
    session: Session

    def chat(self) -> Chat:
        """Return the guest's chat, made when they first do something; that is where they will be told of their order."""
        known = {"name": self.session.name[:190], "username": self.session.username[:190]}
        chat, _made = Chat.objects.get_or_create(
            channel=self.channel,
            external_id=self.session.external_id,
            defaults={**known, "language": self.session.language[:16]},
        )
        return chat

    def customer(self) -> Customer:
        """Return the guest, made when they first do something."""
        return customer_of(self.chat())

    def known_customer(self) -> Customer | None:
        """Return the guest if they ever did anything."""
        chat = {"chat__channel": self.channel, "chat__external_id": self.session.external_id}
        link = CustomerChat.objects.select_related("customer").filter(**chat).first()
        return link.customer if link else None


def channel_of(number: int) -> Channel:
    """Return the channel whose shop is asked for."""
    channel = Channel.objects.filter(pk=number, is_active=True).first()
    if channel is None:
        raise NotThere("Такой кофейни нет.")
    return channel


def place_of(channel: Channel, code: str = "") -> Place:
    """Return the place named, the first one when none is."""
    place = next((place for place in places_of(channel.scenario_key) if code in ("", place.code)), None)
    if place is None:
        raise NotThere("Такой кофейни нет.")
    return place


def session_of(channel: Channel, *, init_data: str, guest: str, token: str, now: dt.datetime) -> Session:
    """Return the session that a page has proven; raises `NotKnown`. Where a channel proves nobody, a new guest is named."""
    if channel.kind == "telegram":
        return _telegram_session(channel, init_data, token, now)
    known = tokens.read(channel.pk, token) if token and not guest else None
    if known is not None:
        return known
    external_id = links.read_guest_token(channel, guest) if guest else secrets.token_hex(16)
    if external_id is None:
        raise NotKnown(REOPEN)
    chat = Chat.objects.filter(channel=channel, external_id=external_id).first() if guest else None
    return Session(channel.pk, external_id, chat.name if chat else "", "", chat.language if chat else "")


def _telegram_session(channel: Channel, init_data: str, token: str, now: dt.datetime) -> Session:
    try:
        guest = check_init_data(init_data, token=str(channel.credentials.get("token") or ""), now=now)
    except NotProven as error:
        # A page that stays open for hours shows launch data that was fresh once; its session goes on.
        known = tokens.read(channel.pk, token) if token else None
        if known is None:
            raise NotKnown(REOPEN) from error
        return known
    person = guest.person
    return Session(channel.pk, guest.external_id, person.name[:190], person.username[:190], person.language[:16])

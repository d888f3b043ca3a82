"""From inbox rows to what the engine hears and the transcript keeps."""

import datetime as dt
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from bot.channels.registry import adapter_for
from bot.messages import FOUND_BY_SENDING, EventKind, Incoming
from bot.models import Chat, InboxEvent, Message
from content.menu.changes import Change
from crm.phones import check_contact, readable
from dialogs.engine import events as heard
from dialogs.engine.proposals import NextAction, Proposal, ProposedButton, Verdict
from dialogs.engine.reading import Intent
from dialogs.engine.shop.words import promo_in
from dialogs.understanding.menu_reader import MenuReader
from dialogs.understanding.reader import Reader

logger = logging.getLogger(__name__)
WORDS = (EventKind.TEXT, EventKind.MEDIA, EventKind.EDITED)
# Kinds made in our own rooms: their payload is ours, no adapter parses it.
OWN = (
    *(EventKind.LEAD_OPENED, EventKind.LEAD_CLOSED, EventKind.TIMER, EventKind.RETURNED),
    *(EventKind.PROPOSED, EventKind.PAYMENT, EventKind.BOOKING, EventKind.ORDER),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One inbox event, parsed."""

    event: InboxEvent
    incoming: Incoming

    @property
    def kind(self) -> EventKind:
        """What it tells."""
        return self.incoming.kind


@dataclass(slots=True)
class Ears:
    """What hearing needs beyond the event itself."""

    reader: Reader
    region: str  # of phone numbers without a country code
    today: dt.date
    labels: Mapping[str, str] = field(default_factory=dict)  # button data -> its words, for the transcript
    menu: MenuReader | None = None  # where there is a menu to order from


def parse(chat: Chat, events: Sequence[InboxEvent]) -> list[Item]:
    """Return the events parsed by their channel's adapter."""
    adapter = adapter_for(chat.channel.kind)
    items = []
    for event in events:
        if event.kind in OWN or FOUND_BY_SENDING in event.payload:
            items.append(Item(event, Incoming(EventKind(event.kind), extra=event.payload)))
        else:
            items.append(Item(event, adapter.parse(event.kind, event.payload)))
    return items


def together(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Group neighbouring words: quick messages are one utterance; everything else stands alone."""
    for is_words, group in groupby(items, key=lambda item: item.kind in WORDS):
        if is_words:
            yield list(group)
        else:
            yield from ([item] for item in group)


def engine_event(group: Sequence[Item], ears: Ears, *, recent: Sequence[str], asked: str) -> heard.Event | None:
    """Return what the engine hears of a group; None for what does not concern it.

    `recent` is what was written before under the same question, `asked` the field that question wants.
    """
    first = group[0].incoming
    match first.kind:
        case EventKind.TEXT | EventKind.MEDIA | EventKind.EDITED:
            return _said(group, ears, recent, asked)
        case EventKind.PRESS:
            return heard.Pressed(first.data)
        case EventKind.START:
            return heard.Started(first.data)
        case EventKind.CONTACT:
            phone = check_contact(first.phone, ears.region) or ""
            shown, agreed_to = readable(phone) if phone else "", str(first.extra.get("consent_text") or "")
            return heard.SharedContact(phone, shown, first.own_contact, agreed_to)
        case EventKind.TIMER:
            return heard.Alarm(str(first.extra["name"]), int(first.extra["visit"]))
        case EventKind.PAYMENT:
            return payment_told(first.extra)
        case EventKind.ORDER:
            return order_told(first.extra)
        case EventKind.PROPOSED:
            return proposed(first.extra)
        case EventKind.LEAD_OPENED:
            return heard.LeadOpened()
        case EventKind.JOINED:
            return heard.Joined()
        case EventKind.LEAD_CLOSED:
            return heard.LeadClosed(str(first.extra.get("reason", "")))
        case EventKind.RETURNED:
            return heard.Returned()
        case EventKind.BOOKING:
            return _booking_news(first.extra)
        case EventKind.OPERATOR:
            return heard.TakenOver()
        case EventKind.BLOCKED:
            return heard.WentAway()
    return None


def payment_told(payload: Mapping[str, Any]) -> heard.PaymentTold:
    """Return the till's news."""
    words = {name: str(payload.get(name) or "") for name in ("order", "product", "amount", "left")}
    return heard.PaymentTold(str(payload["what"]), codes=tuple(payload.get("codes") or ()), **words)


def order_told(payload: Mapping[str, Any]) -> heard.OrderTold:
    """Return the shop's news of an order."""
    is_due = payload.get("way") == "counter" and payload.get("status") != "held" and not payload.get("is_paid")
    moment, amount = str(payload.get("pickup_at") or ""), str(payload.get("amount") or "")
    zone = ZoneInfo(str(payload.get("zone") or "UTC"))
    place = (str(payload.get(name) or "") for name in ("place_name", "address"))
    return heard.OrderTold(
        str(payload["what"]),
        order=int(payload.get("order") or 0),
        ticket=str(payload.get("ticket") or ""),
        status=str(payload.get("status") or ""),
        way=str(payload.get("way") or ""),
        place=", ".join(part for part in place if part),
        ready_at=dt.datetime.fromisoformat(moment).astimezone(zone) if moment else None,
        amount=amount,
        to_pay=amount if is_due else "",
        reason=str(payload.get("reason") or ""),
        can_cancel=bool(payload.get("can_cancel")),
        key=str(payload.get("key") or "").rpartition(":")[2],
        changes=tuple(Change.from_json(item) for item in payload.get("changes") or ()),
    )


def proposed(payload: Mapping[str, Any]) -> heard.Proposed:
    """Rebuild the assistant's answer from what its worker put into the inbox."""
    raw = payload["proposal"]
    buttons = tuple(ProposedButton(str(item["text"]), str(item["callback"])) for item in raw["buttons"])
    action = NextAction(raw["next_action"])
    return heard.Proposed(
        turn=int(payload["turn"]),
        request=int(payload["request"]),
        epoch=int(payload["epoch"]),
        proposal=Proposal(str(raw["reply_text"]), buttons, action, float(raw["confidence"])),
        screening=tuple(Verdict(**item) for item in payload.get("screening", ())),
        facts=payload.get("facts", {}),
    )


def overheard(group: Sequence[Item], ears: Ears) -> heard.Overheard:
    """Return what was said to a human of ours, as the dialogue hears it."""
    return heard.Overheard(_said(group, ears, (), "").reading)


def _booking_news(told: Mapping[str, Any]) -> heard.BookingTold:
    moment = str(told.get("starts_at") or "")
    starts_at = dt.datetime.fromisoformat(moment).astimezone(ZoneInfo(str(told["zone"]))) if moment else None
    return heard.BookingTold(heard.BookingOutcome(told["outcome"]), int(told["appointment"]), starts_at)


def _said(group: Sequence[Item], ears: Ears, recent: Sequence[str], asked: str) -> heard.Said:
    texts = [item.incoming.text for item in group if item.incoming.text]
    rewrites = any(item.kind is EventKind.EDITED for item in group)
    media = tuple(media.kind for item in group for media in item.incoming.media)
    reading = ears.reader.read(texts, earlier=() if rewrites else recent, asked=asked, today=ears.today)
    if ears.menu is not None:
        ordered, unknown = ears.menu.read("\n".join(texts))
        reading = replace(reading, ordered=ordered, unknown=unknown)
        if promo_in(reading.text) or (ordered and not any(item.is_asked for item in ordered)):
            # "Без сахара" is a wish, not a question about what is in the cakes.
            reading = replace(reading, faq=(), intents=tuple(item for item in reading.intents if item != Intent.FAQ))
    return heard.Said(reading, media, rewrites)


def transcript_row(chat: Chat, item: Item, labels: Mapping[str, str]) -> Message | None:
    """Return the row the transcript keeps of one event, None for what is no utterance."""
    incoming = item.incoming
    match incoming.kind:
        case EventKind.TEXT | EventKind.MEDIA:
            text = incoming.text
        case EventKind.PRESS:
            text = labels.get(incoming.data, incoming.data)
        case EventKind.CONTACT:
            text = "📱 " + (incoming.phone if incoming.own_contact else "…")
        case EventKind.START:
            text = f"/start {incoming.data}".strip()
        case EventKind.OPERATOR:
            text = incoming.text
        case _:
            return None
    return Message(
        chat=chat,
        channel_id=chat.channel_id,
        role=Message.Role.MANAGER if incoming.kind is EventKind.OPERATOR else Message.Role.USER,
        text=text,
        extras=_extras(incoming),
        status=Message.Status.RECEIVED,
        epoch=chat.epoch,
        external_id=incoming.external_message_id,
        request_id=item.event.request_id,
        created_at=item.event.received_at,
        send_after=item.event.received_at,  # nothing is sent; `insert` wants a value
    )


def _extras(incoming: Incoming) -> dict[str, object]:
    media = [{"kind": media.kind, "ref": media.ref, "name": media.name} for media in incoming.media]
    return {"media": media, **({"pressed": incoming.data} if incoming.kind is EventKind.PRESS else {})}

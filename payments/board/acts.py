"""What a barista does to an order: each button is one verb of `payments.shop.tickets`, and a refusal says who was quicker."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bot.errors import Refused
from bot.personal import Look, looking
from content.models import Place
from payments.board import clocks
from payments.board.words import statuses
from payments.models import Ticket
from payments.shop import tickets

DELAYS = (5, 10, 15)
LONGEST_REASON = 190


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a button: by whom, and in which state the ticket was shown to them."""

    by: str
    seen: str
    facts: Mapping[str, str]
    now: dt.datetime


def press(place: Place, ticket_id: int, verb: str, press: Press) -> str:
    """Do it and return what is said; raises `Refused` when the order has moved on meanwhile."""
    # The house acts: what the guest is told must not be veiled because the barista may not see their phone.
    with looking(Look(may_see=True)):
        row = Ticket.objects.select_related("place", "order__chat__channel", "order__customer")
        ticket = row.filter(place=place.pk, pk=ticket_id).first()
        if ticket is None:
            raise Refused(_("There is no such order at this place."))
        if press.seen != ticket.status or not VERBS[verb](ticket, press):
            ticket.refresh_from_db()
            raise Refused(how_it_stands(ticket))
        return _said(ticket, verb)


def _accept(ticket: Ticket, press: Press) -> bool:
    return tickets.accept(ticket, by=press.by, now=press.now)


def _ready(ticket: Ticket, press: Press) -> bool:
    return tickets.ready(ticket, now=press.now)


def _pick_up(ticket: Ticket, press: Press) -> bool:
    return tickets.pick_up(ticket, now=press.now)


def _recall(ticket: Ticket, press: Press) -> bool:
    return tickets.recall(ticket, now=press.now)


def _delay(ticket: Ticket, press: Press) -> bool:
    minutes = press.facts.get("minutes", "")
    if minutes not in map(str, DELAYS):
        raise Refused(_("Choose 5, 10 or 15 minutes."))
    return tickets.delay(ticket, int(minutes), now=press.now)


def _cancel(ticket: Ticket, press: Press) -> bool:
    reason = " ".join(press.facts.get("reason", "").split())[:LONGEST_REASON]
    if not reason:
        raise Refused(_("Say why: the guest will read it."))
    return tickets.cancel(ticket, by=Ticket.By.SHOP, reason=reason, now=press.now)


VERBS: Mapping[str, Callable[[Ticket, Press], bool]] = {
    "accept": _accept,
    "ready": _ready,
    "pick_up": _pick_up,
    "recall": _recall,
    "delay": _delay,
    "cancel": _cancel,
}


def _said(ticket: Ticket, verb: str) -> str:
    """Return what the barista reads; the usual steps show themselves by the card that moves."""
    number = {"number": ticket.number}
    if verb == "delay":
        return _("№%(number)s: the guest is told, ready by %(time)s.") % {
            **number,
            "time": clocks.at(ticket.pickup_at, ticket.place),
        }
    if verb == "cancel":
        return _("№%(number)s is canceled, the guest is told why.") % number
    if verb == "recall":
        return _("№%(number)s is back.") % number
    return ""


def how_it_stands(ticket: Ticket) -> str:
    """Return why a press came too late: what the order is now, and by whom."""
    facts = {"number": ticket.number, "by": ticket.accepted_by, "status": statuses()[ticket.status]}
    if ticket.status == Ticket.Status.MAKING and ticket.accepted_at is not None:
        facts["time"] = clocks.at(ticket.accepted_at, ticket.place)
        return _("№%(number)s was accepted by %(by)s at %(time)s.") % facts
    if ticket.status == Ticket.Status.CANCELED and ticket.canceled_by == Ticket.By.GUEST:
        return _("№%(number)s was canceled by the guest.") % facts
    return _("№%(number)s has moved on: %(status)s.") % facts

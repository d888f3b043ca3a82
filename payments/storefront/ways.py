"""How one can pay here, and what is to be done for the money once the order stands."""

from payments.models import Account, Order, Payment, Ticket, Way
from payments.storefront.schemas import PayOut, WayOut

WORDS = {
    Way.TELEGRAM: ("Картой в Telegram", "сразу"),
    Way.YOOKASSA: ("Картой или СБП", "ЮKassa"),
    Way.COUNTER: ("На кассе", "при получении"),
}
NOTHING = PayOut(kind="none")


def open_ways(channel_kind: str) -> list[WayOut]:
    """Return the ways open in a channel: the counter always, the others when their account is set up."""
    set_up = set(Account.objects.filter(is_active=True).values_list("provider", flat=True))
    fits = {Way.TELEGRAM: channel_kind == "telegram" and "telegram" in set_up, Way.YOOKASSA: "yookassa" in set_up}
    codes = [way for way in WORDS if fits.get(way, True)]
    return [WayOut(code=way.value, title=WORDS[way][0], note=WORDS[way][1]) for way in codes]


def is_open(channel_kind: str, code: str) -> bool:
    """Tell whether this way is among them."""
    return any(way.code == code for way in open_ways(channel_kind))


def pay_of(ticket: Ticket) -> PayOut:
    """Return what the guest has to do for the money of an order."""
    if ticket.status != Ticket.Status.HELD or ticket.order.status != Order.Status.NEW:
        return NOTHING
    payment = Payment.objects.filter(order=ticket.order).order_by("-pk").first()  # a declined card brings another link
    if payment is None:  # pragma: no cover  # an order is held for a payment only
        return NOTHING
    if not payment.link:
        return PayOut(kind="soon")
    return PayOut(kind="invoice" if ticket.way == Way.TELEGRAM else "link", url=payment.link)

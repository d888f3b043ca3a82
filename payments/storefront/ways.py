"""How one can pay here, and what is to be done for the money once the order stands."""

from bot.models import Channel
from payments.models import Account, Order, Payment, Ticket, Way
from payments.storefront.schemas import PayOut, WayOut

WORDS = {
    Way.TELEGRAM: ("Картой в Telegram", "сразу"),
    Way.YOOKASSA: ("Картой или СБП", "ЮKassa"),
    Way.COUNTER: ("На кассе", "при получении"),
}
NOTHING = PayOut(kind="none")


FOR_THE_SHOP = (Account.Serves.ALL, Account.Serves.SHOP)
PAYABLE = (Payment.Status.CREATED, Payment.Status.SENT)


def open_ways(channel: Channel) -> list[WayOut]:
    """Return the ways open in a channel: the counter always, the others when their account is set up; an invoice is one bot's."""
    accounts = Account.objects.filter(is_active=True, serves__in=FOR_THE_SHOP).values_list("provider", "channel")
    own = {Way.COUNTER: True, Way.TELEGRAM: ("telegram", channel.pk) in accounts}
    set_up = {provider for provider, _bot in accounts}
    codes = [way for way in WORDS if own.get(way, way.value in set_up)]
    return [WayOut(code=way.value, title=WORDS[way][0], note=WORDS[way][1]) for way in codes]


def is_open(channel: Channel, code: str) -> bool:
    """Tell whether this way is among them."""
    return any(way.code == code for way in open_ways(channel))


def pay_of(ticket: Ticket) -> PayOut:
    """Return what the guest has to do for the money of an order; the newest link counts, an older one was declined."""
    if ticket.status != Ticket.Status.HELD or ticket.order.status != Order.Status.NEW:
        return NOTHING
    payment = Payment.objects.filter(order=ticket.order, status__in=PAYABLE).order_by("-pk").first()
    if payment is None:
        return NOTHING
    if not payment.link:
        return PayOut(kind="soon")
    return PayOut(kind="invoice" if ticket.way == Way.TELEGRAM else "link", url=payment.link)

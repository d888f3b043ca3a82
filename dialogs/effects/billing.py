"""What a dialogue wants of the till: an order with its link, a look whether the money is here."""

import datetime as dt

from bot.messages import Outgoing
from bot.models import Message
from bot.outbox import rows_for
from content.models import Product
from content.models.scoped import usable
from crm.models import Lead
from dialogs.effects.leads import show_interest
from dialogs.effects.sheet import Occasion
from dialogs.engine.effects import CheckPayment, SendBill
from payments import checking, inviting
from payments.models import Order, Payment
from payments.ordering import Buyer, Invitation, Line, open_payment, paid_order, place

SAME_PRESS = dt.timedelta(minutes=1)  # a second press within it is the same wish
CHECKED = (*Payment.OPEN, Payment.Status.NEEDS_REVIEW, Payment.Status.FAILED, Payment.Status.CANCELED)


def send_bill(effect: SendBill, at: Occasion) -> None:
    """Make the order, or find the one that waits for its money already, and say the link; a slow link is said by the till."""
    customer, product = at.session.customer, product_of(effect.code, at)
    if product is None:
        return  # taken off sale a moment ago
    if paid_order(customer, product.code) is not None:
        _say(Outgoing(effect.known), at)
        return
    if at.session.lead is not None:  # a manager may be sending the same link this very moment: one order is made
        Lead.objects.select_for_update(no_key=True).filter(pk=at.session.lead.pk).first()
    payment = open_payment(customer, product.code, product.price, now=at.sheet.now)
    if payment is not None:
        _say_again(payment, at)
        return
    line = Line(product.code, product.name, product.price)
    buyer = Buyer(customer, at.session.chat, at.session.lead)
    invitation = Invitation(effect.text, effect.button)
    if at.session.lead is not None:
        show_interest(at.session.lead, "payment", at)
    payment = place(buyer, [line], invitation, page=product.deal_url, now=at.sheet.now)
    if payment.link:
        _say(inviting.invitation_of(payment), at)
        inviting.tell_of_link(payment)


def check_payment(effect: CheckPayment, at: Occasion) -> None:
    """Have the newest order of this person looked at; the answer comes back as news of the till."""
    rows = Payment.objects.filter(order__customer=at.session.customer)
    payment = rows.filter(status__in=CHECKED).order_by("-pk").first()
    if payment is not None:
        checking.ask_to_check(payment, now=at.sheet.now, claimed=True)
    elif Order.objects.filter(customer=at.session.customer, status=Order.Status.PAID).exists():
        _say(Outgoing(effect.known), at)
    else:
        _say(Outgoing(effect.none), at)


def product_of(code: str, at: Occasion) -> Product | None:
    """Return the product on sale under this code in the dialogue's scenario."""
    script = at.session.script
    rows = Product.objects.courses().filter(code=code, is_active=True)
    return next(iter(usable(rows, script.key if script else "", name="code")), None)


def _say_again(payment: Payment, at: Occasion) -> None:
    is_fresh = payment.sent_at is not None and at.sheet.now - payment.sent_at < SAME_PRESS
    if payment.link and not is_fresh:
        _say(inviting.invitation_of(payment), at)


def _say(outgoing: Outgoing, at: Occasion) -> None:
    rows: list[Message] = rows_for(at.session.chat, outgoing, dedupe_key=at.key, request_id=at.request_id)
    at.sheet.messages += rows

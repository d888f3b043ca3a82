"""What our people do about money: send a link, look again, attach, declare. All of it leaves a trace."""

import dataclasses
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from bot.errors import Refused
from bot.nudges import nudge
from content.models import Product
from crm.desk import note
from crm.models import Lead
from payments import checking, giving_back, inviting, money, refunding
from payments.facts import Deal, DealStatus
from payments.models import Notice, Payment, Refund
from payments.ordering import LINK_TASK, Buyer, Invitation, Line, open_payment, paid_order, place
from payments.settling import settle

LINK_WORDS = "Ваша персональная ссылка на оплату: «{product}», {price}."


def send_link(lead: Lead, product: Product, *, by: str) -> Payment:
    """Send the lead's customer a personal link; an order that already waits for this money is not made twice."""
    chat, now = lead.chat, timezone.now()
    if chat is None:
        raise Refused(_("This lead has no chat to write in."))
    if chat.blocked_at is not None:
        raise Refused(_("The customer has blocked the bot: the message cannot arrive."))
    if not product.is_active:
        raise Refused(_("This product is not on sale."))
    if paid_order(lead.customer, product.code) is not None:
        raise Refused(_("The customer has paid for this product already."))
    with transaction.atomic():
        # Two presses at once make one order: the second finds what the first has made.
        Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
        payment = open_payment(lead.customer, product.code, product.price, now=now)
        if payment is None:
            words = LINK_WORDS.format(product=product.name, price=money.shown(product.price, "RUB"))
            line = Line(product.code, product.name, product.price)
            buyer, invitation = Buyer(lead.customer, chat, lead), Invitation(words, inviting.BUTTON, by=by)
            payment = place(buyer, [line], invitation, page=product.deal_url, now=now)
        if payment.link:
            say_again(payment)
        note(lead, "payment.link", by=by, product=product.name)
    return payment


def resend(payment: Payment) -> None:
    """Send the link once more."""
    if payment.status not in Payment.SENDABLE or not payment.link:
        raise Refused(_("This payment has no link that could be sent."))
    if payment.order.chat is None:
        raise Refused(_("This lead has no chat to write in."))
    say_again(payment)


def say_again(payment: Payment) -> None:
    """Say the link now, whenever it was said before."""
    occasion = get_random_string(12)
    inviting.say_link(payment, key=f"payment:{payment.pk}:link:{occasion}")
    inviting.tell_of_link(payment, key=f"payment:{payment.pk}:sent:{occasion}")


def check_again(payment: Payment) -> None:
    """Have the provider asked how the deal stands; where not even a link could be made, for the link again."""
    account = payment.account
    if payment.status == Payment.Status.FAILED and not payment.link:
        again = Payment.objects.filter(pk=payment.pk, status=Payment.Status.FAILED)
        again.update(status=Payment.Status.CREATED, run_after=timezone.now(), attempts=0, error="", reason="")
        transaction.on_commit(lambda: nudge(LINK_TASK))
        return
    if account is None or not account.can_read:
        raise Refused(_("The keys that read one deal are not set: it will be found by the next reconciliation."))
    if not payment.external_id:
        raise Refused(_("The provider has not told the id of this deal yet."))
    checking.ask_to_check(payment, now=timezone.now())


def declare_paid(payment: Payment, *, by: str) -> Notice:
    """A person has seen the money with their own eyes; what follows is what always follows."""
    if payment.status in (*Payment.MONEY_IN, Payment.Status.REFUNDED):
        raise Refused(_("This payment is settled already."))
    if payment.account is None:
        raise Refused(_("Connect a payment account first."))
    deal = Deal(
        external_id=payment.external_id,
        order_number=payment.order.number,
        status=DealStatus.PAID,
        paid=payment.amount,
        currency=payment.currency,
        payload={"by": by},
    )
    return settle(payment.account, deal, source=Notice.Source.HAND, now=timezone.now())


def refund(payment: Payment, amount: Decimal | None, *, by: str, key: str = "", reason: str = "") -> Refund:
    """Give money back: `amount`, or all that is left. The same `key` (one form, sent twice) is one refund."""
    whole = giving_back.left_of(payment) if amount is None else amount
    return giving_back.ask(payment, whole, now=timezone.now(), key=key, by=by, reason=reason)


def retry_refund(refund: Refund, *, by: str) -> Refund:
    """Ask anew for what had failed, as a refund of its own."""
    if refund.status != Refund.Status.FAILED:
        raise Refused(_("Only a refund that failed can be asked for again."))
    key = f"again:{refund.pk}"  # of two presses one
    with transaction.atomic():
        again = giving_back.ask(refund.payment, refund.amount, now=timezone.now(), key=key, by=by, reason=refund.reason)
        Refund.objects.filter(pk=refund.pk).update(asked_again=True)
    return again


def declare_refunded(refund: Refund, *, by: str) -> None:
    """A person has given the money back in the provider's own cabinet."""
    if not refunding.declare_done(refund, by=by, now=timezone.now()):
        raise Refused(_("This refund does not wait for a person."))


def check_notice(notice: Notice) -> None:
    """Have the deal of a notice read back."""
    if not notice.account.can_read:
        raise Refused(_("The keys that read one deal are not set: it will be found by the next reconciliation."))
    Notice.objects.filter(pk=notice.pk).update(check_after=timezone.now(), attempts=0)
    checking.nudge_checks()


def attach(notice: Notice, number: str) -> Payment:
    """Tie the deal of a notice to an order of ours; a proven word then counts at once, a hint is read back."""
    rows = Payment.objects.filter(provider=notice.provider, order__number=number.strip().upper())
    payment = rows.select_related("order").order_by("-pk").first()
    if payment is None:
        raise Refused(_("No order of ours has this number."))
    if notice.external_id.startswith("order:"):
        raise Refused(_("This notice names no deal: there is nothing to attach."))
    if payment.status in (Payment.Status.PAID, Payment.Status.REFUNDED):
        raise Refused(_("This payment is settled already."))
    try:
        with transaction.atomic():
            Payment.objects.filter(pk=payment.pk).update(external_id=notice.external_id, updated_at=timezone.now())
            Notice.objects.filter(external_id=notice.external_id, provider=notice.provider).update(payment=payment)
    except IntegrityError as error:
        raise Refused(_("This deal belongs to another payment.")) from error
    if notice.verified_at is not None and notice.source != Notice.Source.HINT:
        settle(notice.account, _told_by(notice, payment), source=notice.source, now=timezone.now())
    elif notice.account.can_read:
        check_notice(notice)
    return payment


def close(notice: Notice) -> None:
    """Nobody needs to look at this notice any more."""
    if not Notice.objects.filter(pk=notice.pk, closed_at=None).update(closed_at=timezone.now(), check_after=None):
        raise Refused(_("This notice is closed already."))


def _told_by(notice: Notice, payment: Payment) -> Deal:
    told = Deal(notice.external_id, payment.order.number, DealStatus(notice.status), notice.amount, notice.currency)
    return dataclasses.replace(told, payload=notice.payload)

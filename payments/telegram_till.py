"""What the webhook door asks while Telegram waits: may this order be paid now? And hears: it was paid.

It stands at `settings.TILL`; both run in the door's own process, so a stuck queue of turns holds up neither.
"""

import datetime as dt
import logging
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from bot.till import Answer, Money, Question
from payments.facts import Deal, DealStatus
from payments.locking import lock_ticket
from payments.masking import masked
from payments.models import Account, Notice, Order, Payment, Ticket
from payments.settling import settle
from payments.shop.payable import OVER, why_not

logger = logging.getLogger(__name__)
PROVIDER = "telegram"
KOPECK = Decimal("0.01")
# Between our yes and the money lie seconds; the hold must not end in them.
GRACE = dt.timedelta(minutes=3)
YES = Answer(ok=True)
UNKNOWN = "Этого заказа больше нет. Соберите его заново в меню."
PAID = "Этот заказ уже оплачен, второй раз платить не нужно."
OTHER_SUM = "Сумма заказа изменилась. Откройте новый счёт в чате."


class TelegramTill:
    """What the door knows as `bot.till.Till`."""

    def ask(self, channel_id: int, question: Question) -> Answer:
        """Look at order, sum, hold, slot and stop-list as they are this instant."""
        return check(channel_id, question, now=timezone.now())

    def hear(self, channel_id: int, money: Money) -> None:
        """Write the payment down: unique by Telegram's charge id, whatever is repeated."""
        take(channel_id, money, now=timezone.now())


def check(channel_id: int, question: Question, *, now: dt.datetime) -> Answer:
    """Return yes, and keep the hold a little longer; or no with words for the guest."""
    with transaction.atomic():  # the hold cannot expire between the look and its being kept longer
        payment = _payment_of(channel_id, question.order)
        if payment is None:
            return Answer(ok=False, words=UNKNOWN)
        ticket = lock_ticket(payment.order_id)
        order = Order.objects.get(pk=payment.order_id)
        if order.status == Order.Status.PAID:
            return Answer(ok=False, words=PAID)
        if order.status != Order.Status.NEW or payment.status not in Payment.OPEN:
            return Answer(ok=False, words=OVER)
        if (question.amount * KOPECK, question.currency) != (order.amount, order.currency):
            return Answer(ok=False, words=OTHER_SUM)
        return YES if ticket is None else _held(ticket, order, now)


def take(channel_id: int, money: Money, *, now: dt.datetime) -> None:
    """Settle what Telegram's webhook, proven by its secret, has told."""
    account = Account.objects.filter(provider=PROVIDER, channel=channel_id).order_by("-is_active", "pk").first()
    if account is None:
        logger.error("money for a bot without an account of payments", extra={"channel": channel_id})
        account = Account.objects.create(
            provider=PROVIDER, title=f"Telegram {channel_id}", channel_id=channel_id, api_url="https://api.telegram.org"
        )
    payload = {**masked(money.payload), "provider_charge": money.provider_charge}
    deal = Deal(money.charge, money.order, DealStatus.PAID, money.amount * KOPECK, money.currency, payload)
    settle(account, deal, source=Notice.Source.SIGNED, now=now)


def _payment_of(channel_id: int, number: str) -> Payment | None:
    rows = Payment.objects.filter(provider=PROVIDER, order__number=number, account__channel=channel_id)
    return rows.order_by("-pk").first()


def _held(ticket: Ticket, order: Order, now: dt.datetime) -> Answer:
    if words := why_not(ticket, order, now):
        return Answer(ok=False, words=words)
    longer = Ticket.objects.filter(pk=ticket.pk, status=Ticket.Status.HELD, held_until__lt=now + GRACE)
    longer.update(held_until=now + GRACE)
    return YES


till = TelegramTill()

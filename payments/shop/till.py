"""What follows from money for an order of the shop: the state of the order, and the till's own word to the guest.

What the script tells (paid, expired, canceled, refunded) goes as news of the order; what only money brings about is said here,
whatever script the chat has. Rows only, in the caller's transaction.
"""

import datetime as dt

from bot.messages import Outgoing
from bot.outbox import say
from payments import money
from payments.inviting import role_in
from payments.models import Order, Payment, Ticket
from payments.shop import news, tickets
from payments.shop.opening import open_payment

MOST_LINKS = 4  # of one order: a card that is declined may be tried again, or another
REASONS = {
    "insufficient_funds": "на карте не хватило денег",
    "card_expired": "срок карты истёк",
    "3d_secure_failed": "банк не подтвердил оплату",
    "invalid_card_number": "неверный номер карты",
    "invalid_csc": "неверный код с обратной стороны карты",
    "issuer_unavailable": "банк не отвечает",
    "expired_on_confirmation": "время оплаты вышло",
}
PROMISED = "Мы уже отправили деньги обратно: банк зачислит их за несколько дней."
LOOKED_AT = "Деньги не пропали: мы смотрим, что можно сделать, и напишем вам или вернём их."
PUT_ASIDE = {
    "paid_late": "Оплата заказа № {number} пришла, когда он был уже снят.",
    "paid_twice": "Заказ № {number} оплачен дважды, готовим мы его, конечно, один раз.",
    "wrong_amount": "Оплата заказа № {number} пришла другой суммой.",
}
OTHERWISE = "С оплатой заказа № {number} нужно разобраться."


def ticket_of(order: Order) -> Ticket | None:
    """Return the ticket of an order, None when it is no order of the shop."""
    rows = Ticket.objects.select_related("place", "order__chat__channel", "order__customer")
    return rows.filter(order=order).first()


def paid(payment: Payment, *, now: dt.datetime) -> None:
    """The ticket is at the counter already (`tickets.money_came`): now the order says that it is paid."""
    Order.objects.filter(pk=payment.order_id).update(status=Order.Status.PAID, paid_at=now)


def put_aside(payment: Payment, ticket: Ticket, verdict: str, *, goes_back: bool) -> None:
    """Tell the guest that their money is there and not lost."""
    text = PUT_ASIDE.get(verdict, OTHERWISE).format(number=ticket.number)
    _say(ticket, f"{text} {PROMISED if goes_back else LOOKED_AT}", key=f"payment:{payment.pk}:aside:{verdict}")


def declined(payment: Payment, ticket: Ticket, reason: str, *, now: dt.datetime) -> None:
    """The card was declined; while the order is kept the guest gets another link."""
    why = f": {REASONS[reason]}" if reason in REASONS else ""
    text = f"Оплата заказа № {ticket.number} не прошла{why}. Деньги не списаны."
    is_kept = ticket.status == Ticket.Status.HELD and ticket.held_until is not None and ticket.held_until > now
    if is_kept and Payment.objects.filter(order=payment.order_id).count() < MOST_LINKS:
        open_payment(ticket.order, ticket, now)
        text += " Можно попробовать ещё раз или другой картой, ссылка ниже."
    _say(ticket, text, key=f"payment:{payment.pk}:declined")


def link_failed(payment: Payment, ticket: Ticket) -> None:
    """No way to pay could be made."""
    text = (
        f"Не получилось подготовить оплату заказа № {ticket.number}, мы уже разбираемся. "
        "Чтобы не ждать, можно заказать с оплатой на кассе."
    )
    _say(ticket, text, key=f"payment:{payment.pk}:no_link")


def gone_back(payment: Payment, ticket: Ticket, *, is_whole: bool, is_order_over: bool, now: dt.datetime) -> None:
    """Money went back: told with the sum; an order whose whole money went back is not made any more."""
    if is_whole and is_order_over:
        tickets.cancel(ticket, by=Ticket.By.SHOP, now=now, reason="Деньги возвращены")
        Order.objects.filter(pk=payment.order_id).update(status=Order.Status.REFUNDED)
    key = f"{payment.pk}:{payment.refunded_amount}"
    news.tell(ticket.order, "refunded", key=key, refunded=money.shown(payment.refunded_amount, payment.currency))


def _say(ticket: Ticket, text: str, *, key: str) -> None:
    chat = ticket.order.chat
    if chat is not None and chat.blocked_at is None:
        say(chat, Outgoing(text), role=role_in(chat), dedupe_key=key)

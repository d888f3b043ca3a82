"""What follows from money: order, lead, customer, dialogue, our people, the portal. Rows only, in the caller's transaction.

Every row has a key made of the payment and what happened to it, so that the same thing happening twice is told once.
"""

import datetime as dt

from bot import inbox, outbox
from bot.messages import EventKind
from bot.models import Chat
from crm import leads, notifications, offers, reports
from crm.models import Customer, Event, Lead
from payments import money
from payments.inviting import person_of, what_of
from payments.models import Notice, Order, Payment, Refund
from payments.shop import till
from payments.words import verdict_words

PAID_STAGE = "paid"


def paid(payment: Payment, *, now: dt.datetime) -> None:
    """The order is paid: everybody who must know is told, and the warming ends."""
    order, key = payment.order, f"payment:{payment.pk}:paid"
    if till.ticket_of(order) is not None:
        till.paid(payment, now=now)
        _log(payment, "payment.paid")
        return
    Order.objects.filter(pk=order.pk).update(status=Order.Status.PAID, paid_at=now)
    Customer.objects.filter(pk=order.customer_id).update(funnel_stage=PAID_STAGE, updated_at=now)
    _log(payment, "payment.paid")
    tell_dialogue(payment, "paid")
    _end_warming_elsewhere(payment)
    lead = _lead_of(order)
    if lead is not None:
        leads.pay(lead, now=now)
        _stand(lead, f"оплачено: {what_of(payment)}", key=key)
        reports.report_settled(lead, key=key, comments=False)
        offers.settle(lead)
    if order.chat is not None and order.chat.speaker == Chat.Speaker.MANAGER:
        outbox.note_in(order.chat, f"Оплата получена: {what_of(payment)}.")
    notifications.tell_managers(f"✅ {person_of(payment)} оплатил(а): {what_of(payment)}.", key=key, lead=lead)


def partly_paid(payment: Payment) -> None:
    """A part has come: the customer hears what is left."""
    key = f"payment:{payment.pk}:partial:{payment.paid_amount}"
    came = money.shown(payment.paid_amount, payment.currency)
    _log(payment, "payment.partial")
    tell_dialogue(payment, "partial", key=key)
    text = f"💰 {person_of(payment)} внёс(ла) часть оплаты, всего {came}: {what_of(payment)}."
    notifications.tell_managers(text, key=key, lead=payment.order.lead)


def refunded(payment: Payment, *, now: dt.datetime) -> None:
    """The money went back."""
    order, key = payment.order, f"payment:{payment.pk}:refunded"
    is_order_unpaid = not is_paid_by_others(payment)
    if (ticket := till.ticket_of(order)) is not None:
        _log(payment, "payment.refunded")
        till.gone_back(payment, ticket, is_whole=True, is_order_over=is_order_unpaid, now=now)
        return
    if is_order_unpaid:
        Order.objects.filter(pk=order.pk).update(status=Order.Status.REFUNDED)
    _log(payment, "payment.refunded")
    tell_dialogue(payment, "refunded")
    lead = _lead_of(order)
    if lead is not None and is_order_unpaid:
        _stand(lead, f"возврат оплаты: {what_of(payment)}", key=key)
    notifications.tell_managers(f"↩️ Возврат оплаты у {person_of(payment)}: {what_of(payment)}.", key=key, lead=lead)


def partly_refunded(payment: Payment, *, now: dt.datetime) -> None:
    """A part of the money went back; the order stands."""
    if (ticket := till.ticket_of(payment.order)) is not None:
        _log(payment, "payment.part_refunded")
        till.gone_back(payment, ticket, is_whole=False, is_order_over=False, now=now)
        return
    key = f"payment:{payment.pk}:part_refunded:{payment.refunded_amount}"
    back = money.shown(payment.refunded_amount, payment.currency)
    _log(payment, "payment.part_refunded")
    tell_dialogue(payment, "part_refunded", key=key)
    text = f"↩️ Возвращена часть оплаты у {person_of(payment)}, всего {back}: {what_of(payment)}."
    notifications.tell_managers(text, key=key, lead=payment.order.lead)


def refund_failed(refund: Refund, reason: str) -> None:
    """The money did not go back: a person must see to it."""
    payment = refund.payment
    sum_of = money.shown(refund.amount, payment.currency)
    text = f"⚠️ Возврат {sum_of} не прошёл у {person_of(payment)}: {what_of(payment)}. Причина: {reason}"
    _log(payment, "payment.refund_failed")
    _alert(text, key=f"refund:{refund.pk}:failed", lead=payment.order.lead)


def given_up(payment: Payment, *, reason: str, now: dt.datetime) -> None:
    """The provider canceled what was not paid."""
    if (ticket := till.ticket_of(payment.order)) is not None:
        _log(payment, f"payment.{payment.status}")
        till.declined(payment, ticket, reason, now=now)
        return
    Order.objects.filter(pk=payment.order_id, status=Order.Status.NEW).update(status=Order.Status.CANCELED)
    _log(payment, f"payment.{payment.status}")


def put_to_review(payment: Payment, verdict: str, *, goes_back: bool = False) -> None:
    """Money and order do not fit: the customer is told that it is being looked at, our people that they must look."""
    if (ticket := till.ticket_of(payment.order)) is not None:
        till.put_aside(payment, ticket, verdict, goes_back=goes_back)
        return
    tell_dialogue(payment, "review", key=f"payment:{payment.pk}:review:{verdict}")


def alarm(notice: Notice, payment: Payment | None) -> None:
    """Tell our people that a notice wants their eyes, once for each thing it said."""
    about = f"{person_of(payment)}: {what_of(payment)}" if payment else f"сделка {notice.external_id}"
    text = f"⚠️ Оплата требует внимания ({verdict_words(notice.verdict)}). {about}."
    key = f"notice:{notice.pk}:{notice.verdict}"[:100]
    _alert(text, key=key, lead=payment.order.lead if payment else None)


def link_failed(payment: Payment, reason: str) -> None:
    """No link can be made: the customer is not left waiting, a person must send one."""
    if (ticket := till.ticket_of(payment.order)) is not None:
        till.link_failed(payment, ticket)
    else:
        tell_dialogue(payment, "failed")
    text = f"⚠️ Не удалось создать ссылку на оплату для {person_of(payment)}: {what_of(payment)}. Причина: {reason}"
    _alert(text, key=f"payment:{payment.pk}:failed", lead=payment.order.lead)


def ask_people_to_look(payment: Payment, *, key: str) -> None:
    """The customer says they have paid, and we cannot see for ourselves."""
    text = f"❓ {person_of(payment)} пишет, что оплатил(а), проверить автоматически не получается: {what_of(payment)}."
    notifications.tell_managers(text, key=key[:100], lead=payment.order.lead)


def tell_dialogue(payment: Payment, what: str, *, key: str = "") -> None:
    """Put the news into the inbox of the order's chat; the script says the rest."""
    order = payment.order
    if order.chat is None:
        return
    payload = {
        "payment": payment.pk,
        "what": what,
        "codes": [item.code for item in order.items.all()],
        "product": ", ".join(item.title for item in order.items.all()),
        "amount": money.shown(payment.amount, payment.currency),
        "refunded": money.shown(payment.refunded_amount, payment.currency),
        "left": money.shown(max(payment.amount - payment.paid_amount, payment.amount * 0), payment.currency),
        "order": order.number,
    }
    external_id = key or f"payment:{payment.pk}:{what}"
    inbox.put(order.chat, EventKind.PAYMENT, external_id=external_id, payload=payload)


def is_paid_by_others(payment: Payment) -> bool:
    """Tell whether the order stands paid by another payment: then this one's money was one too many."""
    others = Payment.objects.filter(order=payment.order_id, status__in=Payment.MONEY_IN)
    return others.exclude(pk=payment.pk).exists()


def _end_warming_elsewhere(payment: Payment) -> None:
    """Who has paid is not warmed up in their other chats either."""
    order = payment.order
    others = Chat.objects.filter(customer_link__customer=order.customer_id)
    if order.chat_id is not None:
        others = others.exclude(pk=order.chat_id)
    for chat in others.select_related("channel"):
        key = f"payment:{payment.pk}:paid_elsewhere:{chat.pk}"
        inbox.put(chat, EventKind.PAYMENT, external_id=key, payload={"payment": payment.pk, "what": "paid_elsewhere"})


def _stand(lead: Lead, standing: str, *, key: str) -> None:
    """Keep how the lead stands, for its card and for the portal's timeline."""
    lead.standing = standing[:190]
    Lead.objects.filter(pk=lead.pk).update(standing=lead.standing)
    reports.report_note(lead, standing, key=key)


def _lead_of(order: Order) -> Lead | None:
    """Return the order's lead, else the newest one of its customer that is not over."""
    if order.lead is not None:
        return order.lead
    payable = Lead.objects.filter(customer=order.customer_id, status__in=leads.PAYABLE)
    return payable.order_by("-pk").first()


def _alert(text: str, *, key: str, lead: Lead | None) -> None:
    """Tell the managers; where none is on duty, whoever gets the alerts."""
    if not notifications.tell_managers(text, key=key, lead=lead):
        notifications.tell_owner(text, key=key)


def _log(payment: Payment, kind: str) -> None:
    facts = {"payment": payment.pk, "order": payment.order.number, "amount": f"{payment.amount:.2f}"}
    Event.objects.create(customer_id=payment.order.customer_id, type=kind, payload=facts)

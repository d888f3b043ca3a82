"""Making an order and its payment: our own number, our own prices, and a link if one can be had without asking anybody.

Only rows are written here; what the provider must be asked for is done by `payments.linking`, outside any transaction.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Case, When

from bot.models import Chat
from bot.nudges import nudge
from crm.models import Customer, Lead
from payments.models import Account, Order, OrderItem, Payment
from payments.providers import Bill, provider_of
from payments.receipts import Position

LINK_TASK = "payments.tasks.create_links"
REUSED_FOR = dt.timedelta(
    days=3
)  # an unpaid order of the same thing at the same price is not made twice within this time


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what is bought; the price comes from our own tables, never from a customer or a language model."""

    code: str
    title: str
    price: Decimal
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys, and where they are talked to."""

    customer: Customer
    chat: Chat | None = None
    lead: Lead | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is said with the link, and who asked for it: the bot, or a person by name."""

    text: str
    button: str
    by: str = ""


def default_account() -> Account | None:
    """Return the account that courses are paid through; one that is for them alone comes first."""
    serving = Account.objects.filter(is_active=True, channel=None).exclude(serves=Account.Serves.SHOP)
    return serving.order_by(Case(When(serves=Account.Serves.COURSES, then=0), default=1), "pk").first()


def paid_order(customer: Customer, code: str) -> Order | None:
    """Return a paid order of this thing."""
    rows = Order.objects.filter(customer=customer, status=Order.Status.PAID, items__code=code)
    return rows.order_by("-pk").first()


def open_payment(customer: Customer, code: str, price: Decimal, *, now: dt.datetime) -> Payment | None:
    """Return the payment that already waits for this very thing at this very price."""
    rows = Payment.objects.filter(
        order__customer=customer,
        order__items__code=code,
        amount=price,
        status__in=Payment.OPEN,
        created_at__gte=now - REUSED_FOR,
    )
    return rows.select_related("order", "account").order_by("-pk").first()


def place(buyer: Buyer, lines: Sequence[Line], invitation: Invitation, *, page: str = "", now: dt.datetime) -> Payment:
    """Make an order and its payment. It is `SENT` when its link is known at once, else `CREATED` and a worker asks for one."""
    account = default_account()
    amount = sum((line.price * line.quantity for line in lines), Decimal(0))
    currency = account.currency if account else "RUB"
    with transaction.atomic():
        order = Order.objects.create(
            customer=buyer.customer, chat=buyer.chat, lead=buyer.lead, amount=amount, currency=currency
        )
        OrderItem.objects.bulk_create(
            [
                OrderItem(order=order, code=line.code, title=line.title, price=line.price, quantity=line.quantity)
                for line in lines
            ]
        )
        payment = Payment(
            order=order,
            account=account,
            provider=account.provider if account else "getcourse",
            amount=amount,
            currency=currency,
            run_after=now,
            payload={"text": invitation.text, "button": invitation.button, "by": invitation.by, "page": page},
        )
        _find_link(payment, now)
        payment.save(force_insert=True)
        if payment.status == Payment.Status.CREATED:
            transaction.on_commit(lambda: nudge(LINK_TASK))
    return payment


def bill_of(payment: Payment) -> Bill:
    """Return what the provider is asked to make a link for."""
    order, customer = payment.order, payment.order.customer
    items = list(order.items.all())
    return Bill(
        number=order.number,
        amount=payment.amount,
        currency=payment.currency,
        titles=tuple(item.title for item in items),
        codes=tuple(item.code for item in items),
        name=customer.name,
        # What was asked with stays as it was: the same request again must be the same words.
        email=str(payment.payload.get("email") or customer.email),
        phone=str(payment.payload.get("phone") or customer.phone),
        page=str(payment.payload.get("page") or ""),
        payment_id=payment.pk or 0,
        positions=positions_of(order),
        title=f"Заказ № {payment.payload['ticket']}" if payment.payload.get("ticket") else "",
        return_url=f"{settings.PUBLIC_URL}/pay/{order.number}",
    )


def positions_of(order: Order) -> tuple[Position, ...]:
    """Return what stands on the receipt, before discounts."""
    return tuple(
        Position(item.name, item.price, item.quantity, item.vat_code, item.discount) for item in order.items.all()
    )


def is_asked_for(payment: Payment) -> bool:
    """Tell whether the provider itself makes this payment's link: it has our keys, and the customer a name it knows them by."""
    if payment.account is None or not payment.account.can_create:
        return False
    customer = payment.order.customer
    return bool(customer.email or customer.phone) or not provider_of(payment.provider).needs_contact


def _find_link(payment: Payment, now: dt.datetime) -> None:
    if is_asked_for(payment):
        return
    link = provider_of(payment.provider).own_link(bill_of(payment))
    if link is not None:
        payment.link, payment.status, payment.sent_at = link.url, Payment.Status.SENT, now

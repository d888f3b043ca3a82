"""Whose chat it is: a person may write from several places, a chat belongs to one person."""

from datetime import datetime

from django.db import transaction

from bot.models import Chat, InboxEvent, Message
from crm.models import Consent, Customer, CustomerChat, Event


def customer_of(chat: Chat) -> Customer:
    """Return the person behind a chat, made on first sight; two at once make one (the chat's row is the lock)."""
    link = CustomerChat.objects.select_related("customer").filter(chat=chat).first()
    if link is not None:
        return link.customer
    with transaction.atomic():
        Chat.objects.select_for_update().get(pk=chat.pk)
        link = CustomerChat.objects.select_related("customer").filter(chat=chat).first()
        if link is None:
            customer = new_customer(name=chat.name, language=chat.language)
            link = CustomerChat.objects.create(chat=chat, customer=customer)
    return link.customer


def new_customer(*, name: str, language: str = "", source: str = "") -> Customer:
    """Return a new person known by name at most."""
    return Customer.objects.create(name=name[:190], language=language[:16], source=source[:120])


ERASED = "[удалено по просьбе клиента]"


def erase(customer: Customer, *, now: datetime) -> None:
    """Forget a person (152-FZ): card, names, words, payloads. What stays is nameless: counts, and that consent was withdrawn."""
    with transaction.atomic():
        chats = Chat.objects.filter(customer_link__customer=customer)
        # The bot's own words repeat names and numbers; what is still queued (the farewell) does not.
        Message.objects.filter(chat__in=chats).exclude(status__in=Message.PENDING).update(text=ERASED, extras={})
        InboxEvent.objects.filter(chat__in=chats, handled_at__isnull=False).update(payload={})
        Event.objects.filter(customer=customer).update(payload={})
        chats.update(name="", username="")
        customer.leads.update(title="", summary="", utm={})
        Consent.objects.filter(customer=customer, withdrawn_at=None).update(withdrawn_at=now, given_by="")
        card = {"name": "", "phone": "", "phone_extension": "", "email": "", "tags": [], "utm": {}, "erased_at": now}
        Customer.objects.filter(pk=customer.pk).update(**card)
    for field, value in card.items():
        setattr(customer, field, value)

"""Whose chat it is: a person may write from several places, a chat belongs to one person."""

from django.db import transaction

from bot.models import Chat
from crm.models import Customer, CustomerChat


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

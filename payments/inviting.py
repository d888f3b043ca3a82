"""Saying the link: to the customer with a button, to our own people in a line."""

from dataclasses import replace

from bot.messages import Button, Invoice, Outgoing
from bot.models import Chat, Message
from bot.outbox import say
from crm import notifications
from payments import money
from payments.models import Payment

TEXT = "Ваша персональная ссылка на оплату готова."
AGAIN = "Ссылка та же, пришлю ещё раз."  # asked for twice in a row: the same message twice looks broken
BUTTON = "💳 Перейти к оплате"


def invitation_of(payment: Payment) -> Outgoing:
    """Return the message with the link button."""
    words = payment.payload
    button = Button(str(words.get("button") or BUTTON), url=payment.link)
    return Outgoing(str(words.get("text") or TEXT), ((button,),))


def role_in(chat: Chat) -> str:
    """Return as whom the till speaks: while a human has the chat, its words are the house's and not the bot's."""
    return Message.Role.MANAGER if chat.speaker == Chat.Speaker.MANAGER else Message.Role.BOT


def say_link(payment: Payment, *, key: str = "") -> bool:
    """Send the customer their link; False when this very sending was done before, or there is no chat to send it in."""
    chat = payment.order.chat
    if chat is None or not payment.link:
        return False
    invitation = invitation_of(payment)
    ours = chat.messages.exclude(role=Message.Role.USER).order_by("-pk")
    if ours.values_list("text", flat=True).first() == invitation.text:
        invitation = replace(invitation, text=f"{AGAIN}\n\n{invitation.text}")
    dedupe_key = key or f"payment:{payment.pk}:link"
    return say(chat, invitation, role=role_in(chat), dedupe_key=dedupe_key) is not None


def say_invoice(payment: Payment, invoice: Invoice) -> bool:
    """Send the customer the channel's own bill; its words stand in the transcript, and say the sum and how long it is kept."""
    chat = payment.order.chat
    if chat is None:
        return False
    bill = Outgoing(str(payment.payload.get("text") or invoice.title), invoice=invoice)
    return say(chat, bill, role=role_in(chat), dedupe_key=f"payment:{payment.pk}:invoice") is not None


def tell_of_link(payment: Payment, *, key: str = "") -> None:
    """Tell our people that the link is on its way; those of the shop come by the hundred, and nobody need know."""
    if payment.payload.get("ticket"):
        return
    text = f"💳 Пользователю {person_of(payment)} отправлена ссылка на оплату: {what_of(payment)}."
    notifications.tell_managers(text, key=key or f"payment:{payment.pk}:sent", lead=payment.order.lead)


def person_of(payment: Payment) -> str:
    """Return how our people call the buyer: @username, else the name."""
    chat = payment.order.chat
    return f"@{chat.username}" if chat is not None and chat.username else str(payment.order.customer)


def what_of(payment: Payment) -> str:
    """Return what is bought, for how much, under which number."""
    titles = ", ".join(item.title for item in payment.order.items.all())
    return f"«{titles}», {money.shown(payment.amount, payment.currency)}, заказ {payment.order.number}"

"""What an operator may do with a row that failed: try again, or settle it. Each verb is one claim on the row's old state."""

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bot.errors import Refused
from bot.models import Channel, Chat, InboxEvent, Message
from bot.nudges import nudge_deliveries, nudge_turns


def retry_event(event_id: int) -> None:
    """Let a parked or waiting event be taken again now. Raises `Refused` when it was handled meanwhile."""
    retried = InboxEvent.objects.filter(pk=event_id, handled_at=None).exclude(parked_at=None, error="")
    with transaction.atomic():
        if not retried.update(parked_at=None, attempts=0, error="", ready_at=timezone.now()):
            raise Refused(_("This event has been handled already."))
        nudge_turns()


def retry_message(message_id: int) -> None:
    """Send a failed or unknown message again: the operator has looked and takes the risk of a double.

    The chat's row is locked, so that a takeover at the same instant is either seen here or cancels the row afterwards.
    """
    with transaction.atomic():
        message = Message.objects.filter(pk=message_id).select_related("channel").first()
        if message is None:
            raise Refused(_("This message is gone."))
        chat = Chat.objects.select_for_update().get(pk=message.chat_id)
        _check_may_be_sent(message, chat)
        again = Message.objects.filter(pk=message_id, status__in=Message.RETRYABLE)
        now = timezone.now()
        if not again.update(status=Message.Status.QUEUED, send_after=now, attempts=0, error="", epoch=chat.epoch):
            raise Refused(_("This message is not waiting for a decision any more."))
        nudge_deliveries()


def _check_may_be_sent(message: Message, chat: Chat) -> None:
    if message.role == Message.Role.BOT and chat.speaker != Chat.Speaker.BOT:
        raise Refused(_("A manager has taken this dialogue over: the bot says nothing in it."))
    if chat.blocked_at is not None:
        raise Refused(_("The customer has blocked the bot: the message cannot arrive."))
    if message.channel.health == Channel.Health.DOWN:
        raise Refused(_("The channel does not work. Mend it and press *Check connection* first."))


def settle_message(message_id: int, *, delivered: bool) -> None:
    """Close an unknown or failed message without sending: seen as delivered, or given up."""
    fields = {"status": Message.Status.SENT, "sent_at": F("claimed_at")}
    if not delivered:
        fields = {"status": Message.Status.CANCELED}
    if not Message.objects.filter(pk=message_id, status__in=Message.RETRYABLE).update(**fields):
        raise Refused(_("This message is not waiting for a decision any more."))


def dismiss_event(event_id: int) -> None:
    """Close a parked event unhandled; what it would have changed stays unchanged."""
    parked = InboxEvent.objects.filter(Q(pk=event_id), parked_at__isnull=False, handled_at=None)
    if not parked.update(handled_at=timezone.now()):
        raise Refused(_("This event is not parked any more."))

"""How a manager's Telegram is found out: a link shown once, good for one tap."""

import datetime as dt
import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from bot.channels.registry import adapter_for
from bot.errors import Refused
from bot.secrets import fingerprint
from crm.models import Manager, ManagersChat
from crm.ways import notifying_channel

PREFIX = "staff-"
GOOD_FOR = dt.timedelta(days=7)


class NotInvited(Exception):
    """The link is unknown, used or too old."""


class TelegramTaken(Exception):
    """This account is another manager's; `str()` is that manager's name."""


def invite(manager: Manager) -> str:
    """Return a fresh link for this manager; an earlier one is good for nothing from now on."""
    room = ManagersChat.objects.filter(is_active=True).select_related("channel").order_by("pk").first()
    channel = room.channel if room is not None else notifying_channel()
    token = secrets.token_urlsafe(24)
    link = adapter_for(channel.kind).link_to(channel, PREFIX + token) if channel is not None else ""
    if not link:
        raise Refused("Сначала подключите бота в Telegram и проверьте его: без его имени ссылки не получится.")
    manager.invitation, manager.invited_at = fingerprint(token), timezone.now()
    manager.save(update_fields=["invitation", "invited_at"])
    return link


def accept(payload: str, *, telegram_id: int) -> Manager:
    """Bind the account that came by the link; raises `NotInvited` and `TelegramTaken`."""
    since = timezone.now() - GOOD_FOR
    token = fingerprint(payload.removeprefix(PREFIX))
    # The link is used up in the same statement that finds it: of two taps one is first.
    rows = Manager.objects.filter(invitation=token, invited_at__gte=since, is_active=True)
    try:
        with transaction.atomic():
            manager = rows.select_for_update().first()
            if manager is None:
                raise NotInvited
            manager.telegram_id, manager.invitation, manager.invited_at = telegram_id, "", None
            manager.save(update_fields=["telegram_id", "invitation", "invited_at"])
    except IntegrityError:
        raise TelegramTaken(str(Manager.objects.get(telegram_id=telegram_id))) from None
    return manager

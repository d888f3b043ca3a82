"""Is it working: channels, the portal, queues, backups. A handful of queries, each by an index."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bot.models import Channel
from config import backups
from config.queues import QUEUES
from crm.models import ManagersChat, Portal, YclientsAccount
from dialogs import troubles
from payments.models import Account

LATE = dt.timedelta(minutes=2)  # a queue whose head is older than this has a problem
BACKUP_EVERY = dt.timedelta(hours=26)  # nightly, with room for a slow night


@dataclass(frozen=True, slots=True)
class Sign:
    """One line of the health panel; `state` is ok, bad or unknown."""

    state: str
    title: str
    note: str
    url: str = ""


def signs(now: dt.datetime) -> list[Sign]:
    """Return every sign, in the order people care."""
    return [
        *_channels(),
        *_rooms(),
        *_portals(),
        *_calendars(),
        *_accounts(),
        *_model(now),
        *_queues(now),
        _backup(now),
    ]


def _channels() -> Iterator[Sign]:
    states = {Channel.Health.OK: "ok", Channel.Health.DOWN: "bad"}
    for channel in Channel.objects.filter(is_active=True).order_by("title"):
        note = channel.health_note or str(channel.get_health_display())
        yield Sign(
            states.get(Channel.Health(channel.health), "unknown"), channel.title, note, _page("bot_channel", channel.pk)
        )


def _rooms() -> Iterator[Sign]:
    for room in ManagersChat.objects.filter(is_active=True).select_related("chat").order_by("pk"):
        is_in = room.chat.blocked_at is None
        note = _("works") if is_in else _("The bot is no longer in this chat.")
        yield Sign("ok" if is_in else "bad", str(room.chat), note, _page("crm_managerschat", room.pk))


def _calendars() -> Iterator[Sign]:
    for account in YclientsAccount.objects.filter(is_active=True):
        state = "unknown" if account.checked_at is None else "ok" if account.is_well else "bad"
        yield Sign(state, account.title, account.health_note or _("works"), _page("crm_yclientsaccount", account.pk))


def _model(now: dt.datetime) -> Iterator[Sign]:
    """The language model, where one is connected: an alert of it is what is wrong."""
    if settings.OPENAI_API_KEY:
        wrong = [cause.text for cause in troubles.causes(now)]
        yield Sign("bad" if wrong else "ok", _("Language model"), "; ".join(wrong) or settings.OPENAI_MODEL)


def _portals() -> Iterator[Sign]:
    for portal in Portal.objects.filter(is_active=True).order_by("title"):
        state = "unknown" if portal.checked_at is None else "bad" if portal.health_note else "ok"
        yield Sign(state, portal.title, portal.health_note or _("works"), _page("crm_portal", portal.pk))


def _accounts() -> Iterator[Sign]:
    states = {Account.Health.OK: "ok", Account.Health.DOWN: "bad"}
    for account in Account.objects.filter(is_active=True).order_by("title"):
        note = account.health_note or str(account.get_health_display())
        state = states.get(Account.Health(account.health), "unknown")
        yield Sign(state, account.title, note, _page("payments_account", account.pk))


def _page(name: str, pk: int) -> str:
    return reverse(f"admin:{name}_change", args=[pk])


def _queues(now: dt.datetime) -> Iterator[Sign]:
    """Judge each queue by how long its head has been due: its length says nothing about trouble."""
    for queue in QUEUES:
        age = queue.age(now)
        if not age:
            yield Sign("ok", str(queue.title), _("nothing waits"))
            continue
        note = _("the oldest waits %(age)s") % {"age": words_for(age)}
        yield Sign("bad" if age > LATE else "ok", str(queue.title), note)


def _backup(now: dt.datetime) -> Sign:
    newest = backups.newest()
    if newest is None:
        return Sign("unknown", _("Backup"), _("none yet"))
    state = "ok" if now - newest.at < BACKUP_EVERY else "bad"
    return Sign(state, _("Backup"), f"{timezone.localtime(newest.at):%d.%m.%Y %H:%M}")


def words_for(age: dt.timedelta) -> str:
    """Return an age as people say it, in its two largest units at most."""
    seconds = int(age.total_seconds())
    if seconds < 60:
        return _("%(n)d s") % {"n": seconds}
    if seconds < 3600:
        return _("%(n)d min") % {"n": seconds // 60}
    if seconds < 86_400:
        return _("%(h)d h %(m)d min") % {"h": seconds // 3600, "m": seconds % 3600 // 60}
    return _("%(d)d d %(h)d h") % {"d": seconds // 86_400, "h": seconds % 86_400 // 3600}

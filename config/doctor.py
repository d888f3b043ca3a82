"""Looks at everything this installation needs and says what is wrong, with the cure."""

import datetime as dt
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import psycopg
import redis
from cryptography.fernet import Fernet
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from bot.channels.base import CheckResult
from bot.channels.registry import adapter_for
from bot.models import Channel
from bot.nudges import broker
from config import backups
from config.checks import NOT_SET
from config.queues import QUEUES
from config.tasks import beat_age
from crm.bitrix24.connecting import check_portal
from crm.models import ManagersChat, Portal, YclientsAccount
from crm.yclients.accounts import check as check_calendar
from dialogs import troubles
from dialogs.prompts.catalogue import POLICIES, problems_in
from dialogs.prompts.choice import tampered
from dialogs.prompts.files import file_name, read, versions_of
from payments.connecting import check_account
from payments.models import Account

LATE = dt.timedelta(minutes=2)
BACKUP_EVERY = dt.timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `cure` says what to do when it is not well; advice is not a fault."""

    ok: bool
    what: str
    note: str = ""
    cure: str = ""
    is_advice: bool = False


def examine(*, with_network: bool = True) -> Iterator[Finding]:
    """Look at everything, in the order in which things depend on each other."""
    yield from _settings()
    yield from _keys()
    database = _database()
    yield database
    yield _broker()
    if not database.ok:
        return
    yield from _attempted("migrations", _migrations)
    yield from _attempted("beat and workers", _beat)
    yield from _attempted("queues", _queues)
    yield from _attempted("backups", _backups)
    yield from _attempted("prompts", _prompts)
    yield from _attempted("channels", lambda: _channels(with_network))
    yield from _attempted("managers' chats", _rooms)
    yield from _attempted("language model", _model)
    if with_network:
        yield from _attempted("portals", _portals)
        yield from _attempted("calendars", _calendars)
        yield from _attempted("payment accounts", _accounts)


def _attempted(what: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Let one look that fails be a finding, not the end."""
    try:
        yield from look()
    except (DatabaseError, redis.RedisError, OSError, ImproperlyConfigured) as error:
        yield Finding(False, what, f"{type(error).__name__}: {error}", "See the findings above.")


def _settings() -> Iterator[Finding]:
    is_public = settings.PUBLIC_URL.startswith("https://")
    messages = [m for m in checks.run_checks(include_deployment_checks=is_public) if not m.is_silenced()]
    for message in messages:
        is_advice = message.level < checks.ERROR
        yield Finding(False, f"settings ({message.id})", str(message.msg), str(message.hint or ""), is_advice)
    if not messages:
        yield Finding(True, "settings")


def _keys() -> Iterator[Finding]:
    """Print new keys only where one is missing: they are then nobody's yet."""
    if settings.SECRET_KEY == NOT_SET:
        yield Finding(False, "a new one", cure=f"SECRET_KEY={secrets.token_urlsafe(50)}", is_advice=True)
    if not settings.ENCRYPTION_KEYS:
        yield Finding(False, "a new one", cure=f"ENCRYPTION_KEYS={Fernet.generate_key().decode()}", is_advice=True)


def _database() -> Finding:
    where = str(settings.DATABASES["default"].get("HOST") or "this machine")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT split_part(version(), ' ', 2)")
            row = cursor.fetchone()
    except (DatabaseError, psycopg.Error) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        cure = "Is PostgreSQL running, and is DATABASE_URL right? With `./run demo` running, `./run manage doctor` sees its data."
        return Finding(False, "database", f"{where}: {reason}", cure)
    return Finding(True, "database", f"PostgreSQL {row[0] if row else '?'} on {where}")


def _broker() -> Finding:
    try:
        version = broker().info("server")["redis_version"]
    except (redis.RedisError, OSError) as error:
        return Finding(False, "broker", type(error).__name__, "Is Redis running, and is REDIS_URL right?")
    return Finding(True, "broker", f"Redis {version}")


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    note = f"{len(waiting)} not applied" if waiting else "all applied"
    yield Finding(not waiting, "migrations", note, "./run manage migrate")


def _beat() -> Iterator[Finding]:
    age = beat_age(timezone.now())
    cure = "Start beat (exactly one) and a worker of the queue `default`; see docs/deploy.md."
    if age is None:
        yield Finding(False, "beat and workers", "never seen", cure)
    else:
        yield Finding(age < LATE, "beat and workers", f"last seen {age.total_seconds():.0f} s ago", cure)


def _queues() -> Iterator[Finding]:
    for queue in QUEUES:
        age = queue.age(timezone.now())
        note = f"the oldest has been due for {age.total_seconds():.0f} s" if age else "nothing waits"
        yield Finding(age < LATE, f"queue {queue.key}", note, "Are the workers running? What do their logs say?")


def _backups() -> Iterator[Finding]:
    newest = backups.newest()
    if newest is None:
        yield Finding(False, "backups", f"none in {settings.BACKUP_DIR}", "./run manage backup", is_advice=True)
        return
    age = timezone.now() - newest.at
    yield Finding(age < BACKUP_EVERY, "backups", newest.path.name, "./run manage backup; is beat running at night?")
    if not os.access(settings.BACKUP_DIR, os.W_OK):
        yield Finding(
            False, "backups", f"{settings.BACKUP_DIR} is not writable", "Mount a volume the user may write to."
        )


def _prompts() -> Iterator[Finding]:
    changed = list(tampered())
    for version in versions_of(POLICIES):
        problems = "; ".join(problems_in(POLICIES, read(POLICIES, version).text, thoroughly=True))
        if problems:
            yield Finding(
                False, f"prompt {file_name(POLICIES, version)}", problems, "Save a mended version in the admin."
            )
    for found in changed:
        cure = "Put the old words back, and save the new ones as the next version in the admin."
        yield Finding(False, f"prompt {found.file}", f"it was changed after {found.used_by} had used it", cure)
    if not changed:
        yield Finding(True, "prompts", "as they were when first used")


def _channels(with_network: bool) -> Iterator[Finding]:
    try:
        channels = list(Channel.objects.filter(is_active=True).order_by("pk"))  # reading unseals their tokens
    except ImproperlyConfigured as error:
        yield Finding(False, "channels", str(error), "Put the old key behind the new one in ENCRYPTION_KEYS.")
        return
    if not channels:
        yield Finding(False, "channels", "none", "./run manage connect telegram|webchat|bitrix24 …", is_advice=True)
    for channel in channels:
        yield _seen(f"channel {channel.pk} ({channel.title})", partial(_check_channel, channel, with_network))


def _check_channel(channel: Channel, with_network: bool) -> CheckResult:
    adapter = adapter_for(channel.kind)
    return adapter.check(channel) if with_network else CheckResult(True, "not asked")


def _rooms() -> Iterator[Finding]:
    for room in ManagersChat.objects.filter(is_active=True).select_related("chat", "channel").order_by("pk"):
        is_in = room.chat.blocked_at is None
        note = f"the bot of channel {room.channel_id} is in it" if is_in else "the bot was put out of it"
        cure = "Add the bot to the group again, or write /here there as a manager (docs/managers.md)."
        yield Finding(is_in, f"managers' chat {room.pk} ({room.chat})", note, cure)


def _model() -> Iterator[Finding]:
    if not settings.OPENAI_API_KEY:
        yield Finding(True, "language model", "none: the seller by rules answers")
        return
    wrong = [cause.text for cause in troubles.causes(timezone.now())]
    cure = "OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL, ASSISTANT_DAY_LIMIT; see docs/assistant.md."
    yield Finding(not wrong, "language model", "; ".join(wrong) or settings.OPENAI_MODEL, cure)


def _calendars() -> Iterator[Finding]:
    for account in YclientsAccount.objects.filter(is_active=True):
        yield _seen(f"YClients {account.pk} ({account.title})", partial(check_calendar, account))


def _portals() -> Iterator[Finding]:
    for portal in Portal.objects.filter(is_active=True).order_by("pk"):
        yield _seen(f"portal {portal.pk} ({portal.title})", partial(check_portal, portal))


def _accounts() -> Iterator[Finding]:
    for account in Account.objects.filter(is_active=True).order_by("pk"):
        yield _seen(f"payment account {account.pk} ({account.title})", partial(check_account, account))


def _seen(what: str, look: Callable[[], CheckResult]) -> Finding:
    cure = "Mend its settings in the admin and press *Check connection*, or repeat `./run manage connect`."
    try:
        result = look()
    except Exception as error:  # a provider may fail in any way; the doctor goes on to the next patient
        return Finding(False, what, type(error).__name__, cure)
    return Finding(result.ok, what, result.note, cure)

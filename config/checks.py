"""Wrong settings are told at start, with an id and the cure. E: cannot work; W: works, but not as it should."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Advice
from django.utils.module_loading import import_string

from bot.channels.base import Adapter
from dialogs.prompts.catalogue import KINDS
from dialogs.prompts.files import PromptError, read, versions_of

NOT_SET = "not-set"
NEW_KEY_HINT = "`./run manage doctor` prints a new one to put there."


@register()
def check_secrets(*, app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """SECRET_KEY and ENCRYPTION_KEYS must be there and fit."""
    found: list[CheckMessage] = []
    if settings.SECRET_KEY == NOT_SET:
        found.append(Error("SECRET_KEY is not set.", hint=f"A long random text. {NEW_KEY_HINT}", id="otklik.E001"))
    if not settings.ENCRYPTION_KEYS:
        hint = f"Fernet keys, newest first, parted by commas. {NEW_KEY_HINT}"
        found.append(
            Error("ENCRYPTION_KEYS is not set: channels could not keep their tokens.", hint=hint, id="otklik.E002")
        )
    for number, key in enumerate(settings.ENCRYPTION_KEYS, 1):
        if not is_fernet_key(key):
            text = f"Key {number} of ENCRYPTION_KEYS is not a Fernet key."
            found.append(Error(text, hint=f"32 bytes as URL-safe base64. {NEW_KEY_HINT}", id="otklik.E002"))
    return found


def is_fernet_key(key: str) -> bool:
    """Tell whether `key` can seal."""
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


@register()
def check_servers(*, app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """DATABASE_URL and REDIS_URL must name PostgreSQL and Redis; Neon wants TLS."""
    return [*_check_database(), *_check_redis()]


def _check_database() -> Iterator[CheckMessage]:
    database = settings.DATABASES["default"]
    if not str(database["ENGINE"]).endswith("postgresql"):
        hint = "postgres://user:password@host:5432/name; there is no SQLite mode."
        yield Error("DATABASE_URL does not name a PostgreSQL server.", hint=hint, id="otklik.E003")
        return
    host, options = str(database["HOST"]), database.get("OPTIONS", {})
    if host.endswith(".neon.tech") and options.get("sslmode") not in ("require", "verify-ca", "verify-full"):
        yield Advice("Neon is reached without TLS.", hint="Add ?sslmode=require to DATABASE_URL.", id="otklik.W004")
    if "-pooler." in host and not settings.DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"]:
        hint = "DATABASE_POOLED=true switches off what a pooler cannot carry."
        yield Advice("The database is behind a pooler.", hint=hint, id="otklik.W005")
    if "-pooler." in host and not settings.DATABASE_DIRECT_URL:
        hint = "Set DATABASE_DIRECT_URL to the address without `-pooler`: pg_dump needs a session of its own."
        yield Advice("Backups would go through the pooler.", hint=hint, id="otklik.W006")


def _check_redis() -> Iterator[CheckMessage]:
    if urlsplit(settings.REDIS_URL).scheme not in ("redis", "rediss", "unix"):
        yield Error("REDIS_URL does not name a Redis server.", hint="redis://host:6379/0", id="otklik.E007")


@register()
def check_paths(*, app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """What settings name by dotted path must exist: tasks that are nudged, channels, and the till the door asks."""
    return [*_check_tasks(), *_check_channels(), *_check_till()]


def _check_tasks() -> Iterator[CheckMessage]:
    paths = {
        name: str(getattr(settings, name)) for name in ("INBOX_READY_TASK", "OUTBOX_READY_TASK", "ASSISTANT_READY_TASK")
    }
    paths |= {f"CELERY_BEAT_SCHEDULE[{key!r}]": entry["task"] for key, entry in settings.CELERY_BEAT_SCHEDULE.items()}
    for name, path in paths.items():
        problem = _problem(path, lambda found: hasattr(found, "apply_async"), "is not a Celery task")
        if problem:
            yield Error(f"{name}: {problem}", hint="The dotted path of a Celery task.", id="otklik.E008")


def _check_channels() -> Iterator[CheckMessage]:
    for kind, path in settings.CHANNELS.items():
        problem = _problem(
            path, lambda found: isinstance(found, type) and issubclass(found, Adapter), "is not an Adapter"
        )
        if problem:
            yield Error(
                f"CHANNELS[{kind!r}]: {problem}", hint="A subclass of bot.channels.base.Adapter.", id="otklik.E009"
            )


def _check_till() -> Iterator[CheckMessage]:
    problem = _problem(
        settings.TILL, lambda found: callable(getattr(found, "ask", None)) and callable(found.hear), "is no till"
    )
    if problem:
        hint = "The dotted path of a module or object with `ask` and `hear`, see bot/till.py."
        yield Error(f"TILL: {problem}", hint=hint, id="otklik.E024")


def _problem(path: str, fits: Any, complaint: str) -> str:
    try:
        return "" if fits(import_string(path)) else f"{path} {complaint}"
    except ImportError as error:
        return f"{path} cannot be imported: {error}"


@register()
def check_prompts(*, app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """Each prompt must be there in its first version, and every version must be fit to be used."""
    return [*_check_prompts()]


def _check_prompts() -> Iterator[CheckMessage]:
    hint = "The nine files lie in `prompts/` of the release; saved versions in PROMPTS_DIR."
    for name in KINDS:
        for version in versions_of(name) or [1]:
            try:
                read(name, version)
            except PromptError as error:
                yield Error(str(error), hint=hint, id="otklik.E012")


@register()
def check_assistant(*, app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """The assistant's settings must fit together; without a key the scripted one answers."""
    return [*_check_openai(), *_check_limits()]


def _check_openai() -> Iterator[CheckMessage]:
    if settings.OPENAI_BASE_URL and urlsplit(settings.OPENAI_BASE_URL).scheme not in ("http", "https"):
        hint = "https://api.openai.com/v1 or the address of a server that speaks the same, with its /v1."
        yield Error("OPENAI_BASE_URL is not an http(s) address.", hint=hint, id="otklik.E020")
    if settings.OPENAI_BASE_URL and not settings.OPENAI_API_KEY:
        hint = "Set OPENAI_API_KEY as well; a local server takes any text that begins with sk-."
        yield Advice("OPENAI_BASE_URL is set without a key: it is not used.", hint=hint, id="otklik.W021")
    if settings.OPENAI_API_KEY and not any(settings.OPENAI_MODEL.startswith(name) for name in settings.OPENAI_PRICES):
        hint = 'Add it: OPENAI_PRICES={"model": ["dollars for a million tokens in", "… out"]}.'
        yield Advice("OPENAI_PRICES does not know OPENAI_MODEL: it counts as the dearest.", hint=hint, id="otklik.W022")


def _check_limits() -> Iterator[CheckMessage]:
    if settings.ASSISTANT_DEADLINE_SECONDS < settings.OPENAI_TIMEOUT_SECONDS:
        hint = "Let ASSISTANT_DEADLINE_SECONDS be at least OPENAI_TIMEOUT_SECONDS."
        yield Advice("The assistant gives up before one call may end.", hint=hint, id="otklik.W023")


@register(Tags.security, deploy=True)
def check_public(*, app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """In production the outside world must reach us by HTTPS."""
    found: list[CheckMessage] = []
    if not settings.PUBLIC_URL.startswith("https://"):
        hint = "Telegram and Bitrix24 deliver to https:// only."
        found.append(Advice("PUBLIC_URL is not an https:// address.", hint=hint, id="otklik.W010"))
    if "*" in settings.ALLOWED_HOSTS:
        found.append(Advice("ALLOWED_HOSTS lets any host in.", hint="Name the site's own hosts.", id="otklik.W011"))
    return found

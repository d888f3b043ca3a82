"""Connecting a payment account: the row, its secrets, a check. The same verbs for the command line and the admin; idempotent."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils import timezone

from bot.channels.base import CheckResult
from payments.errors import ProviderError, Unavailable
from payments.models import Account
from payments.providers import provider_of

PATHS = {"getcourse": "/webhook/getcourse"}


class BadAddress(ValueError):
    """The address is not one of a school."""


@dataclass(frozen=True, slots=True)
class Connection:
    """What came of connecting. The two secrets are shown once; empty: they were made before."""

    account: Account
    check: CheckResult
    address: str = ""
    signing_secret: str = ""


def connect_account(
    *, url: str, keys: dict[str, str], title: str, public_url: str, provider: str = "getcourse"
) -> Connection:
    """Create or update the account of one school; keys that are not given stay as they are. Raises `BadAddress`."""
    base = _base_of(url)
    account = Account.objects.filter(provider=provider, api_url=base).first()
    if account is None:
        account = Account(provider=provider, api_url=base, title=title or f"GetCourse {urlsplit(base).hostname}")
    account.title = title or account.title
    account.credentials = {**account.credentials, **{name: key for name, key in keys.items() if key}}
    account.is_active = True
    account.save()
    signing = "" if account.signing_secrets else account.renew_signing_secret()
    address = "" if account.url_fingerprint else address_of(account, account.renew_url_secret(), public_url=public_url)
    return Connection(account, check_account(account), address, signing)


def address_of(account: Account, secret: str, *, public_url: str) -> str:
    """Return the address the provider calls."""
    return f"{public_url}{PATHS[account.provider]}/{secret}"


def check_account(account: Account) -> CheckResult:
    """Ask the provider whether the keys work, and note what was seen."""
    try:
        result = CheckResult(True, provider_of(account.provider).check(account))
    except Unavailable as error:
        result = CheckResult(False, f"{error}. Попробуйте позже.")
    except ProviderError as error:
        result = CheckResult(False, str(error))
    health = Account.Health.OK if result.ok else Account.Health.DOWN
    account.health, account.health_note, account.checked_at = health, result.note, timezone.now()
    account.save(update_fields=["health", "health_note", "checked_at"])
    return result


def _base_of(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise BadAddress("The account is an address such as https://school.getcourse.ru")
    return f"{parts.scheme}://{parts.netloc}"

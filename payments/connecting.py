"""Connecting a payment account: the row, its secrets, a check. The same verbs for the command line and the admin; idempotent."""

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from bot.channels.base import CheckResult
from bot.models import Channel
from payments.errors import ProviderError, Unavailable
from payments.models import Account
from payments.providers import provider_of

PATHS = {"getcourse": "/webhook/getcourse"}
YOOKASSA_API = "https://api.yookassa.ru/v3"
TELEGRAM_API = "https://api.telegram.org"


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


@dataclass(frozen=True, slots=True)
class Taxes:
    """What a receipt says of the shop; what is empty stays as it was."""

    vat_code: int | None = None
    tax_system: int | None = None
    mode: str = ""
    subject: str = ""
    receipt_email: str = ""
    receipts: bool | None = None

    def over(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the options with these in place of the old ones."""
        return {**options, **{name: value for name, value in asdict(self).items() if value not in (None, "")}}


def connect_yookassa(
    *, shop_id: str, secret_key: str, api_url: str = "", title: str = "", serves: str = "", taxes: Taxes | None = None
) -> Connection:
    """Create or update the account of one shop: the same shopId is the same account."""
    rows = Account.objects.filter(provider="yookassa", options__shop_id=shop_id)
    account = rows.first() or Account(provider="yookassa", title=f"ЮKassa {shop_id}")
    account.api_url = api_url.rstrip("/") or account.api_url or YOOKASSA_API
    account.credentials = {**account.credentials, "shop_id": shop_id, "secret_key": secret_key}
    return _connected(account, {"shop_id": shop_id}, title, serves, taxes)


def connect_telegram_payments(
    channel: Channel, *, provider_token: str, title: str = "", serves: str = "", taxes: Taxes | None = None
) -> Connection:
    """Let a bot send invoices: the token is kept with the bot, how the shop is taxed with the account."""
    channel.credentials = {**channel.credentials, "provider_token": provider_token}
    channel.save(update_fields=["credentials"])
    account = Account.objects.filter(provider="telegram", channel=channel).first()
    account = account or Account(provider="telegram", channel=channel, title=f"Telegram: {channel.title}")
    account.api_url = channel.api_url or TELEGRAM_API
    return _connected(account, {}, title, serves, taxes)


def _connected(account: Account, options: dict[str, Any], title: str, serves: str, taxes: Taxes | None) -> Connection:
    account.title = title or account.title
    account.serves = serves or account.serves
    account.options = (taxes or Taxes()).over({**account.options, **options})
    account.is_active = True
    account.save()
    return Connection(account, check_account(account))


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

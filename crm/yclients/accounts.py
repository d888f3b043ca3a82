"""From an account's row to a client, and connecting one: tokens, service, webhook, health."""

import datetime as dt
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from bot.channels.base import CheckResult
from crm.bitrix24.limiter import Limiter, connect
from crm.models import YclientsAccount
from crm.yclients import errors
from crm.yclients.client import BUDGET, Access, Yclients, shared_http

PATIENCE = 3.0  # seconds a call waits for room within the limits
WEBHOOK_PATH = "/webhook/yclients"


def client_for(account: YclientsAccount) -> Yclients:
    """Return a client with the account's tokens."""
    tokens = account.tokens or {}
    access = Access(account.api_url, account.company_id, str(tokens.get("partner", "")), str(tokens.get("user", "")))
    return Yclients(access, http=shared_http(), limiter=_limiter(settings.REDIS_URL), budget=BUDGET, patience=PATIENCE)


@cache
def _limiter(url: str) -> Limiter:
    return Limiter(connect(url))


def connect_calendar(
    *,
    company_id: int,
    service_id: int,
    staff_id: int,
    partner_token: str,
    user_token: str = "",
    login: str = "",
    password: str = "",
    api_url: str = "",
    title: str = "",
    public_url: str,
) -> tuple[YclientsAccount, CheckResult]:
    """Create or update the company's row and look whether it works; raises `YclientsError` when signing in fails.

    Without the user's token nothing can be read back, so a lost answer could only be guessed at: it is insisted upon.
    """
    account = YclientsAccount.objects.filter(company_id=company_id).first() or YclientsAccount(company_id=company_id)
    account.service_id, account.staff_id = service_id, staff_id
    account.title, account.api_url = title or account.title, api_url or account.api_url
    account.tokens = {"partner": partner_token, "user": user_token or (account.tokens or {}).get("user", "")}
    if login:
        account.tokens = {"partner": partner_token, "user": client_for(account).sign_in(login, password)}
    if not account.tokens["user"]:
        raise errors.NeedsOwner(_("give the user's token, or login and password"))
    YclientsAccount.objects.filter(is_active=True).exclude(pk=account.pk).update(is_active=False)
    account.is_active = True
    account.save()
    return account, check(account, subscribe_at=public_url)


def check(account: YclientsAccount, *, subscribe_at: str = "") -> CheckResult:
    """Ask for the service and its times, subscribe to changes when asked to; what was seen is noted. No transaction is open."""
    try:
        note, is_well = _look(account, subscribe_at), True
    except (errors.YclientsError, KeyError, TypeError, ValueError) as error:
        note, is_well = str(error) or _("YClients answered something that cannot be read."), False
    note_health(account, note, is_well=is_well)
    return CheckResult(is_well, note)


def _look(account: YclientsAccount, subscribe_at: str) -> str:
    client, now = client_for(account), timezone.now()
    known = {int(service["id"]): str(service.get("title", "")) for service in client.services()}
    if account.service_id not in known:
        raise errors.NeedsOwner(_("there is no service %(number)d") % {"number": account.service_id})
    client.find("otklik-check", now.date())  # whether the user's token may read records
    if subscribe_at:
        client.subscribe(f"{subscribe_at.rstrip('/')}{WEBHOOK_PATH}/{account.url_secret}")
    until = now.date() + dt.timedelta(days=account.horizon_days)
    free = client.free_times(account.service_id, account.staff_id, until)
    return _("%(service)s: %(count)d free times.") % {"service": known[account.service_id], "count": len(free)}


def note_health(account: YclientsAccount, note: str, *, is_well: bool) -> None:
    """Write down what was seen."""
    seen: dict[str, Any] = {"is_well": is_well, "health_note": note, "checked_at": timezone.now()}
    YclientsAccount.objects.filter(pk=account.pk).update(**seen)
    for name, value in seen.items():
        setattr(account, name, value)

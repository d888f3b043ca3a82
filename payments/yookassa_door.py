"""The door for YooKassa's notifications: `POST /webhook/yookassa`.

YooKassa signs nothing, so a notification is a hint: it is kept, 200 is answered, and the payment is read back before anything
changes. The address it came from may be looked at besides (the account's option `known_sources`): a second lock, not the first.
200 noted · 400 not a notification · 403 no account, or another address than YooKassa's · 405 · 413 too large · 429.
"""

import ipaddress
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bot.limits import client_address, seconds_to_wait
from bot.nudges import nudge
from payments.checking import CHECK_TASK
from payments.facts import Deal
from payments.knocking import TooLarge, answer, body_of
from payments.models import Account, Payment
from payments.providers import provider_of
from payments.settling import keep_hint

PROVIDER = "yookassa"
CALLS, CALLS_SECONDS = 1200, 60  # of everybody together: each costs a row and a request to YooKassa
# https://yookassa.ru/developers/using-api/webhooks#ip
SOURCES = tuple(
    ipaddress.ip_network(name)
    for name in (
        *("185.71.76.0/27", "185.71.77.0/27", "77.75.153.0/25", "77.75.156.11/32", "77.75.156.35/32"),
        *("77.75.154.128/25", "2a02:5180::/32"),
    )
)


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take one notification."""
    try:
        deal = provider_of(PROVIDER).parse_notice(_fields(body_of(request)))
    except TooLarge:
        return answer(PROVIDER, 413, "too large")
    except (ValueError, KeyError, RecursionError):
        return answer(PROVIDER, 400, "not a notification")
    account = _account_of(deal)
    if account is None or not _may_come(request, account):
        return answer(PROVIDER, 403, "not for us")
    if wait := seconds_to_wait("payments:yookassa", limit=CALLS, seconds=CALLS_SECONDS):
        response = answer(PROVIDER, 429, "too many calls")
        response["Retry-After"] = str(wait)
        return response
    keep_hint(account, deal, now=timezone.now())
    nudge(CHECK_TASK)
    return answer(PROVIDER, 200, "noted")


def _fields(body: bytes) -> dict[str, object]:
    fields = json.loads(body)
    if not isinstance(fields, dict):
        raise ValueError("not a map")
    return fields


def _account_of(deal: Deal) -> Account | None:
    """Return the account of the payment it is about; of an unknown one, the first that could have made it."""
    known = Payment.objects.filter(provider=PROVIDER, external_id=deal.external_id).select_related("account").first()
    if known is not None and known.account is not None:
        return known.account
    return Account.objects.filter(provider=PROVIDER, is_active=True).order_by("pk").first()


def _may_come(request: HttpRequest, account: Account) -> bool:
    """Tell whether the address may speak for YooKassa. It is believed from our own proxies only (TRUSTED_PROXIES)."""
    if not account.options.get("known_sources"):
        return True
    told = client_address(
        remote=request.META.get("REMOTE_ADDR", ""),
        forwarded_for=request.headers.get("X-Forwarded-For", ""),
        proxies=settings.TRUSTED_PROXIES,
    )
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return False
    return any(address in network for network in SOURCES)

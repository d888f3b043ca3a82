"""The doors for GetCourse's news.

`POST /webhook/getcourse`: a signed notice, believed. 200 taken · 400 malformed · 401 unsigned · 403 not proven, or seen before ·
405 · 413 too large · 503 not stored, please repeat.
`GET|POST /webhook/getcourse/<secret>`: GetCourse's own "call URL", which anybody who reads it can make: a hint. It is kept, 200
is answered, and the deal is read back before anything changes. 400 · 403 unknown secret · 405 · 413 · 429.
"""

import hmac
import json
import logging
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from bot.limits import seconds_to_wait
from bot.nudges import nudge
from bot.secrets import fingerprint
from payments.checking import CHECK_TASK
from payments.facts import Deal, DealStatus
from payments.knocking import MAX_BODY, TooLarge, answer, body_of
from payments.models import Account, Notice, SeenProof
from payments.providers import provider_of
from payments.settling import keep_hint, settle
from payments.signatures import BadSignature, Proof, prove

logger = logging.getLogger(__name__)
PROVIDER = "getcourse"
MAX_QUERY = 8_192
CALLS, CALLS_SECONDS = 240, 60  # of one address with its secret


@csrf_exempt
@require_POST
def receive_signed(request: HttpRequest) -> HttpResponse:
    """Take one signed notice."""
    try:
        body = body_of(request)
        account, proof = prove_sender(request, body)
        deal = _deal(json.loads(body))
    except TooLarge:
        return answer("signed", 413, "too large")
    except BadSignature as error:
        return answer("signed", 401 if str(error) == "no signature" else 403, str(error))
    except (ValueError, RecursionError):
        return answer("signed", 400, "malformed")
    try:
        return _take(account, deal, proof)
    except OperationalError:
        logger.exception("a notice was not stored")
        return answer("signed", 503, "not stored, please repeat")


@csrf_exempt
@require_http_methods(["GET", "POST"])
def receive_call(request: HttpRequest, secret: str) -> HttpResponse:
    """Take one call of the address with the secret."""
    account = account_of(secret)
    if account is None:
        return answer("call", 403, "unknown address")
    if wait := seconds_to_wait(f"payments:call:{account.pk}", limit=CALLS, seconds=CALLS_SECONDS):
        response = answer("call", 429, "too many calls")
        response["Retry-After"] = str(wait)
        return response
    try:
        deal = _deal(_fields(request))
    except TooLarge:
        return answer("call", 413, "too large")
    except (ValueError, RecursionError):
        return answer("call", 400, "malformed")
    keep_hint(account, deal, now=timezone.now())
    nudge(CHECK_TASK)
    return answer("call", 200, "noted")


def prove_sender(request: HttpRequest, body: bytes) -> tuple[Account, Proof]:
    """Return the account whose secret signed these bytes; raises `BadSignature`."""
    refused = BadSignature("no signature")
    for account in Account.objects.filter(provider=PROVIDER, is_active=True).order_by("pk"):
        try:
            now = timezone.now().timestamp()
            return account, prove(request.headers, body, [str(item) for item in account.signing_secrets], now=now)
        except BadSignature as error:
            refused = error
    raise refused


def account_of(secret: str) -> Account | None:
    """Return the account whose address has this secret: the present one or the one before."""
    if not 32 <= len(secret) <= 64:
        return None
    known = fingerprint(secret)
    rows = Account.objects.filter(provider=PROVIDER, is_active=True)
    account = rows.filter(url_fingerprint=known).first() or rows.filter(old_url_fingerprint=known).first()
    if account is None:
        return None
    stored = (account.url_fingerprint, account.old_url_fingerprint)
    return account if any(hmac.compare_digest(known, item) for item in stored) else None


def _take(account: Account, deal: Deal, proof: Proof) -> HttpResponse:
    # The signature is used up by the very transaction that applies the notice: not before it, and never twice.
    with transaction.atomic():
        if not _is_first(account, proof):
            status = 200 if proof.is_retry_id else 403
            return answer("signed", status, "known" if proof.is_retry_id else "seen before")
        now = timezone.now()
        if deal.paid is None and deal.status is DealStatus.PAID and account.can_read:
            keep_hint(account, deal, now=now)  # signed, but it names no sum: the provider is asked
            transaction.on_commit(lambda: nudge(CHECK_TASK))
        else:
            settle(account, deal, source=Notice.Source.SIGNED, now=now)
    return answer("signed", 200, "taken")


def _is_first(account: Account, proof: Proof) -> bool:
    try:
        with transaction.atomic():
            SeenProof.objects.create(account=account, digest=proof.once, seen_at=timezone.now())
    except IntegrityError:
        return False
    return True


def _deal(fields: Any) -> Deal:
    """Return what was told; raises `ValueError` for what is no notice."""
    if not isinstance(fields, dict):
        raise ValueError("not a map")
    return provider_of(PROVIDER).parse_notice(fields)


def _fields(request: HttpRequest) -> dict[str, Any]:
    """Return what the call says: its query, as GetCourse writes it even into a POST; a body may only add to it."""
    if len(request.META.get("QUERY_STRING", "")) > MAX_QUERY:
        raise TooLarge
    told = request.headers.get("Content-Length") or "0"
    if not told.isdecimal() or int(told) > MAX_BODY:
        raise TooLarge
    return {**request.POST.dict(), **request.GET.dict()}

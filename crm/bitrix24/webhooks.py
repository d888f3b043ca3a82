"""The door for a portal's events: prove the sender, mark the lead, answer 200; looking at it comes later.

Bitrix24 tries each event once and calls slow handlers less often. Events carry only an id; everything but the event's name,
its data and the application token may be missing. https://apidocs.bitrix24.com/api-reference/events/index.html
"""

import hmac
import json
import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bot import metrics
from bot.secrets import fingerprint
from crm.bitrix24.noticing import notice
from crm.bitrix24.php import MalformedForm, as_map, parse_form
from crm.models import Portal

_OF_INTEREST = re.compile(r"ONCRM(LEAD|DEAL)(ADD|UPDATE|DELETE)|ONCRM(DEAL)MOVETOCATEGORY")


class MalformedEvent(ValueError):
    """The body is not an event of Bitrix24."""


@dataclass(frozen=True, slots=True)
class PortalEvent:
    """One event as it came; `entity` is empty for kinds we know nothing about."""

    name: str
    token: str
    entity: str = ""
    remote_id: int = 0


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Store one event: 200 stored or of no interest, 400 malformed, 403 not from a portal of ours."""
    try:
        event = check_event(request.body, content_type=request.content_type or "")
    except MalformedEvent as error:
        return _answer(400, str(error))
    portal = portal_of(event.token)
    if portal is None:
        return _answer(403, "unknown application token")
    if not event.entity or event.entity not in portal.watched:
        return _answer(200, "ignored")
    notice(portal, event.entity, event.remote_id)
    return _answer(200, "noticed")


def check_event(body: bytes, *, content_type: str) -> PortalEvent:
    """Return the event of a form (bracket keys) or JSON body; raises `MalformedEvent`."""
    tree = _tree(body, is_json=content_type == "application/json")
    name, token = tree.get("event"), as_map(tree.get("auth")).get("application_token")
    if not isinstance(name, str) or not name:
        raise MalformedEvent("no event name")
    found = _OF_INTEREST.fullmatch(name.upper())
    if found is None:
        return PortalEvent(name, str(token or ""))
    entity = (found[1] or found[3]).lower()
    number = str(as_map(as_map(tree.get("data")).get("FIELDS")).get("ID") or "")
    if not number.isascii() or not number.isdecimal() or not 0 < int(number) < 2**63:
        raise MalformedEvent("no id in data[FIELDS][ID]")
    return PortalEvent(name, str(token or ""), entity, int(number))


def portal_of(token: str) -> Portal | None:
    """Return the portal whose application token this is; found by hash, compared in constant time."""
    if not token:
        return None
    portal = Portal.objects.filter(token_fingerprint=fingerprint(token), is_active=True).first()
    if portal is None or not hmac.compare_digest(str(portal.application_token).encode(), token.encode()):
        return None
    return portal


def _tree(body: bytes, *, is_json: bool) -> dict[str, Any]:
    try:
        text = body.decode()
        tree = json.loads(text) if is_json else parse_form(text)
    except (UnicodeDecodeError, json.JSONDecodeError, MalformedForm, RecursionError):
        raise MalformedEvent("the body is not what its content type says") from None
    if not isinstance(tree, dict):
        raise MalformedEvent("the body is not a map")
    return tree


def _answer(status: int, words: str) -> HttpResponse:
    metrics.count("bitrix24_events", status=str(status))
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")

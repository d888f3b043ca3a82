"""The doors of the site chat that open and shut: settings, session, messages, history, typing. The live one is `stream`."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from bot.context import current
from bot.errors import BadPayload
from bot.inbox import Arrival, store
from bot.messages import EventKind
from bot.webchat import bodies, history, live, tokens
from bot.webchat.admission import Knock, Visit, admit_address, admit_page, admit_visitor
from bot.webchat.appearance import appearance
from bot.webchat.origins import cors_headers, preflight_headers
from bot.webchat.refusals import Refused, bad_request, refusal_headers
from bot.webchat.typing import wait_for_more

MAX_BODY = 32_768  # bytes: 4,000 letters, each escaped, and room for the page's address
View = Callable[[HttpRequest, Visit], HttpResponse]


def door(**views: tuple[str, View]) -> Callable[..., HttpResponse]:
    """Return one door for a path: method -> (name of its limits, view). Everything that fails is JSON."""

    @csrf_exempt  # no cookie proves anything here, so there is nothing to forge
    def answer(request: HttpRequest, key: str) -> HttpResponse:
        method = request.method or ""
        name, view = views.get(method, next(iter(views.values())))
        knock = Knock(key, name, _headers(request), request.META.get("REMOTE_ADDR", ""))
        try:
            admit_address(knock)
            visit = admit_page(knock)
            if method == "OPTIONS":
                return _with(HttpResponse(status=204), cors_headers(visit.origin) | preflight_headers(views))
            if method not in views:
                raise Refused(405, "method_not_allowed", f"This door knows {', '.join(sorted(views))}.")
            if not getattr(view, "is_public", False):
                visit = admit_visitor(knock, visit)
            return _with(view(request, visit), cors_headers(visit.origin))
        except Refused as refused:
            return _with(JsonResponse(refused.body(), status=refused.status), refusal_headers(refused, knock.origin))

    return answer


def public(view: View) -> View:
    """Mark a view that needs no visitor."""
    view.is_public = True  # type: ignore[attr-defined]
    return functools.wraps(view)(view)


@public
def show_config(_request: HttpRequest, visit: Visit) -> HttpResponse:
    """How the widget looks on this site."""
    response = JsonResponse(appearance(visit.channel))
    response["Cache-Control"] = "private, max-age=60"
    return response


@public
def open_session(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Name the visitor: a token we signed before is kept, else a fresh one is issued. Nothing is stored."""
    token = _body(request).get("token")
    known = tokens.read(visit.key, token) if isinstance(token, str) else None
    visitor = known or tokens.new_visitor()
    return _fresh(JsonResponse({"token": tokens.issue(visit.key, visitor), "is_new": known is None}, status=201))


def take_message(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Store one message of the visitor: 201 when it is new, 200 when the same id was posted before."""
    try:
        envelope = bodies.envelope(visit.visitor, _body(request))
    except BadPayload as error:
        raise bad_request("bad_message", str(error)) from error
    is_new = store([Arrival(visit.channel.pk, envelope, str(current().get("request_id", "")))]) > 0
    item = None
    if envelope.kind != EventKind.JOINED:
        item = history.own_item(visit.channel.pk, visit.visitor, envelope.payload["id"])
    if is_new and item:  # the visitor's other tabs and devices see it too
        live.publish(visit.channel.pk, visit.visitor, live.frame("message", item, cursor=item["cursor"]))
    return _fresh(JsonResponse({"is_new": is_new, "item": item}, status=201 if is_new else 200))


def show_history(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What was said in this visitor's chat: the newest page, or what came `after` or `before` a cursor."""
    after, before = _cursor(request, "after"), _cursor(request, "before")
    if after is not None and before is not None:
        raise bad_request("bad_cursor", "Either after or before, not both.")
    page = history.page(visit.channel.pk, visit.visitor, after=after, before=before)
    return _fresh(JsonResponse(page.to_json()))


def note_typing(_request: HttpRequest, visit: Visit) -> HttpResponse:
    """The visitor is writing on: words that wait for an answer wait a little longer."""
    wait_for_more(visit.channel.pk, visit.visitor)
    return _fresh(HttpResponse(status=204))


config = door(GET=("config", show_config))
session = door(POST=("session", open_session))
messages = door(POST=("messages", take_message), GET=("history", show_history))
typing = door(POST=("typing", note_typing))


def _headers(request: HttpRequest) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _body(request: HttpRequest) -> Mapping[str, Any]:
    raw = request.read(MAX_BODY + 1)
    if len(raw) > MAX_BODY:
        raise Refused(413, "too_large", f"At most {MAX_BODY} bytes.")
    try:
        body = orjson.loads(raw or b"{}")
    except orjson.JSONDecodeError:
        raise bad_request("bad_json", "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise bad_request("bad_json", "The body is not a JSON object.")
    return body


def _cursor(request: HttpRequest, name: str) -> int | None:
    value = request.GET.get(name)
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 16):  # until the year 2286
        raise bad_request("bad_cursor", f"{name}: a cursor this door gave out.")
    return int(value)


def _fresh(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def _with(response: HttpResponse, headers: Mapping[str, str]) -> HttpResponse:
    for name, value in headers.items():
        response[name] = value
    return response

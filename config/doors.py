"""Doors that Django opens and strangers may try: counted per address over all processes, then 429 with Retry-After."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from bot.limits import Strangers, client_address, seconds_to_wait

View = Callable[..., HttpResponse]
LOGINS, LOGIN_SECONDS = 10, 60  # tries to log in from one address
UNPROVEN = (400, 401, 403)


def address_of(request: HttpRequest) -> str:
    """Return who knocks."""
    return client_address(
        remote=request.META.get("REMOTE_ADDR", ""),
        forwarded_for=request.headers.get("X-Forwarded-For", ""),
        proxies=settings.TRUSTED_PROXIES,
    )


def guarded(view: View, *, door: str) -> View:
    """Shut out addresses that `view` keeps refusing; those it accepts are never counted."""
    strangers = Strangers(door)

    @wraps(view)
    def guard(request: HttpRequest, **parts: str) -> HttpResponse:
        address = address_of(request)
        if wait := strangers.seconds_shut(address):
            return too_many(wait)
        response = view(request, **parts)
        if response.status_code in UNPROVEN and (wait := strangers.count(address)):
            return too_many(wait)
        return response

    # What Django's middleware looks for on a view.
    guard.csrf_exempt = getattr(view, "csrf_exempt", False)  # type: ignore[attr-defined]
    return guard


def login(request: HttpRequest) -> HttpResponse:
    """The admin's own login page, with a limit on tries."""
    if request.method == "POST":
        who = f"login:{address_of(request)}"
        if wait := seconds_to_wait(who, limit=LOGINS, seconds=LOGIN_SECONDS):
            return too_many(wait)
    return admin.site.login(request)


def too_many(wait: int) -> HttpResponse:
    """Answer 429 in the reader's language."""
    text = _("Too many attempts. Try again in %(n)d s.") % {"n": wait}
    return HttpResponse(text, status=429, content_type="text/plain; charset=utf-8", headers={"Retry-After": str(wait)})

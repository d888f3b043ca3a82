"""The board's doors: the page itself, what it asks and what it does. Live changes come by `payments.board.stream`."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bot.errors import Refused
from content.models import Place
from payments.board import acts, reading, stoplist, switches
from payments.board.cursors import cursor_of
from payments.board.seats import name_of, places_of
from payments.board.words import lanes, words

LAST_PLACE = "board_place"  # of the session: the tablet comes back to where it was


@require_GET
def first(request: HttpRequest) -> HttpResponse:
    """Lead to the place this tablet stood at last, else to the first one."""
    places = _places(request)
    if not places:
        context = {**admin.site.each_context(request), "title": _("Order board")}
        return render(request, "admin/board/nothing.html", context)
    codes = [place.code for place in places]
    last = request.session.get(LAST_PLACE)
    return HttpResponseRedirect(reverse("board", args=[last if last in codes else codes[0]]))


@require_GET
def board(request: HttpRequest, code: str) -> HttpResponse:
    """Show the board of a place; the newest state is in the page, so it is seen before the stream opens."""
    place = _place(request, code)
    if request.session.get(LAST_PLACE) != code:
        request.session[LAST_PLACE] = code
    context = {
        "title": f"{_('Order board')} · {place.name}",
        "place": place,
        "places": _places(request),
        "lanes": lanes(),
        "page": _page(request, place),
        "state": reading.whole(place.pk, timezone.now()).told,
    }
    return render(request, "admin/board/board.html", context)


def _page(request: HttpRequest, place: Place) -> dict[str, Any]:
    base = reverse("board", args=[place.code])
    names = {"stream": "stream", "state": "state", "tickets": "tickets/", "stops": "stops", "pace": "pace"}
    login = f"{reverse('admin:login')}?next={base}"
    return {
        "title": f"{_('Order board')} · {place.name}",
        "words": words(),
        "csrf": get_token(request),
        "urls": {
            **{name: base + tail for name, tail in names.items()},
            "login": login,
            "logout": reverse("admin:logout"),
        },
        "doors": _doors(request),
    }


def _doors(request: HttpRequest) -> list[dict[str, str]]:
    """Return the ways to other pages, for those who may open any."""
    doors = []
    if request.user.has_perm("payments.see_shop_report"):
        doors.append({"title": _("Report"), "url": reverse("shop_report")})
    if request.user.has_perm("payments.view_order"):
        doors.append({"title": _("Back office"), "url": reverse("admin:index")})
    return doors


@require_GET
def state(request: HttpRequest, code: str) -> HttpResponse:
    """Tell the whole board once: for a tablet whose stream does not open."""
    place = _place(request, code)
    return JsonResponse(reading.whole(place.pk, timezone.now(), cursor_of(request.GET.get("after", ""))).told)


@require_POST
def act(request: HttpRequest, code: str, ticket_id: int, verb: str) -> HttpResponse:
    """Press a button of a ticket."""
    place, now = _place(request, code), timezone.now()
    if verb not in acts.VERBS:
        raise Http404
    press = acts.Press(name_of(request.user), request.POST.get("seen", ""), request.POST, now)
    try:
        answer: dict[str, Any] = {"ok": True, "message": acts.press(place, ticket_id, verb, press)}
    except Refused as refused:
        answer = {"ok": False, "message": str(refused)}
    answer["ticket"] = reading.ticket_told(place.pk, ticket_id)
    return JsonResponse(answer, status=200 if answer["ok"] else 409)


@require_http_methods(["GET", "POST"])
def stops(request: HttpRequest, code: str) -> HttpResponse:
    """Tell the stop-list, or change a line of it and tell it anew."""
    place, now = _place(request, code), timezone.now()
    if request.method == "GET":
        return JsonResponse(stoplist.told(place, now))
    try:
        stoplist.change(place, request.POST, by=name_of(request.user), now=now)
    except Refused as refused:
        return JsonResponse({"ok": False, "message": str(refused)}, status=409)
    return JsonResponse({"ok": True, "stops": stoplist.told(place, now)})


@require_POST
def pace(request: HttpRequest, code: str) -> HttpResponse:
    """Pause the orders of a place, promise more time, or end either."""
    place = _place(request, code)
    try:
        said = switches.turn(place, request.POST, now=timezone.now())
    except Refused as refused:
        return JsonResponse({"ok": False, "message": str(refused)}, status=409)
    return JsonResponse({"ok": True, "message": said})


def _places(request: HttpRequest) -> list[Place]:
    if not request.user.has_perm("payments.work_board"):
        raise PermissionDenied
    return list(places_of(request.user))


def _place(request: HttpRequest, code: str) -> Place:
    for place in _places(request):
        if place.code == code:
            return place
    raise PermissionDenied

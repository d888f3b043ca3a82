"""The menu as a guest sees it, at any place and any time."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from content import menus
from content.menu.photos import LARGE, photo_path
from content.menu.values import Menu, Product
from content.models import Place


def preview(page: Any, request: HttpRequest) -> HttpResponse:
    """Show one place's menu in a phone."""
    if not page.has_view_permission(request):
        raise PermissionDenied
    places = list(Place.objects.filter(is_active=True))
    place = next((row for row in places if row.code == request.GET.get("place")), places[0] if places else None)
    context: dict[str, Any] = {"title": _("As the guest sees it"), "places": places, "place": place}
    if place:
        moment = _moment(request.GET.get("at", ""), place)
        menus.forget()  # the editor looks at what was saved just now
        menu = menus.menu_of(place, moment)
        shelves = [(category, [(item, _pictures(item)) for item in category.products]) for category in menu.categories]
        context |= {"menu": menu, "shelves": shelves, "count": _count(menu)}
        context |= {"moment": moment.astimezone(place.hours.zone), "zone": place.time_zone}
    return render(request, "admin/content/preview.html", {**page.admin_site.each_context(request), **context})


def _moment(text: str, place: Place) -> dt.datetime:
    """Return the time asked for, of the place's own clock; now when it cannot be read."""
    try:
        asked = parse_datetime(text)
    except ValueError:
        asked = None
    return asked.replace(tzinfo=place.hours.zone) if asked else timezone.now()


def _pictures(item: Product) -> dict[str, str]:
    return {"small": photo_path(item.photo), "large": photo_path(item.photo, LARGE)}


def _count(menu: Menu) -> dict[str, int]:
    items = list(menu.products())
    return {"all": len(items), "closed": sum(not item.is_available for item in items)}

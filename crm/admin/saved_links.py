"""Saved links above a list: the filters a user comes back to, one press away."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.views.main import PAGE_VAR
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.models import SavedLink

MOST = 20  # links of one user above one list


def context(request: HttpRequest, *, page: str) -> dict[str, Any]:
    """Return what the list's head needs to show the links and to save another."""
    links = list(SavedLink.objects.filter(user_id=request.user.pk or 0, page=page)[:MOST])
    return {"saved_links": links, "current_query": _filters_of(request.GET.urlencode())}


def change(request: HttpRequest, *, page: str, back: str) -> HttpResponse:
    """Save the current filters under a name, or forget a saved link."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    mine = SavedLink.objects.filter(user_id=request.user.pk or 0, page=page)
    query = _filters_of(request.POST.get("query", ""))
    if forget := request.POST.get("forget", ""):
        mine.filter(pk=int(forget) if forget.isdigit() else 0).delete()
    elif not (title := request.POST.get("title", "").strip()[:60]):
        messages.error(request, _("Give the link a name."))
    elif mine.count() >= MOST and not mine.filter(title=title).exists():
        messages.error(request, _("There are %(most)d saved links already: forget one first.") % {"most": MOST})
    else:
        SavedLink.objects.update_or_create(
            user_id=request.user.pk or 0, page=page, title=title, defaults={"query": query[:1000]}
        )
    return HttpResponseRedirect(f"{reverse(back)}?{query}" if query else reverse(back))


def _filters_of(query: str) -> str:
    """Return a query string without the page number: a saved link opens at its first page."""
    filters = QueryDict(query, mutable=True)
    filters.pop(PAGE_VAR, None)
    return filters.urlencode()

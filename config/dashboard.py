"""The home page: is it working, what needs me. Every number opens exactly the rows it counts."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bot.backoffice.periods import span_of
from config import health, troubles
from crm import queries

PERIODS = ("today", "yesterday", "7d")


@dataclass(frozen=True, slots=True)
class Number:
    """One number and the list behind it."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a title and a number for each of `PERIODS`."""

    title: str
    numbers: list[Number]


@dataclass(frozen=True, slots=True)
class Tile:
    """Something that waits for a person."""

    title: str
    count: int
    note: str
    url: str
    is_alarm: bool


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Fill the home page with what this user may see."""
    now = timezone.now()
    sees_leads = request.user.has_perm("crm.view_lead")
    sees_road = request.user.has_perm("bot.view_inboxevent")
    rows = _lead_rows(request, now) if sees_leads else []
    tiles = _lead_tiles(request, now) if sees_leads else []
    if sees_road:
        failed = troubles.counts({name: span_of(name, now) for name in PERIODS})
        rows.append(_failed_row(failed))
        tiles.append(_failed_tile(failed[""]))
    context["number_rows"], context["tiles"] = rows, tiles
    context["signs"] = health.signs(now) if sees_road else []
    context["title"] = _("Home")
    return context


def leads_url(query: str) -> str:
    """Return the lead list under these filters."""
    return f"{reverse('admin:crm_lead_changelist')}?{query}"


def _lead_rows(request: HttpRequest, now: dt.datetime) -> list[Row]:
    spans = {name: span_of(name, now) for name in PERIODS}
    numbers = queries.lead_numbers(queries.visible_leads(request.user), spans)
    columns = [(name, numbers[name]) for name in PERIODS]
    return [
        Row(_("New leads"), [Number(str(n.new), leads_url(f"created={p}")) for p, n in columns]),
        Row(_("Contacts received"), [Number(str(n.captured), leads_url(f"captured={p}")) for p, n in columns]),
        Row(
            _("Of the new leads, with a contact"),
            [Number(_percent(n), leads_url(f"created={p}&contact=yes")) for p, n in columns],
        ),
        Row(
            _("Median time to a contact"),
            [Number(_duration(n.median_to_contact), leads_url(f"captured={p}")) for p, n in columns],
        ),
    ]


def _percent(numbers: queries.LeadNumbers) -> str:
    rate = numbers.capture_rate
    return "—" if rate is None else f"{rate:.0%} ({numbers.new_with_contact})"


def _duration(age: dt.timedelta | None) -> str:
    return "—" if age is None else health.words_for(age)


def _failed_row(failed: Mapping[str, int]) -> Row:
    address = reverse("office_errors")
    return Row(_("Failed and still open"), [Number(str(failed[name]), f"{address}?since={name}") for name in PERIODS])


def _lead_tiles(request: HttpRequest, now: dt.datetime) -> list[Tile]:
    leads = queries.visible_leads(request.user)
    return [
        _tile(
            _("Waiting for a manager"), queries.waiting_for_manager(leads), "status__exact=captured", now, alarm=True
        ),
        _tile(_("For review"), queries.waiting_for_review(leads), "status__exact=review", now, alarm=True),
        _tile(
            _("Waiting for a contact"),
            queries.waiting_for_contact(leads),
            "status__exact=new&status__exact=in_bot",
            now,
            alarm=False,
        ),
    ]


def _tile(title: str, waiting: queries.Waiting, query: str, now: dt.datetime, *, alarm: bool) -> Tile:
    note = _("nobody waits")
    if waiting.since:
        note = _("the oldest for %(age)s") % {"age": health.words_for(now - waiting.since)}
    return Tile(title, waiting.count, note, leads_url(query), alarm and waiting.count > 0)


def _failed_tile(failed: int) -> Tile:
    note = _("look and decide") if failed else _("all is well")
    return Tile(_("Failed"), failed, note, reverse("office_errors"), failed > 0)

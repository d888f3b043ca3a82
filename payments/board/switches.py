"""The pace of a place, switched from the board; guests see it at their next look."""

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import gettext as _

from bot.errors import Refused
from content import menus
from content import pace as places
from content.models import Place
from payments.board import clocks
from payments.shop.live import wake_boards

MINUTES = ("15", "30", "60", "0")  # 0: until a person ends it


def turn(place: Place, facts: Mapping[str, str], *, now: dt.datetime) -> str:
    """Switch, and return what is said. Raises `Refused`."""
    said = _turned(place, facts, now)
    menus.forget()
    wake_boards(place.pk)
    return said


def _turned(place: Place, facts: Mapping[str, str], now: dt.datetime) -> str:
    match facts.get("what", ""):
        case "pause":
            until = _until(facts, now)
            places.pause(place, until=until, reason=" ".join(facts.get("reason", "").split()), now=now)
            return _("Orders are on pause%(until)s.") % {"until": _words(until, place)}
        case "open":
            places.reopen(place, now=now)
            return _("Orders are taken again.")
        case "busy":
            until = _until(facts, now)
            places.be_busy(place, until=until, now=now)
            facts = {"n": str(place.busy_minutes), "until": _words(until, place)}
            return _("Guests are promised %(n)s min more%(until)s.") % facts
        case "calm":
            places.calm_down(place, now=now)
            return _("Guests are promised the usual time.")
    raise Refused(_("Pause, busy mode, or the end of either."))


def _until(facts: Mapping[str, str], now: dt.datetime) -> dt.datetime | None:
    minutes = facts.get("minutes", "")
    if minutes not in MINUTES:
        raise Refused(_("Choose 15, 30 or 60 minutes, or until reopened."))
    return now + dt.timedelta(minutes=int(minutes)) if minutes != "0" else None


def _words(until: dt.datetime | None, place: Place) -> str:
    return " " + _("until %(time)s") % {"time": clocks.at(until, place)} if until is not None else ""

"""How fast a place works right now: orders on pause, or on with a longer preparation. Either ends by the clock or by a person."""

import datetime as dt

from content.models import Place


def pause(place: Place, *, until: dt.datetime | None, reason: str, now: dt.datetime) -> None:
    """Take no orders until `until`, or until somebody reopens; guests read the reason."""
    _write(place, now, is_paused=True, paused_until=until, pause_reason=reason[:200])


def reopen(place: Place, *, now: dt.datetime) -> None:
    """Take orders again."""
    _write(place, now, is_paused=False, paused_until=None, pause_reason="")


def be_busy(place: Place, *, until: dt.datetime | None, now: dt.datetime) -> None:
    """Promise guests `busy_minutes` more until `until`, or until somebody says that it is calm."""
    _write(place, now, is_busy=True, busy_until=until)


def calm_down(place: Place, *, now: dt.datetime) -> None:
    """Promise the usual time again."""
    _write(place, now, is_busy=False, busy_until=None)


def _write(place: Place, now: dt.datetime, **facts: object) -> None:
    Place.objects.filter(pk=place.pk).update(updated_at=now, **facts)
    for name, value in facts.items():
        setattr(place, name, value)

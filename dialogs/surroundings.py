"""What every turn knows about the business: profile, snippets, FAQ. Read anew every few seconds, shared by a batch."""

import datetime as dt
import time
from dataclasses import replace
from zoneinfo import ZoneInfo

from content.hours import is_open_at
from content.models import BusinessProfile, Faq, Snippet
from crm.models import ScheduleRule
from dialogs.engine.rendering import render
from dialogs.reception import Ears
from dialogs.session import Surroundings
from dialogs.understanding.catalogue import entries_of
from dialogs.understanding.reader import Reader

FRESH_SECONDS = 5.0  # an edit in the admin is heard by every worker within this time


class _Library:
    """The last reading of the library's tables in this process."""

    def __init__(self) -> None:
        self._read_at = float("-inf")
        self._stamp: object = None
        self.profile = BusinessProfile()
        self.variables: dict[str, str] = {}
        self.rules: tuple[ScheduleRule, ...] = ()
        self.reader: Reader | None = None  # made at the first turn: it takes most of a second

    def refresh(self) -> Reader:
        """Read the tables if the last reading is old; return the reader that goes with them."""
        if self.reader is not None and time.monotonic() - self._read_at < FRESH_SECONDS:
            return self.reader
        self._read_at = time.monotonic()
        self.profile = BusinessProfile.current()
        self.rules = tuple(ScheduleRule.objects.filter(is_active=True))
        snippets = {f"snippet.{row.key}": row.text for row in Snippet.objects.all()}
        self.variables = {**self.profile.variables(), **snippets}
        rows = entries_of(Faq.objects.filter(is_active=True))
        entries = tuple(replace(entry, answer=render(entry.answer, self.variables)) for entry in rows)
        stamp = (entries, self.profile.name, self.profile.phone_region)
        if self.reader is None or stamp != self._stamp:
            self.reader = Reader(entries, business_name=self.profile.name, region=self.profile.phone_region)
            self._stamp = stamp
        return self.reader


_library = _Library()


def look_around(now: dt.datetime) -> Surroundings:
    """Return the surroundings of a batch of turns at `now`."""
    reader = _library.refresh()
    profile = _library.profile
    zone = ZoneInfo(profile.time_zone)
    return Surroundings(
        now=now,
        time_zone=zone,
        variables=_library.variables,
        consent_text=profile.consent_text,
        consent_version=profile.consent_version,
        advertising_text=profile.advertising_text,
        advertising_version=profile.advertising_version,
        rules=_library.rules,
        holidays=tuple(profile.holidays),
        is_open=is_open_at(profile, now),
        ears=Ears(
            reader=reader,
            region=profile.phone_region,
            today=now.astimezone(zone).date(),
        ),
    )


def forget() -> None:
    """Read the library again at the next turn; for tests and for the simulator after an edit."""
    _library._read_at = float("-inf")

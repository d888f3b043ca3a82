"""What every turn knows about the business: profile, snippets, FAQ, bonuses. Read anew every few seconds, shared by a batch.

Each scenario has its own view of the library: its own rows, and those of every scenario.
"""

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from content.hours import is_open_at
from content.models import Bonus, BusinessProfile, Faq, Product, Snippet
from content.models.scoped import usable
from crm.models import ScheduleRule
from dialogs.engine import goods
from dialogs.engine.facts import Exhibit
from dialogs.engine.rendering import render
from dialogs.reception import Ears
from dialogs.session import Surroundings
from dialogs.understanding.catalogue import entries_of
from dialogs.understanding.faq import FaqEntry
from dialogs.understanding.reader import Reader
from payments.money import shown

FRESH_SECONDS = 5.0  # an edit in the admin is heard by every worker within this time


@dataclass(frozen=True, slots=True)
class _Rows:
    """The library's tables at one moment."""

    profiles: Mapping[str, BusinessProfile]
    snippets: tuple[Snippet, ...]
    faq: tuple[Faq, ...]
    bonuses: tuple[Bonus, ...]
    rules: tuple[ScheduleRule, ...]
    products: tuple[Product, ...]

    @classmethod
    def read(cls) -> "_Rows":
        profiles = {row.scenario_key: row for row in BusinessProfile.objects.all()}
        return cls(
            profiles=profiles if "" in profiles else {**profiles, "": BusinessProfile.current()},
            snippets=tuple(Snippet.objects.all()),
            faq=tuple(Faq.objects.filter(is_active=True)),
            bonuses=tuple(Bonus.objects.filter(is_active=True)),
            rules=tuple(ScheduleRule.objects.filter(is_active=True)),
            products=tuple(Product.objects.courses().filter(is_active=True)),
        )


@dataclass(frozen=True, slots=True)
class _View:
    """What one scenario sees of the library."""

    profile: BusinessProfile
    variables: Mapping[str, str]
    reader: Reader
    shelves: Mapping[str, tuple[Exhibit, ...]]
    rules: tuple[ScheduleRule, ...]
    holidays: tuple[str, ...]
    products: tuple[goods.Product, ...]
    stamp: object


@dataclass(slots=True)
class _Library:
    """The last reading of the library's tables in this process."""

    read_at: float = float("-inf")
    rows: _Rows | None = None
    views: dict[str, _View] = field(default_factory=dict)  # of this reading
    before: dict[str, _View] = field(
        default_factory=dict
    )  # of earlier ones: their readers serve on when nothing changed

    def view(self, key: str) -> _View:
        """Return the scenario's view, not older than `FRESH_SECONDS`."""
        if self.rows is None or time.monotonic() - self.read_at >= FRESH_SECONDS:
            self.read_at, self.rows = time.monotonic(), _Rows.read()
            self.before, self.views = {**self.before, **self.views}, {}
        if key not in self.views:
            self.views[key] = _seen(self.rows, key, self.before.get(key))
        return self.views[key]


def _seen(rows: _Rows, key: str, before: _View | None) -> _View:
    profile = rows.profiles.get(key) or rows.profiles[""]
    snippets = {f"snippet.{row.key}": row.text for row in usable(rows.snippets, key)}
    variables = {**profile.variables(), **snippets}
    entries = tuple(
        replace(entry, answer=render(entry.answer, variables)) for entry in entries_of(usable(rows.faq, key))
    )
    stamp = (entries, profile.name, profile.phone_region)
    # Making a reader takes most of a second: it is made at the first turn, and again when its words have changed.
    is_same = before is not None and before.stamp == stamp
    reader = (
        before.reader
        if before and is_same
        else Reader(entries, business_name=profile.name, region=profile.phone_region)
    )
    bonuses = tuple(Exhibit(row.key, row.title, row.body, row.url) for row in usable(rows.bonuses, key))
    products = tuple(_on_sale(row) for row in usable(rows.products, key, name="code"))
    shelves = {"bonuses": bonuses, "faq": questions(entries)}
    return _View(profile, variables, reader, shelves, rows.rules, _holidays(rows), products, stamp)


def _holidays(rows: _Rows) -> tuple[str, ...]:
    """Return the days without consultations: one calendar serves all products."""
    return tuple(date for profile in rows.profiles.values() for date in profile.holidays)


def questions(entries: tuple[FaqEntry, ...]) -> tuple[Exhibit, ...]:
    """Return the FAQ as things to show."""
    return tuple(Exhibit(entry.key, entry.question, entry.answer, is_question=True) for entry in entries)


def _on_sale(row: Product) -> goods.Product:
    return goods.Product(
        code=row.code,
        name=row.name,
        price=shown(row.price, "RUB"),
        description=row.description,
        audience=row.audience,
        personas=tuple(row.personas),
    )


_library = _Library()


def look_around(now: dt.datetime, scenario_key: str = "") -> Surroundings:
    """Return the surroundings of a batch of turns of one scenario at `now`."""
    view = _library.view(scenario_key)
    profile = view.profile
    zone = ZoneInfo(profile.time_zone)
    return Surroundings(
        now=now,
        time_zone=zone,
        variables=view.variables,
        consent_text=profile.consent_text,
        consent_version=profile.consent_version,
        advertising_text=profile.advertising_text,
        advertising_version=profile.advertising_version,
        rules=view.rules,
        holidays=view.holidays,
        products=view.products,
        is_open=is_open_at(profile, now),
        ears=Ears(
            reader=view.reader,
            region=profile.phone_region,
            today=now.astimezone(zone).date(),
        ),
        shelves=view.shelves,
    )


def forget() -> None:
    """Read the library again at the next turn; for tests and for the simulator after an edit."""
    _library.read_at = float("-inf")

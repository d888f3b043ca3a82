"""A report as tables: what the page shows is what the files hold."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from content.models import Place
from crm.sheets import Cell, Table
from payments.report import parts
from payments.report.figures import Figures, figures_of, tickets_of
from payments.report.parts import Part
from payments.report.period import Period


@dataclass(frozen=True, slots=True)
class Report:
    """Everything about a period, and the figures of the one it is compared with."""

    period: Period
    now: Figures
    before: Figures
    hours: Sequence[Part]
    hours_before: Sequence[Part]
    days: Sequence[Part]
    places: Sequence[Part]
    baristas: Sequence[Part]
    products: Sequence[Part]
    options: Sequence[Part]
    cancellations: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure beside what it was before."""

    code: str
    title: str
    now: Cell
    before: Cell
    kind: str  # count, sum, span, share
    is_good: bool | None = None  # has it become better? None: the same, or nobody's concern

    @property
    def change(self) -> Decimal | None:
        """The change as a share of what was; None without anything to compare with."""
        now, before = _number(self.now), _number(self.before)
        if now is None or not before:
            return None
        return now - before if self.kind == "share" else (now - before) / abs(before)


def report_of(period: Period, places: Sequence[Place]) -> Report:
    """Read it all: about a dozen queries, each over the tickets of the days alone."""
    pks = [place.pk for place in places if period.place in ("", place.code)]
    tickets, earlier = tickets_of(period, pks), tickets_of(period.compared(), pks)
    return Report(
        period=period,
        now=figures_of(tickets),
        before=figures_of(earlier),
        hours=parts.by_hour(tickets),
        hours_before=parts.by_hour(earlier),
        days=parts.by_day(tickets, period.first, period.days),
        places=parts.by_place(tickets),
        baristas=parts.by_barista(tickets),
        products=parts.products(tickets),
        options=parts.options(tickets),
        cancellations=parts.cancellations(tickets),
    )


def lines(report: Report) -> list[Line]:
    """Return the figures, each with its name and what it was."""
    more, less = _better_when(True), _better_when(False)
    rows: list[tuple[str, str, Callable[[Figures], Cell], str, Callable[[Any, Any], bool | None]]] = [
        ("revenue", _("Revenue"), lambda f: f.revenue, "sum", more),
        ("orders", _("Orders"), lambda f: f.orders, "count", more),
        ("average", _("Average ticket"), lambda f: f.average, "sum", more),
        ("on_time", _("Ready on time"), lambda f: f.on_time_share, "share", more),
        ("making_p50", _("Accepted to ready, half within"), lambda f: f.making_p50, "span", less),
        ("making_p90", _("Accepted to ready, 90% within"), lambda f: f.making_p90, "span", less),
        ("waiting_p50", _("Ordered to ready, half within"), lambda f: f.waiting_p50, "span", less),
        ("waiting_p90", _("Ordered to ready, 90% within"), lambda f: f.waiting_p90, "span", less),
        ("canceled", _("Orders canceled"), lambda f: f.canceled, "count", less),
        ("canceled_share", _("Canceled, share"), lambda f: f.canceled_share, "share", less),
        ("expired", _("Not paid in time"), lambda f: f.expired, "count", less),
        ("refunded", _("Refunded"), lambda f: f.refunded, "sum", less),
        ("promo", _("Cost of promo codes"), lambda f: f.promo, "sum", _nobody),
        ("loyalty", _("Cost of loyalty"), lambda f: f.loyalty, "sum", _nobody),
    ]
    made = []
    for code, title, read, kind, judge in rows:
        now, before = read(report.now), read(report.before)
        made.append(Line(code, title, now, before, kind, judge(now, before)))
    return made


def tables(report: Report) -> list[Table]:
    """Return the report as tables for a file."""
    head = [_("Name"), _("Orders"), _("Sum")]
    figures = [(line.title, _in_percent(line, line.now), _in_percent(line, line.before)) for line in lines(report)]
    return [
        Table(_("Figures"), [_period_words(report.period), _("Now"), _("Before")], figures),
        Table(_("By hour"), [_("Hour"), *head[1:]], _rows(report.hours)),
        Table(_("By day"), [_("Day"), *head[1:]], _rows(report.days)),
        Table(_("By place"), head, _rows(report.places)),
        Table(
            _("By barista"),
            [*head, _("Accepted to ready, half within (min)")],
            [(part.name, part.count, part.sum, part.making_p50) for part in report.baristas],
        ),
        Table(_("Products"), [_("Name"), _("Number"), _("Sum")], _rows(report.products)),
        Table(_("Options"), [_("Name"), _("Number"), _("Sum")], _rows(report.options)),
        Table(_("Cancellations"), [_("Reason"), *head[1:]], _rows(report.cancellations)),
    ]


def _rows(found: Sequence[Part]) -> list[Sequence[Cell]]:
    return [(part.name, part.count, part.sum) for part in found]


def _in_percent(line: Line, value: Cell) -> Cell:
    if line.kind == "share" and isinstance(value, Decimal):
        return (value * 100).quantize(Decimal("0.1"))
    return value


def _period_words(period: Period) -> str:
    days = f"{period.first:%d.%m.%Y} — {period.last:%d.%m.%Y}"
    return f"{days}, {period.from_hour:02}:00–{period.until_hour:02}:00" if period.is_shift else days


def _better_when(is_more: bool) -> Callable[[Any, Any], bool | None]:
    def judge(now: Any, before: Any) -> bool | None:
        if now is None or not before or now == before:
            return None
        return bool((now > before) is is_more)

    return judge


def _nobody(_now: Any, _before: Any) -> None:
    return None


def _number(value: Cell) -> Decimal | None:
    if isinstance(value, dt.timedelta):
        return Decimal(value.total_seconds())
    return Decimal(value) if isinstance(value, int | Decimal) else None

"""Who gets the lead: rules in order, managers who can take it, one of three methods. Choosing is a function of rows read once.

`assign_waiting` is the only writer: it holds one lock for all workers while it chooses and gives, so "the next in turn" is the
next for everybody, and `leads.give_to` gives a lead at most once (promise 4).
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from content.hours import is_within
from content.models import BusinessProfile
from crm import handing, leads, notifications, offers
from crm.models import Absence, Assignment, Lead, Manager, Offer, RotationRule

ROTATION_LOCK = 7_301_001  # one advisory lock, held by the transaction that chooses
WEIGHT_DAYS = 7  # weights share out the leads of this many days
SHIFT_FRESH = dt.timedelta(minutes=5)  # an older word of Bitrix24 about a shift is no word
ON_SHIFT = ("OPENED",)
Method = RotationRule.Method


@dataclass(frozen=True, slots=True)
class Candidate:
    """A manager as the rotation sees them."""

    manager: Manager
    open_leads: int
    recent_leads: int  # given in the last WEIGHT_DAYS
    away: str = ""  # why they cannot take a lead now; empty: they can


@dataclass(frozen=True, slots=True)
class Choice:
    """What the rules say: the next manager, or why there is none."""

    manager: Manager | None
    rule: RotationRule | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """Everything a choice depends on, read once."""

    now: dt.datetime
    local: dt.datetime  # in the business's time zone, for working hours
    rules: Sequence[tuple[RotationRule, frozenset[int]]]  # with the ids of its managers; none: all
    candidates: Sequence[Candidate] = field(default_factory=tuple)

    def choose(self, wanted: Mapping[str, str]) -> Choice:
        """Return who is next for a lead with this `source`, `product` and `language`."""
        reason = "no_rule"
        for rule, members in self.rules:
            if not fits(rule, wanted, self.local):
                continue
            people = [item for item in self.candidates if not members or item.manager.pk in members]
            ready = [item for item in people if not self._away(item, rule)]
            if ready:
                return Choice(min(ready, key=ORDER[Method(rule.method)]).manager, rule)
            reason = "nobody_available"
            if rule.fallback == RotationRule.Fallback.DUTY_MANAGER and rule.fallback_manager is not None:
                return Choice(rule.fallback_manager, rule, "fallback")
            if rule.fallback == RotationRule.Fallback.WAIT:
                return Choice(None, rule, reason)
        return Choice(None, None, reason)

    def _away(self, item: Candidate, rule: RotationRule) -> str:
        return item.away or (off_shift(item.manager, self.now) if rule.uses_bitrix_shift else "")


def _waited_longest(item: Candidate) -> tuple[Any, ...]:
    at = item.manager.last_assigned_at
    return (at is not None, at.timestamp() if at else 0.0, item.manager.pk)


ORDER: Mapping[RotationRule.Method, Callable[[Candidate], tuple[Any, ...]]] = {
    Method.IN_TURN: _waited_longest,
    Method.WEIGHTED: lambda item: ((item.recent_leads + 1) / max(1, item.manager.weight), *_waited_longest(item)),
    Method.LEAST_LOADED: lambda item: (item.open_leads, *_waited_longest(item)),
}


def fits(rule: RotationRule, wanted: Mapping[str, str], local: dt.datetime) -> bool:
    """Tell whether a rule speaks of this lead now; an empty condition fits everything."""
    for name, allowed in (("source", rule.sources), ("product", rule.products), ("language", rule.languages)):
        if allowed and wanted.get(name, "").casefold() not in {str(item).casefold() for item in allowed}:
            return False
    return is_within(rule.hours, local)


def why_away(manager: Manager, *, local: dt.datetime, absent: bool, open_leads: int) -> str:
    """Return why a manager takes no lead now, empty when they do."""
    if not manager.is_active:
        return "left"
    if not manager.is_on_duty:
        return "off_duty"
    if absent:
        return "absent"
    if not is_within(manager.schedule, local):
        return "outside_hours"
    return "cap_reached" if manager.cap is not None and open_leads >= manager.cap else ""


def off_shift(manager: Manager, now: dt.datetime) -> str:
    """Return "off_shift" when Bitrix24 said so lately; who has no account there keeps their own schedule."""
    if manager.bitrix_id is None or manager.shift_checked_at is None or now - manager.shift_checked_at > SHIFT_FRESH:
        return ""
    return "" if manager.shift_status in ON_SHIFT else "off_shift"


def read_roster(now: dt.datetime) -> Roster:
    """Read rules and managers as they are at `now`."""
    local = now.astimezone(ZoneInfo(BusinessProfile.current().time_zone))
    today = local.date()
    absent = set(
        Absence.objects.filter(first_date__lte=today, last_date__gte=today).values_list("manager_id", flat=True)
    )
    recent = dict(
        Assignment.objects.filter(assigned_at__gte=now - dt.timedelta(days=WEIGHT_DAYS))
        .values_list("manager_id")
        .annotate(given=Count("id"))
    )
    managers = Manager.objects.annotate(open_leads=Count("leads", filter=Q(leads__status=Lead.Status.TAKEN)))
    candidates = tuple(
        Candidate(
            manager,
            manager.open_leads,
            recent.get(manager.pk, 0),
            why_away(manager, local=local, absent=manager.pk in absent, open_leads=manager.open_leads),
        )
        for manager in managers.order_by("pk")
    )
    rules = RotationRule.objects.filter(is_active=True).select_related("fallback_manager").prefetch_related("managers")
    listed = [(rule, frozenset(manager.pk for manager in rule.managers.all())) for rule in rules]
    # A house that has made no rule yet shares leads in turn among all.
    return Roster(now, local, listed or [(RotationRule(title="", method=Method.IN_TURN), frozenset())], candidates)


def preview(
    *, source: str = "", product: str = "", language: str = "", now: dt.datetime | None = None
) -> tuple[Choice, Sequence[Candidate]]:
    """Return who is next for such a lead, and every manager with why they are not; writes nothing."""
    roster = read_roster(now or timezone.now())
    return roster.choose({"source": source, "product": product, "language": language}), roster.candidates


def waiting(now: dt.datetime | None = None) -> "list[int]":
    """Return the leads that wait for a manager, those who waited longest first; not those managers may still choose."""
    on_offer = Offer.objects.filter(lead=OuterRef("pk"), closed_at=None).exclude(rotate_at__lte=now or timezone.now())
    rows = Lead.objects.filter(status=Lead.Status.CAPTURED, manager=None).exclude(Exists(on_offer))
    rows = rows.order_by("captured_at", "pk")
    return list(rows.values_list("pk", flat=True)[:200])


def assign_waiting(*, clock: Callable[[], dt.datetime] = timezone.now) -> int:
    """Give every waiting lead its manager; those nobody can take now go on waiting. Returns how many were given."""
    return sum(assign(lead_id, now=clock()) for lead_id in waiting(clock()))


def assign(lead_id: int, *, now: dt.datetime) -> bool:
    """Choose and give one lead, and tell its manager; False when nobody can take it or somebody has it already."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Choosing reads who was last: two workers choosing at once would both choose the same "next".
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ROTATION_LOCK])
        lead = Lead.objects.select_related("customer", "chat__channel").filter(pk=lead_id, manager=None).first()
        if lead is None:
            return False
        choice = read_roster(now).choose({"source": lead.source, "product": lead.product, "language": lead.language})
        if choice.manager is None:
            return False
        title = choice.rule.title if choice.rule else ""
        given = leads.give_to(lead, choice.manager, key=f"assign:{lead.pk}:{now.timestamp():.6f}", rule_title=title)
        if given:
            notifications.tell_of_lead(choice.manager, lead)
            offers.settle(lead, now=now)
            handing.hand_dialogue(lead, choice.manager)
    return given

"""Reads that join or count: who sees which leads, and the numbers of the home page."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Aggregate, Count, DurationField, F, Min, Q, QuerySet

from bot.backoffice.periods import Span
from crm.models import Customer, Lead, Manager

SEE_EVERY_LEAD = "crm.see_every_lead"


def visible_leads(user: User | AnonymousUser) -> QuerySet[Lead]:
    """Return the leads this person may see: everybody's by right, else those given to them."""
    leads = Lead.objects.all()
    if user.has_perm(SEE_EVERY_LEAD):
        return leads
    return leads.filter(manager__user_id=user.pk or 0)


def visible_customers(user: User | AnonymousUser) -> QuerySet[Customer]:
    """Return the people whose leads this person may see."""
    people = Customer.objects.all()
    if user.has_perm(SEE_EVERY_LEAD):
        return people
    return people.filter(pk__in=visible_leads(user).values("customer_id"))


def leads_of(manager: Manager, limit: int) -> list[Lead]:
    """Return a manager's open leads, the newest first."""
    rows = Lead.objects.filter(manager=manager, status=Lead.Status.TAKEN).order_by("-updated_at")
    return list(rows.select_related("customer", "manager", "chat__channel")[:limit])


def untaken_leads(limit: int) -> list[Lead]:
    """Return the leads that wait for any manager, those who waited longest first."""
    rows = Lead.objects.filter(manager=None, status=Lead.Status.CAPTURED).order_by("created_at")
    return list(rows.select_related("customer", "manager", "chat__channel")[:limit])


class Median(Aggregate):
    """The middle value, computed by PostgreSQL."""

    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True, slots=True)
class LeadNumbers:
    """What happened to leads in one span of days."""

    new: int
    new_with_contact: int
    captured: int
    median_to_contact: dt.timedelta | None

    @property
    def capture_rate(self) -> float | None:
        """The share of the span's new leads that have given a contact by now, 0…1."""
        return self.new_with_contact / self.new if self.new else None


def lead_numbers(leads: QuerySet[Lead], spans: Mapping[str, Span]) -> dict[str, LeadNumbers]:
    """Return the numbers of several spans in two index scans over the widest of them."""
    earliest = min(span.start for span in spans.values())
    created = leads.filter(created_at__gte=earliest).aggregate(**_created_counts(spans))
    captured = leads.filter(captured_at__gte=earliest).aggregate(**_captured_counts(spans))
    return {
        name: LeadNumbers(
            new=created[f"new_{name}"],
            new_with_contact=created[f"with_{name}"],
            captured=captured[f"captured_{name}"],
            median_to_contact=captured[f"median_{name}"],
        )
        for name in spans
    }


def _created_counts(spans: Mapping[str, Span]) -> dict[str, Any]:
    counts = {}
    for name, span in spans.items():
        inside = Q(created_at__gte=span.start, created_at__lt=span.end)
        counts[f"new_{name}"] = Count("pk", filter=inside)
        counts[f"with_{name}"] = Count("pk", filter=inside & Q(captured_at__isnull=False))
    return counts


def _captured_counts(spans: Mapping[str, Span]) -> dict[str, Any]:
    counts: dict[str, Any] = {}
    for name, span in spans.items():
        inside = Q(captured_at__gte=span.start, captured_at__lt=span.end)
        counts[f"captured_{name}"] = Count("pk", filter=inside)
        counts[f"median_{name}"] = Median(F("captured_at") - F("created_at"), filter=inside)
    return counts


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, and since when the first of them does."""

    count: int
    since: dt.datetime | None


def waiting_for_contact(leads: QuerySet[Lead]) -> Waiting:
    """Leads the bot is still to get a contact from."""
    return _waiting(leads.filter(status__in=Lead.AWAITING_CONTACT), "created_at")


def waiting_for_manager(leads: QuerySet[Lead]) -> Waiting:
    """Leads with a contact that nobody has yet."""
    return _waiting(leads.filter(status=Lead.Status.CAPTURED), "captured_at")


def waiting_for_review(leads: QuerySet[Lead]) -> Waiting:
    """Leads the bot could not help."""
    return _waiting(leads.filter(status=Lead.Status.REVIEW), "updated_at")


def _waiting(leads: QuerySet[Lead], field: str) -> Waiting:
    facts = leads.aggregate(count=Count("pk"), since=Min(field))
    return Waiting(facts["count"], facts["since"])


def recent_sources(limit: int = 5_000) -> list[str]:
    """Return the sources among the newest leads: a distinct over the whole table would read all of it."""
    newest = Lead.objects.order_by("-created_at", "-id").values_list("source", flat=True)[:limit]
    return sorted({source for source in newest if source})

"""A lead's history as one list: assignments, status changes, takeovers."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.models import Assignment, Event, Lead

LIMIT = 100  # lines of each kind


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened to a lead."""

    at: dt.datetime
    text: str


def history_of(lead: Lead) -> list[Line]:
    """Return what happened to a lead, newest first. Two queries by index."""
    lines = [Line(lead.created_at, _("The lead appeared"))]
    if lead.captured_at:
        lines.append(Line(lead.captured_at, _("The contact was received")))
    for assignment in Assignment.objects.filter(lead=lead).select_related("manager").order_by("-id")[:LIMIT]:
        lines += _of_assignment(assignment)
    events = Event.objects.filter(customer_id=lead.customer_id, type__startswith="lead.", payload__lead=lead.pk)
    lines += [Line(event.created_at, _of_event(event)) for event in events.order_by("-created_at")[:LIMIT]]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _of_assignment(assignment: Assignment) -> list[Line]:
    facts = {"manager": assignment.manager.name, "rule": assignment.rule_title}
    text = _("Assigned to %(manager)s (%(rule)s)") if assignment.rule_title else _("Assigned to %(manager)s")
    lines = [Line(assignment.assigned_at, text % facts)]
    if assignment.ended_at:
        facts["reason"] = assignment.end_reason or "—"
        lines.append(Line(assignment.ended_at, _("%(manager)s has the lead no more: %(reason)s") % facts))
    return lines


def _of_event(event: Event) -> str:
    facts = event.payload
    by = facts.get("by", "—")
    match event.type:
        case "lead.taken":
            return _("%(by)s took the lead in the managers' chat") % {"by": by}
        case "lead.take_lost":
            return _("%(by)s wanted the lead, too: %(holder)s was first") % {
                "by": by,
                "holder": facts.get("holder") or "—",
            }
        case "lead.take_refused":
            return _("%(by)s wanted the lead and is no manager") % {"by": by}
        case "lead.taken_over":
            return _("%(by)s took the dialogue over") % {"by": by}
        case "lead.given_back":
            return _("%(by)s gave the dialogue back to the bot") % {"by": by}
        case "lead.status":
            names = {str(value): str(label) for value, label in Lead.Status.choices}
            words = {"by": by, "old": names.get(facts.get("old"), "—"), "new": names.get(facts.get("new"), "—")}
            text = _("%(by)s: from “%(old)s” to “%(new)s”") % words
            return f"{text} ({facts['reason']})" if facts.get("reason") else text
    return event.type

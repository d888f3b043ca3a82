"""Reads that join: whose money a person of ours may see."""

from typing import Any

from django.db.models import QuerySet

from crm.queries import visible_leads
from payments.models import Order, Payment


def visible_orders(rows: QuerySet[Order], user: Any) -> QuerySet[Order]:
    """Return the orders of leads this user may see; who sees every lead sees every order."""
    return rows if _sees_all(user) else rows.filter(lead__in=visible_leads(user))


def visible_payments(rows: QuerySet[Payment], user: Any) -> QuerySet[Payment]:
    """Return the payments of such orders."""
    return rows if _sees_all(user) else rows.filter(order__lead__in=visible_leads(user))


def _sees_all(user: Any) -> bool:
    return bool(user.has_perm("crm.see_every_lead"))

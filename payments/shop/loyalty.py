"""The ledger of loyalty: a line for what is spent, earned and given back, each once for an order."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Sum

from content.models import Place
from crm.models import Customer
from payments.models import LoyaltyEntry, LoyaltyProgram, Order
from payments.shop.rewards import Program, Purse, Reward

Kind = LoyaltyEntry.Kind


def program_of(place: Place) -> Program:
    """Return the rules in force at a place: its scenario's own, else the house's."""
    rows = LoyaltyProgram.objects.filter(scenario_key__in=["", place.scenario_key]).order_by("-scenario_key")
    row = rows.prefetch_related("categories").first()
    if row is None or row.kind == LoyaltyProgram.Kind.OFF:
        return Program()
    categories = frozenset(category.code for category in row.categories.all())
    return Program(row.kind, row.every, categories, row.most_free, row.percent, row.max_share)


def purse_of(customer: Customer, place: Place) -> Purse:
    """Return what a guest has saved."""
    return purses_of([customer.pk], program_of(place))[customer.pk]


def purses_of(customers: Sequence[int], program: Program) -> dict[int, Purse]:
    """Return what each of these guests has saved: one query, none when there is no program."""
    sums: dict[int, int] = {}
    if program.unit:
        rows = LoyaltyEntry.objects.filter(customer__in=customers, unit=program.unit).order_by()
        sums = dict(rows.values_list("customer").annotate(Sum("amount")))
    return {pk: Purse(program, max(0, sums.get(pk, 0))) for pk in customers}


def spend(order: Order, unit: str, reward: Reward) -> None:
    """Write down what an order spends. The caller holds the guest's lock, so that nothing is spent twice."""
    if reward.spent:
        LoyaltyEntry.objects.create(
            customer=order.customer,
            order=order,
            kind=Kind.SPENT,
            unit=unit,
            amount=-reward.spent,
            worth=reward.loyalty,
        )


def earn(order: Order, place: Place) -> None:
    """Write down what a picked-up order earns: as was promised when it was placed, once."""
    ticket = order.ticket
    if ticket.earns:
        entry = LoyaltyEntry(
            customer=order.customer, order=order, kind=Kind.EARNED, unit=ticket.earns_unit, amount=ticket.earns
        )
        LoyaltyEntry.objects.bulk_create([entry], ignore_conflicts=True)


def give_back(order: Order, now: dt.datetime) -> None:
    """Return what a given-up order had spent, and take back what it had earned; each once."""
    opposite = {Kind.SPENT: Kind.RETURNED, Kind.EARNED: Kind.REVOKED}
    entries = [
        LoyaltyEntry(
            customer_id=row.customer_id,
            order=order,
            kind=opposite[Kind(row.kind)],
            unit=row.unit,
            amount=-row.amount,
            worth=row.worth,
            created_at=now,
        )
        for row in LoyaltyEntry.objects.filter(order=order, kind__in=list(opposite))
    ]
    LoyaltyEntry.objects.bulk_create(entries, ignore_conflicts=True)

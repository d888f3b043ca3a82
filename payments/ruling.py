"""What a proven word about a deal does to a payment: one pure function, read by its test as a table.

Paid is terminal except for a refund; refunded is terminal. Words come late, twice and out of order: what would lead back
changes nothing. Money that does not fit the order to the kopeck goes to a human.
"""

from dataclasses import dataclass
from decimal import Decimal

from payments.facts import Deal, DealStatus

# Statuses of `Payment`, as plain words: this file knows no models.
CREATED, SENT, PARTIAL, PAID = "created", "sent", "partial", "paid"
REFUNDED, FAILED, CANCELED, NEEDS_REVIEW = "refunded", "failed", "canceled", "needs_review"
PARTLY_REFUNDED = "part_refunded"
MONEY_IN = (PAID, PARTLY_REFUNDED)
NOT_WANTED = ("paid_late", "paid_twice")  # whole money for an order that cannot take it: a human decides, once


@dataclass(frozen=True, slots=True)
class Standing:
    """How our payment stands."""

    status: str
    amount: Decimal
    currency: str
    paid: Decimal = Decimal(0)
    refunded: Decimal = Decimal(0)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What becomes of the payment: its next status ("" leaves it), and why. `alarms` asks for a human's eyes."""

    status: str
    verdict: str
    alarms: bool = False


def rule(standing: Standing, deal: Deal) -> Ruling:
    """Return what `deal`, proven true, does to the payment."""
    if standing.status == REFUNDED:
        return Ruling("", "known" if deal.status is DealStatus.REFUNDED else "came_late")
    match deal.status:
        case DealStatus.PAID:
            return _paid(standing, deal)
        case DealStatus.PARTIAL:
            return _partial(standing, deal)
        case DealStatus.REFUNDED:
            return Ruling(REFUNDED, "refunded", alarms=True)
        case DealStatus.PARTLY_REFUNDED:
            return _partly_refunded(standing, deal)
        case DealStatus.CANCELED | DealStatus.FAILED:
            return _given_up(standing, CANCELED if deal.status is DealStatus.CANCELED else FAILED)
        case DealStatus.PENDING:
            return Ruling("", "nothing_new" if standing.status in (CREATED, SENT) else "came_late")
    return Ruling("", "unknown_status", alarms=True)


def _paid(standing: Standing, deal: Deal) -> Ruling:
    if standing.status in MONEY_IN:
        return Ruling("", "known") if _fits(standing, deal) else Ruling("", "other_sum_after_paid", alarms=True)
    if standing.status == NEEDS_REVIEW and standing.reason in NOT_WANTED and _fits(standing, deal):
        return Ruling("", "known")
    if deal.paid is None:
        return Ruling(NEEDS_REVIEW, "no_amount", alarms=True)
    if not _same_currency(standing, deal):
        return Ruling(NEEDS_REVIEW, "wrong_currency", alarms=True)
    if deal.paid != standing.amount:
        return Ruling(NEEDS_REVIEW, "wrong_amount", alarms=True)
    return Ruling(PAID, "paid")


def _partly_refunded(standing: Standing, deal: Deal) -> Ruling:
    if deal.refunded <= standing.refunded:
        return Ruling("", "known")
    if standing.status in MONEY_IN:
        return Ruling(PARTLY_REFUNDED, "part_refunded")
    # Of money that was not taken for the order: what is left of it still waits for a human.
    return Ruling(NEEDS_REVIEW, standing.reason or "part_refunded", alarms=not standing.reason)


def _partial(standing: Standing, deal: Deal) -> Ruling:
    if standing.status in MONEY_IN:
        return Ruling("", "came_late")
    if not _same_currency(standing, deal):
        return Ruling(NEEDS_REVIEW, "wrong_currency", alarms=True)
    if deal.paid is not None and deal.paid >= standing.amount:
        return Ruling(NEEDS_REVIEW, "partial_of_whole", alarms=True)
    if standing.status == PARTIAL and (deal.paid is None or deal.paid <= standing.paid):
        return Ruling("", "known")
    return Ruling(PARTIAL, "partial")


def _given_up(standing: Standing, status: str) -> Ruling:
    if standing.status in MONEY_IN:
        return Ruling("", f"{status}_after_paid", alarms=True)
    if standing.status == status:
        return Ruling("", "known")
    if standing.status in (PARTIAL, NEEDS_REVIEW):
        return Ruling(NEEDS_REVIEW, f"{status}_with_money", alarms=True)
    return Ruling(status, status)


def _fits(standing: Standing, deal: Deal) -> bool:
    return _same_currency(standing, deal) and deal.paid in (None, standing.amount)


def _same_currency(standing: Standing, deal: Deal) -> bool:
    """A provider that names no currency means the account's own, in which the order was made."""
    return deal.currency in ("", standing.currency)

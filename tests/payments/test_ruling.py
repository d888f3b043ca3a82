"""What each proven word does to a payment in each of its states, as one table."""

from decimal import Decimal

import pytest

from payments.facts import Deal, DealStatus
from payments.ruling import Ruling, Standing, rule

FULL, PART, MORE, LESS = Decimal("1990.00"), Decimal("990.00"), Decimal("1990.01"), Decimal("1989.99")
STATES = ("created", "sent", "partial", "paid", "refunded", "failed", "canceled", "needs_review")


def standing(status: str) -> Standing:
    """A payment of 1990 roubles, with 500 of them here where it is partly paid."""
    return Standing(status, FULL, "RUB", Decimal(500) if status == "partial" else Decimal(0))


def told(status: DealStatus, paid: Decimal | None = None, currency: str = "RUB") -> Deal:
    return Deal("1001", "NUMBER", status, paid, currency)


# state -> (verdict of the whole sum, of a part, of a refund, of a cancellation, of "not paid yet")
TABLE = {
    "created": ("paid", "partial", "refunded", "canceled", "nothing_new"),
    "sent": ("paid", "partial", "refunded", "canceled", "nothing_new"),
    "partial": ("paid", "partial", "refunded", "canceled_with_money", "came_late"),
    "paid": ("known", "came_late", "refunded", "canceled_after_paid", "came_late"),
    "refunded": ("came_late", "came_late", "known", "came_late", "came_late"),
    "failed": ("paid", "partial", "refunded", "canceled", "came_late"),
    "canceled": ("paid", "partial", "refunded", "known", "came_late"),
    "needs_review": ("paid", "partial", "refunded", "canceled_with_money", "came_late"),
}
MOVES = {"paid": "paid", "partial": "partial", "refunded": "refunded", "canceled": "canceled"}
MOVES["canceled_with_money"] = "needs_review"


@pytest.mark.parametrize("state", STATES)
def test_every_state_hears_every_word(state: str) -> None:
    words = (
        told(DealStatus.PAID, FULL),
        told(DealStatus.PARTIAL, PART),
        told(DealStatus.REFUNDED),
        told(DealStatus.CANCELED),
        told(DealStatus.PENDING),
    )
    rulings = [rule(standing(state), word) for word in words]
    assert tuple(ruling.verdict for ruling in rulings) == TABLE[state]
    assert [ruling.status for ruling in rulings] == [MOVES.get(verdict, "") for verdict in TABLE[state]]


@pytest.mark.parametrize(
    ("deal", "verdict"),
    [
        (told(DealStatus.PAID, MORE), "wrong_amount"),
        (told(DealStatus.PAID, LESS), "wrong_amount"),
        (told(DealStatus.PAID, Decimal(0)), "wrong_amount"),
        (told(DealStatus.PAID, None), "no_amount"),
        (told(DealStatus.PAID, FULL, "USD"), "wrong_currency"),
        (told(DealStatus.PARTIAL, PART, "USD"), "wrong_currency"),
        (told(DealStatus.PARTIAL, FULL), "partial_of_whole"),
    ],
)
def test_money_that_does_not_fit_to_the_kopeck_goes_to_a_human(deal: Deal, verdict: str) -> None:
    assert rule(standing("sent"), deal) == Ruling("needs_review", verdict, alarms=True)


def test_a_provider_that_names_no_currency_means_its_own() -> None:
    assert rule(standing("sent"), told(DealStatus.PAID, FULL, "")).status == "paid"


def test_a_part_that_is_not_more_than_before_is_known_and_a_larger_one_counts() -> None:
    assert rule(standing("partial"), told(DealStatus.PARTIAL, Decimal(500))).verdict == "known"
    assert rule(standing("partial"), told(DealStatus.PARTIAL, Decimal(400))).verdict == "known"
    assert rule(standing("partial"), told(DealStatus.PARTIAL, None)).verdict == "known"
    assert rule(standing("partial"), told(DealStatus.PARTIAL, Decimal(900))).status == "partial"


def test_what_contradicts_a_paid_order_changes_nothing_and_is_shown() -> None:
    assert rule(standing("paid"), told(DealStatus.PAID, LESS)) == Ruling("", "other_sum_after_paid", alarms=True)
    assert rule(standing("paid"), told(DealStatus.FAILED)) == Ruling("", "failed_after_paid", alarms=True)
    assert rule(standing("sent"), told(DealStatus.UNKNOWN)) == Ruling("", "unknown_status", alarms=True)

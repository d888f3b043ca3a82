"""The words for codes of the till: why a payment waits for a human, and what became of a notice."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

VERDICTS: Mapping[str, Any] = {
    "": _("not looked at yet"),
    "paid": _("the order is paid"),
    "partial": _("a part has come"),
    "refunded": _("the money went back"),
    "part_refunded": _("a part of the money went back"),
    "paid_late": _("paid after the order had expired or was canceled"),
    "paid_twice": _("the order was paid twice"),
    "refund_failed": _("the refund failed"),
    "refund_by_hand": _("to be given back by hand in the provider's cabinet"),
    "order_canceled": _("the order was canceled"),
    "at_the_counter": _("at the counter's wish"),
    "canceled": _("the order is canceled"),
    "failed": _("the payment failed"),
    "known": _("nothing new"),
    "nothing_new": _("not paid yet"),
    "came_late": _("came late, changed nothing"),
    "hint": _("waits to be read back"),
    "unconfirmed": _("cannot be confirmed: the keys of the API are not set"),
    "not_confirmed": _("the provider says otherwise"),
    "unknown_order": _("no order of ours has this number"),
    "unknown_status": _("a status we do not know"),
    "wrong_amount": _("another sum than the order's"),
    "no_amount": _("paid, but no sum was told"),
    "wrong_currency": _("another currency than the order's"),
    "partial_of_whole": _("a part as large as the whole"),
    "other_sum_after_paid": _("another sum after it was paid"),
    "canceled_after_paid": _("canceled after it was paid"),
    "failed_after_paid": _("failed after it was paid"),
    "canceled_with_money": _("canceled, though money has come"),
    "failed_with_money": _("failed, though money has come"),
    "second_deal": _("the same order was paid in a second deal"),
    "other_deal": _("about another deal of the same order"),
    "other_order": _("the deal belongs to another order"),
    "no_link": _("no link could be made"),
    "by_hand": _("declared by a person"),
}

STATUSES: Mapping[str, Any] = {
    "pending": _("not paid yet"),
    "partial": _("paid a part"),
    "paid": _("paid"),
    "refunded": _("refunded"),
    "part_refunded": _("partly refunded"),
    "canceled": _("canceled"),
    "failed": _("failed"),
    "unknown": _("an unknown word"),
}


def verdict_words(code: str) -> str:
    """Return the words for a code; an unknown one comes back as it is."""
    return str(VERDICTS.get(code, code))

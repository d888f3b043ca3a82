"""The nudge of the shop's worker: after the commit, there is work."""

from django.db import transaction

from bot.nudges import nudge

SHOP_TASK = "payments.tasks.tend_shop"


def wake() -> None:
    """After the commit: somebody has asked for an order, or something is to be given back."""
    transaction.on_commit(lambda: nudge(SHOP_TASK))

"""All that the shop does by itself: placing what was asked for, giving back, expiring, reminding. Found by the rows alone."""

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from payments.shop import holds, placing, reminding
from payments.shop.waking import SHOP_TASK as SHOP_TASK


def tend(clock: Callable[[], dt.datetime] = timezone.now) -> int:
    """Do what is due, in the order in which it helps the next: room first, then the orders that need it."""
    expired = reminding.expire(clock())
    returned = holds.give_back(clock())
    placed = placing.drain(clock)
    return expired + returned + placed + reminding.remind(clock()) + reminding.ask_for_reviews(clock())

"""Wake-up calls of the till: each is one call. Beat sends them too, so a lost nudge only costs seconds."""

from celery import shared_task
from django.utils import timezone

from bot.nudges import drop_guard
from payments import checking, linking, reconciling, refunding
from payments.giving_back import REFUND_TASK
from payments.ordering import LINK_TASK
from payments.shop import lateness, tending


@shared_task
def create_links() -> None:
    """Ask the providers for the links that are wanted."""
    drop_guard(LINK_TASK)
    while linking.create_links():
        pass


@shared_task
def check_payments() -> None:
    """Ask the providers how the deals stand that somebody asked about."""
    drop_guard(checking.CHECK_TASK)
    while checking.check_due():
        pass


@shared_task
def give_back() -> None:
    """Ask the providers for the refunds that are wanted."""
    drop_guard(REFUND_TASK)
    while refunding.give_back():
        pass


@shared_task
def reconcile() -> None:
    """Go one step on with the comparison against the providers' exports; look at what waits for money."""
    reconciling.reconcile()
    reconciling.look_again()


@shared_task
def tend_shop() -> None:
    """Place what guests have asked for, give back what given-up orders held, say what is due."""
    drop_guard(tending.SHOP_TASK)
    while tending.tend():
        pass


@shared_task
def watch_counter() -> None:
    """Tell the owner of orders that nobody accepts."""
    lateness.look(timezone.now())

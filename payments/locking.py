"""The order in which the till takes its locks: the ticket, then the payment, then the order.

A guest who cancels holds the ticket and asks for the money back; money that comes holds the payment and wants the ticket. Both
begin with the ticket, so they wait for each other and never both for both.
"""

from payments.models import Ticket


def lock_ticket(order_id: int) -> Ticket | None:
    """Lock and return the ticket of an order of the shop; None when the order is of something else."""
    rows = Ticket.objects.select_for_update(no_key=True, of=("self",)).filter(order=order_id)
    return rows.select_related("place", "order__chat__channel", "order__customer").first()

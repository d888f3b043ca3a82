"""The till's rows."""

from payments.models.account import Account
from payments.models.notice import Notice, SeenProof
from payments.models.order import Order, OrderItem
from payments.models.payment import Payment

__all__ = ["Account", "Notice", "Order", "OrderItem", "Payment", "SeenProof"]

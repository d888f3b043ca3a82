"""The till's rows."""

from payments.models.account import Account
from payments.models.barista import Barista
from payments.models.cart import CartRow, Checkout, Way
from payments.models.loyalty import LoyaltyEntry, LoyaltyProgram
from payments.models.notice import Notice, SeenProof
from payments.models.opinion import Favourite, Review
from payments.models.order import Order, OrderItem
from payments.models.payment import Payment
from payments.models.promo import Promo, PromoUse
from payments.models.refund import Refund
from payments.models.ticket import PickupSlot, StockHold, Ticket, TicketCounter

__all__ = [
    "Account",
    "Barista",
    "CartRow",
    "Checkout",
    "Favourite",
    "LoyaltyEntry",
    "LoyaltyProgram",
    "Notice",
    "Order",
    "OrderItem",
    "Payment",
    "PickupSlot",
    "Promo",
    "PromoUse",
    "Refund",
    "Review",
    "SeenProof",
    "StockHold",
    "Ticket",
    "TicketCounter",
    "Way",
]

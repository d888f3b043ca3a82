"""The back office of the till."""

from payments.admin import accounts, baristas, loyalty, notices, orders, payments, promos, refunds, reviews, tickets

__all__ = [
    "accounts",
    "baristas",
    "loyalty",
    "notices",
    "orders",
    "payments",
    "promos",
    "refunds",
    "reviews",
    "tickets",
]

"""The back office of the till."""

from payments.admin import accounts, loyalty, notices, orders, payments, promos, reviews, tickets

__all__ = ["accounts", "loyalty", "notices", "orders", "payments", "promos", "reviews", "tickets"]

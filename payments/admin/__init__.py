"""The back office of the till."""

from payments.admin import accounts, notices, orders, payments

__all__ = ["accounts", "notices", "orders", "payments"]

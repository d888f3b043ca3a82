"""The back office of the till."""

from payments.admin import accounts, baristas, notices, orders, payments

__all__ = ["accounts", "baristas", "notices", "orders", "payments"]

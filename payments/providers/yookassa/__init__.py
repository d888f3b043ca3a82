"""YooKassa: payments by its API, 54-FZ receipts, refunds; its notices are hints and are read back."""

from payments.providers.yookassa.provider import YooKassa

__all__ = ["YooKassa"]

"""The providers: one folder each. A new one is a new folder and one line here."""

from payments.providers.base import Bill, Link, Provider
from payments.providers.getcourse import GetCourse
from payments.providers.telegram import TelegramPayments
from payments.providers.yookassa import YooKassa

PROVIDERS: dict[str, Provider] = {"getcourse": GetCourse(), "telegram": TelegramPayments(), "yookassa": YooKassa()}


def provider_of(name: str) -> Provider:
    """Return the provider called `name`; raises `LookupError` with the known names."""
    try:
        return PROVIDERS[name]
    except KeyError:
        raise LookupError(f"no payment provider {name!r}; known: {', '.join(PROVIDERS)}") from None


__all__ = ["PROVIDERS", "Bill", "Link", "Provider", "provider_of"]

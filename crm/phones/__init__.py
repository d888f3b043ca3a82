"""Finds phone numbers in what people really type; pure, and the only folder that imports `phonenumbers`."""

from crm.phones.conversation import find_phones
from crm.phones.plans import check_contact, digits_key, is_region, readable
from crm.phones.values import REASON_TEXTS, Found, Reason

__all__ = ["REASON_TEXTS", "Found", "Reason", "check_contact", "digits_key", "find_phones", "is_region", "readable"]

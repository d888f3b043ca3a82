"""Where a number lives, as far as its code tells: the clock of who is rung."""

from functools import lru_cache

import phonenumbers
from phonenumbers import timezone


@lru_cache(maxsize=10_000)
def zone_of_number(e164: str) -> str | None:
    """Return the time zone of a number that lies in one only; a mobile good in all of Russia tells none."""
    try:
        zones = timezone.time_zones_for_number(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return None
    return str(zones[0]) if len(zones) == 1 and zones[0] != timezone.UNKNOWN_TIMEZONE else None

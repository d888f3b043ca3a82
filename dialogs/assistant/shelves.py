"""What the assistant may show: materials, products, bonuses and the FAQ of a scenario, read anew every few seconds."""

import logging
import time
from dataclasses import dataclass
from functools import lru_cache

from django.utils import timezone

from content.models import Bonus, BusinessProfile, Faq, Material, Product
from content.models.scoped import usable
from crm.booking import free_slots
from dialogs.safety.screening import screen

logger = logging.getLogger(__name__)
SLOTS_KNOWN = 40
FRESH_SECONDS = 5.0  # an edit in the admin is heard within this time


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one scenario has."""

    business: BusinessProfile
    materials: tuple[Material, ...]
    products: tuple[Product, ...]
    faqs: tuple[Faq, ...]
    has_bonus: bool
    slots: tuple[str, ...] = ()  # free times of a consultation, local

    @property
    def contacts(self) -> tuple[str, ...]:
        """What of the business may be named to anybody."""
        row = self.business
        links = (item.url for item in self.materials)
        return tuple(filter(None, (row.phone, row.email, row.website, row.privacy_url, *links)))


class Shelves:
    """The last reading of the tables in this process."""

    def __init__(self) -> None:
        self._read_at = float("-inf")
        self._shelves: dict[str, Shelf] = {}

    def of(self, scenario_key: str) -> Shelf:
        """Return what a scenario may use."""
        if time.monotonic() - self._read_at >= FRESH_SECONDS:
            self._shelves, self._read_at = {}, time.monotonic()
        if scenario_key not in self._shelves:
            self._shelves[scenario_key] = _read(scenario_key)
        return self._shelves[scenario_key]

    def forget(self) -> None:
        """Read again at the next request."""
        self._read_at = float("-inf")


def _read(scenario_key: str) -> Shelf:
    now = timezone.now()
    profiles = BusinessProfile.objects.filter(scenario_key__in=("", scenario_key)).order_by("-scenario_key")
    return Shelf(
        business=profiles.first() or BusinessProfile(),
        materials=tuple(
            item
            for item in usable(Material.objects.filter(is_active=True), scenario_key)
            if is_sayable(item.title, item.body)
        ),
        products=tuple(usable(Product.objects.courses().filter(is_active=True), scenario_key, name="code")),
        faqs=tuple(usable(Faq.objects.filter(is_active=True), scenario_key)),
        slots=tuple(f"{moment:%Y-%m-%dT%H:%M}" for moment in free_slots(now)[:SLOTS_KNOWN]),
        has_bonus=bool(usable(Bonus.objects.filter(is_active=True), scenario_key)),
    )


@lru_cache(maxsize=1024)
def is_sayable(title: str, body: str) -> bool:
    """Tell whether the safety rules would let a material be told; one they would not is not offered in the first place."""
    screening = screen(f"{title}. {body}")
    if not screening.is_allowed:
        logger.warning(
            "a material would be stopped by the safety rules", extra={"title": title, "rules": screening.rules}
        )
    return screening.is_allowed


shelves = Shelves()

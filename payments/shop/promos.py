"""Promo codes: may this guest use this one now, and the use itself."""

import datetime as dt
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q

from content.models import Place
from crm.models import Customer
from payments.models import Order, Promo, PromoUse
from payments.shop.rewards import Offer


@dataclass(frozen=True, slots=True)
class Standing:
    """A code as a guest may use it: what it takes off, else why not."""

    code: str = ""
    offer: Offer | None = None
    why: str = ""  # unknown, not_yet, over, used_up, used_by_guest
    promo: Promo | None = None


def tidy(text: str) -> str:
    """Return a code as it is kept, whatever the guest typed: "  spring-10 " is SPRING-10."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()[:40]


def find(text: str, customer: Customer, place: Place, now: dt.datetime) -> Standing:
    """Look a code up; what is found is no promise: `use` decides."""
    code = tidy(text)
    if not code:
        return Standing()
    promo = Promo.objects.usable_in(place.scenario_key).filter(code=code, is_active=True).first()
    if promo is None:
        return Standing(code, why="unknown")
    why = _why_not(promo, customer, now)
    return Standing(code, None if why else Offer(code, promo.kind, promo.value, promo.least_amount), why, promo)


def use(promo: Promo, order: Order, amount: Decimal) -> bool:
    """Count one use; False when the last one has gone meanwhile."""
    limit = Q(most_uses=None) | Q(used__lt=F("most_uses"))
    if not Promo.objects.filter(limit, pk=promo.pk).update(used=F("used") + 1):
        return False
    PromoUse.objects.create(promo=promo, customer=order.customer, order=order, amount=amount)
    return True


def give_back(order_id: int, now: dt.datetime) -> None:
    """Let the use of a given-up order be used again, once."""
    use_ = PromoUse.objects.filter(order=order_id, returned_at=None)
    if use_.update(returned_at=now):
        Promo.objects.filter(uses__order=order_id, used__gt=0).update(used=F("used") - 1)


def _why_not(promo: Promo, customer: Customer, now: dt.datetime) -> str:
    if promo.starts_at is not None and now < promo.starts_at:
        return "not_yet"
    if promo.ends_at is not None and now >= promo.ends_at:
        return "over"
    if promo.most_uses is not None and promo.used >= promo.most_uses:
        return "used_up"
    if promo.most_per_guest is not None:
        theirs = PromoUse.objects.filter(promo=promo, customer=customer, returned_at=None)
        if theirs.count() >= promo.most_per_guest:
            return "used_by_guest"
    return ""

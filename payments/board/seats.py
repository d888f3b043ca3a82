"""Who may stand at which board."""

from typing import Any

from django.db.models import QuerySet

from content.models import Place
from payments.models import Barista

WORK = "payments.work_board"


def places_of(user: Any) -> QuerySet[Place]:
    """Return the places whose board this user may work at, in the house's order."""
    if not user.is_active or not user.is_staff or not user.has_perm(WORK):
        return Place.objects.none()
    places = Place.objects.filter(is_active=True)
    own = Barista.objects.filter(user=user.pk).first()
    if own is None or not own.places.exists():
        return places
    return places.filter(baristas=own)


def name_of(user: Any) -> str:
    """Return who acts, as colleagues know them."""
    return str(user.get_full_name() or user.get_username())

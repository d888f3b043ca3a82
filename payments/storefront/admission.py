"""How often a page may knock, and whose session it shows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from bot.limits import client_address, seconds_to_wait
from payments.storefront import guests, tokens
from payments.storefront.guests import Visit
from payments.storefront.refusals import NotKnown, TooOften

# Knocks and seconds. An office of many guests shares one address; one guest tapping fast is still one guest.
PER_ADDRESS = {"session": (120, 60), "read": (1_200, 60), "write": (600, 60), "order": (120, 60)}
PER_GUEST = {"read": (240, 60), "write": (180, 60), "order": (20, 60)}


class GuestToken(HttpBearer):
    """`Authorization: Bearer …`, the token of a session of the channel in the path; the view gets a `Visit`."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Return the visit."""
        door = _door_of(request)
        admit_address(request, door)
        match = request.resolver_match
        channel_id = int(match.kwargs["channel_id"]) if match else 0
        session = tokens.read(channel_id, token)
        if session is None:
            raise NotKnown(guests.REOPEN)
        _limit(f"shop:{door}:guest:{channel_id}:{session.external_id}", PER_GUEST[door])
        return Visit(guests.channel_of(channel_id), session)


def admit_address(request: HttpRequest, door: str) -> None:
    """Count a knock of one address. Raises `TooOften`."""
    address = client_address(
        remote=request.META.get("REMOTE_ADDR", ""),
        forwarded_for=request.headers.get("X-Forwarded-For", ""),
        proxies=settings.TRUSTED_PROXIES,
    )
    _limit(f"shop:{door}:address:{address}", PER_ADDRESS[door])


def _door_of(request: HttpRequest) -> str:
    if request.method == "GET":
        return "read"
    return "order" if request.path.endswith("/orders") else "write"


def _limit(who: str, rule: tuple[int, int]) -> None:
    knocks, seconds = rule
    if wait := seconds_to_wait(who, limit=knocks, seconds=seconds):
        raise TooOften(f"Слишком часто. Попробуйте через {wait} с.", retry_after=wait)

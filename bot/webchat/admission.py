"""Who may pass the doors: a known widget, an allowed page, a visitor we named, and not too often."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from bot.limits import client_address, seconds_to_wait
from bot.models import Channel
from bot.webchat import tokens
from bot.webchat.origins import caller_origin, is_allowed
from bot.webchat.refusals import Refused

# Door -> (knocks, seconds) for one address and for one chat. An office of many visitors shares one address.
PER_ADDRESS = {
    "config": (240, 60),
    "session": (60, 60),
    "messages": (240, 60),
    "history": (600, 60),
    "typing": (240, 60),
    "stream": (240, 60),
}
PER_CHAT = {"messages": (30, 60), "history": (60, 60), "typing": (60, 60), "stream": (40, 60)}


@dataclass(frozen=True, slots=True)
class Knock:
    """The part of a request that admission looks at; header names in lower case."""

    key: str  # the widget's public key
    door: str
    headers: Mapping[str, str]
    remote: str  # the peer's address

    @property
    def origin(self) -> str:
        """The page's origin, empty when it cannot be told."""
        return caller_origin(
            origin=self.headers.get("origin", ""),
            referer=self.headers.get("referer", ""),
            host=self.headers.get("host", ""),
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """An admitted request."""

    channel: Channel
    key: str
    origin: str
    visitor: str = ""  # empty at the doors that need none


def find_channel(key: str) -> Channel:
    """Return the active site chat of a public key. Raises `Refused`."""
    channel = Channel.objects.filter(kind="webchat", options__public_key=key, is_active=True).first()
    if channel is None:
        raise Refused(404, "unknown_widget", "There is no widget with this key.")
    return channel


def admit_page(knock: Knock) -> Visit:
    """Let a page in by its origin. Raises `Refused`."""
    channel = find_channel(knock.key)
    if not is_allowed(knock.origin, channel.options.get("origins") or ()):
        raise Refused(403, "foreign_origin", "This site is not among the allowed origins of the widget.")
    return Visit(channel, knock.key, knock.origin)


def admit_address(knock: Knock) -> None:
    """Count a knock of one address. Raises `Refused` with 429."""
    address = client_address(
        remote=knock.remote,
        forwarded_for=knock.headers.get("x-forwarded-for", ""),
        proxies=settings.TRUSTED_PROXIES,
    )
    _limit(f"webchat:{knock.door}:address:{address}", PER_ADDRESS[knock.door])


def admit_visitor(knock: Knock, visit: Visit) -> Visit:
    """Let a visitor in by the token, and count the knock. Raises `Refused`."""
    visitor = tokens.read(knock.key, tokens.bearer(knock.headers.get("authorization", "")))
    if visitor is None:
        raise Refused(401, "unknown_visitor", "The token is missing or was not issued for this widget.")
    _limit(f"webchat:{knock.door}:chat:{visit.channel.pk}:{visitor}", PER_CHAT[knock.door])
    return Visit(visit.channel, visit.key, visit.origin, visitor)


def _limit(who: str, rule: tuple[int, int]) -> None:
    knocks, seconds = rule
    if wait := seconds_to_wait(who, limit=knocks, seconds=seconds):
        raise Refused(429, "too_often", f"Too many requests, try again in {wait} s.", retry_after=wait)

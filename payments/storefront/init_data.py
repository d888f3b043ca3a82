"""Is this really Telegram, and who opened the page? https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app

Signed with the token of the bot that opened the page: data of another bot, or of nobody, does not pass.
"""

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import parse_qsl

import orjson

from bot.messages import Person

MAX_BYTES = 8_192  # a name, a photo's address and two signatures take one
FRESH = dt.timedelta(hours=1)  # a page is opened and logs in at once; a copied address is worthless soon
AHEAD = dt.timedelta(minutes=5)  # how far our clock may lag behind Telegram's
MOST_DIGITS = 16


class NotProven(Exception):
    """The launch data is not Telegram's, is of another bot, or is too old."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Who opened the page. A private chat has the id of its person."""

    external_id: str
    person: Person


def check_init_data(data: str, *, token: str, now: dt.datetime) -> Guest:
    """Return who opened the page of the bot with `token`; raises `NotProven`."""
    pairs = _pairs(data)
    shown = pairs.pop("hash", "")
    if not token or not hmac.compare_digest(_hash(pairs, token).encode(), shown.encode()):
        raise NotProven("the hash does not match")
    _check_age(pairs.get("auth_date", ""), now)
    return _guest(pairs.get("user", ""))


def _pairs(data: str) -> dict[str, str]:
    if len(data.encode("utf-8", "replace")) > MAX_BYTES:
        raise NotProven("too long")
    try:
        given = parse_qsl(data, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=40)
    except ValueError as error:
        raise NotProven("not a query string") from error
    pairs = dict(given)
    if len(pairs) != len(given):
        raise NotProven("a field is given twice")
    return pairs


def _hash(pairs: dict[str, str], token: str) -> str:
    """Every field is signed but the hash itself; the list of fields depends on how the page was opened."""
    lines = "\n".join(f"{name}={pairs[name]}" for name in sorted(pairs))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return hmac.new(secret, lines.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _check_age(signed_at: str, now: dt.datetime) -> None:
    if not (signed_at.isascii() and signed_at.isdigit() and len(signed_at) <= MOST_DIGITS):
        raise NotProven("no time")
    age = now.timestamp() - int(signed_at)
    if not -AHEAD.total_seconds() <= age <= FRESH.total_seconds():
        raise NotProven("too old")


def _guest(raw: str) -> Guest:
    try:
        user = orjson.loads(raw)
        number = user["id"]
    except (ValueError, KeyError, TypeError) as error:
        raise NotProven("no user") from error
    if not isinstance(number, int) or isinstance(number, bool) or number <= 0:
        raise NotProven("no user")
    name = " ".join(str(user.get(part) or "") for part in ("first_name", "last_name")).strip()
    person = Person(name, str(user.get("username") or ""), str(user.get("language_code") or ""))
    return Guest(str(number), person)

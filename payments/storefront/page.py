"""`GET /shop/<channel>/`: the menu as a whole page, drawn here, so that it is read before any script runs.

The same bytes for every guest: nothing on it is personal, so it is made once for a state of the menu and kept in the process.
"""

import gzip
import hashlib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from urllib.parse import urlsplit

import orjson
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from bot.models import Channel
from content.menu.values import Menu
from content.menus import menu_of, places_of
from payments.money import shown
from payments.storefront import assets, guests, showing
from payments.storefront.admission import admit_address
from payments.storefront.refusals import NotThere, TooOften
from payments.storefront.schemas import MenuOut, ProductOut

TELEGRAM = ("https://web.telegram.org", "https://*.telegram.org")
_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
SOON = 8  # photos of the first screen are fetched at once, the others when they come near


@dataclass(frozen=True, slots=True)
class Page:
    """One drawn page."""

    plain: bytes
    zipped: bytes
    tag: str


@require_safe
@xframe_options_exempt  # its own policy says who may frame it
def show(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Show the shop to anybody; who it is is proven later, by the page."""
    try:
        admit_address(request, "read")
        channel = guests.channel_of(channel_id)
        place = guests.place_of(channel, request.GET.get("place", ""))
    except (NotThere, TooOften) as refused:
        response = HttpResponse(refused.message, status=refused.status, content_type="text/plain; charset=utf-8")
        if refused.retry_after:
            response["Retry-After"] = str(refused.retry_after)
        return response
    menu = menu_of(place, timezone.now())
    page = _page(channel.pk, menu.place, menu.version, assets.current().version, _Held(menu, channel.scenario_key))
    return _answer(request, page, channel)


def _answer(request: HttpRequest, page: Page, channel: Channel) -> HttpResponse:
    if page.tag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(page.zipped, headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(page.plain)
    response["ETag"] = page.tag
    response["Cache-Control"] = "no-cache"
    response["Content-Security-Policy"] = policy(channel)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def policy(channel: Channel) -> str:
    """Return what the page may load: its own origin, nothing else; and who may frame it: Telegram, and a bot's own server."""
    own = urlsplit(channel.api_url)
    frames = [
        *(TELEGRAM if channel.kind == "telegram" else ()),
        *([f"{own.scheme}://{own.netloc}"] if own.netloc else []),
    ]
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {' '.join(frames) or chr(39) + 'self' + chr(39)}",
        )
    )


@dataclass(frozen=True)
class _Held:
    """Carries a menu past the cache: the version beside it says whether it is the same."""

    menu: Menu
    scenario_key: str

    def __eq__(self, _other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=64)
def _page(channel_id: int, _place: str, _version: str, script: str, held: _Held) -> Page:
    places = places_of(held.scenario_key)
    data = showing.menu(held.menu, places)
    body = _spared(render_to_string("shop/page.html", _context(channel_id, script, data))).encode()
    digest = hashlib.sha256(body).hexdigest()[:20]
    return Page(body, gzip.compress(body, 9, mtime=0), f'"{digest}"')


def _context(channel_id: int, script: str, data: MenuOut) -> dict[str, object]:
    shelves = [
        {"shelf": shelf, "cards": [_card(data.products[code]) for code in shelf.products]} for shelf in data.shelves
    ]
    return {
        "menu": data,
        "shelves": shelves,
        "soon": set(list(data.products)[:SOON]),
        "data": orjson.dumps(data.model_dump(mode="json")).decode().translate(_ESCAPED),
        "modules": assets.current().modules,
        "script": script,
        "api": f"/shop/api/{channel_id}/",
    }


def _card(item: ProductOut) -> dict[str, object]:
    """Return what a card says beside the product's own words."""
    varies = any(option.price for group in item.groups for option in group.options)
    price = shown(Decimal(item.price) / 100, "RUB")
    return {
        "item": item,
        "price": f"от {price}" if varies else price,
        "is_low": item.can and item.left is not None and item.left <= showing.FEW,
    }


def _spared(text: str) -> str:
    """Return the page without the template's indents and empty lines."""
    return "\n".join(line for line in (row.strip() for row in text.splitlines()) if line)

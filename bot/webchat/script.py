"""`GET /chat/widget.js`: the one file a site embeds, compressed once a process, cached by its content."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

SOURCE = Path(__file__).with_name("widget.js")
FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=300, stale-while-revalidate=86400"


@dataclass(frozen=True, slots=True)
class Script:
    """The widget's bytes and the version they are known by."""

    plain: bytes
    zipped: bytes
    version: str


@cache
def _load(_changed_at: int) -> Script:
    plain = SOURCE.read_bytes()
    return Script(plain, gzip.compress(plain, 9, mtime=0), hashlib.sha256(plain).hexdigest()[:12])


def current() -> Script:
    """Return the widget; while developing, the file as it is now."""
    return _load(SOURCE.stat().st_mtime_ns if settings.DEBUG else 0)


def widget(request: HttpRequest) -> HttpResponse:
    """Serve the widget: `?v=<version>` is kept for ever, the plain address is asked again after five minutes."""
    script = current()
    etag = f'"{script.version}"'
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(script.zipped, headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(script.plain)
    response["Content-Type"] = "text/javascript; charset=utf-8"
    response["ETag"] = etag
    response["Cache-Control"] = FOREVER if request.GET.get("v") == script.version else BRIEFLY
    response["Access-Control-Allow-Origin"] = "*"  # public code; lets a page pin it with `integrity`
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response

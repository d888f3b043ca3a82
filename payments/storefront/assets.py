"""The page's script and style, served from one folder whose name is the hash of all of it: kept for ever, never stale."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

FOLDER = Path(__file__).with_name("page")
TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
FOREVER = "public, max-age=31536000, immutable"
_REMARK = re.compile(r"(^|\s)//\s.*$|\s*/\*.*?\*/")
# A text in quotes is one piece and stays as it is. Elsewhere blanks around these signs mean nothing; neither does the end of a
# line where a statement cannot end, nor a semicolon or a comma before a closing bracket.
_TEXT = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)"""
_SCRIPT = re.compile(_TEXT + r"|[ ]*([=?:,;{}()|&<>*!]+)[ ]*")
_LINES = re.compile(_TEXT + r"|([;{(\[,])\n|\n(?=[})\].?:&|])|[;,](?=\n?[})\]])")
_STYLE = re.compile(r"""("[^"]*")|\s*([{};,>])\s*|(:)\s+""")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    plain: bytes
    zipped: bytes
    kind: str


@dataclass(frozen=True, slots=True)
class Assets:
    """All files, and the version they are known by together."""

    files: dict[str, Asset]
    version: str

    @property
    def modules(self) -> list[str]:
        """The names of the script's files; the page asks for all at once."""
        return [name for name in self.files if name.endswith(".js")]


@cache
def _load(_changed_at: int) -> Assets:
    files = {path.name: _asset(path) for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}
    digest = hashlib.sha256()
    for name, asset in files.items():
        digest.update(name.encode() + asset.plain)
    return Assets(files, digest.hexdigest()[:12])


def _asset(path: Path) -> Asset:
    plain = spared(path.read_text(encoding="utf-8"), is_style=path.suffix == ".css").encode()
    return Asset(plain, gzip.compress(plain, 9, mtime=0), TYPES[path.suffix])


def spared(text: str, *, is_style: bool) -> str:
    """Return the file without the blanks and remarks that only its authors need."""
    rows = (_REMARK.sub("", line.strip()) for line in text.splitlines())
    kept = "\n".join(row for row in rows if row)
    for pattern in (_STYLE,) if is_style else (_SCRIPT, _LINES):
        kept = pattern.sub(lambda found: "".join(part or "" for part in found.groups()), kept)
    return kept


def current() -> Assets:
    """Return the files; while developing, as they are now."""
    return _load(max(path.stat().st_mtime_ns for path in FOLDER.iterdir()) if settings.DEBUG else 0)


def serve(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """Serve one file. A page drawn by another release still gets its script: ours, but not for ever."""
    assets = current()
    asset = assets.files.get(name)
    if asset is None:
        raise Http404
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(asset.zipped, headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(asset.plain)
    response["Content-Type"] = asset.kind
    response["Cache-Control"] = FOREVER if version == assets.version else "no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response

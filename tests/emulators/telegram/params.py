"""Reading a Bot API request: query string, form, multipart or JSON, with numbers as strings and JSON inside strings."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from .refusals import bad_request


@dataclass(slots=True)
class Upload:
    """One file of a multipart body."""

    name: str
    data: bytes
    mime_type: str


@dataclass(slots=True)
class Params:
    """What was asked, by field; every reader accepts the looser spellings the real server accepts."""

    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Say whether the field was given at all (an empty string counts)."""
        return name in self.values

    def text(self, name: str, default: str = "") -> str:
        """Return the field as a string; numbers become their digits."""
        value = self.values.get(name, default)
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        """Return the field as a number, or the default when it is absent or is none (the server does the same)."""
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        """Return whether the field says yes."""
        return str(self.values.get(name, "")).strip().lower() in {"true", "yes", "1"}

    def nested(self, name: str) -> Any:
        """Return a nested value, decoding it when it came as JSON inside a string; None when absent or empty."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None


async def read_params(request: web.Request) -> Params:
    """Read all four places a parameter may stand in; the body wins over the query string."""
    params = Params(dict(request.query))
    if request.method == "POST":
        await _read_body(request, params)
    return params


async def _read_body(request: web.Request, params: Params) -> None:
    if request.content_type == "application/json":
        body = await request.read()
        try:
            decoded = json.loads(body or b"{}")
        except ValueError:
            raise bad_request("can't parse request: not a valid JSON object") from None
        if not isinstance(decoded, dict):
            raise bad_request("can't parse request: JSON object expected")
        params.values.update({name: value for name, value in decoded.items() if value is not None})
        return
    for name, value in (await request.post()).items():
        if isinstance(value, FileField):
            params.uploads[name] = Upload(value.filename, value.file.read(), value.content_type)
        else:
            params.values[name] = value.decode() if isinstance(value, bytes | bytearray) else value

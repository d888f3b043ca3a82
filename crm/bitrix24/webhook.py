"""The incoming webhook's address: a password in the shape of a URL, so it is kept from logs, errors and `repr`."""

import re
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

_CODE_IN_PATH = re.compile(r"(/rest/(?:api/)?\d+/)[^/\s\"'?#]+")
_PATH = re.compile(r"(?P<prefix>.*)/rest/(?P<user>\d+)/(?P<code>[^/]+)/?")


class BadWebhookUrl(ValueError):
    """The address is not `https://portal/rest/<user id>/<code>/`; the message says which part is missing."""


def redact(text: str) -> str:
    """Return `text` with the secret code of any webhook address in it hidden."""
    return _CODE_IN_PATH.sub(r"\1***", text)


@dataclass(frozen=True, slots=True)
class Webhook:
    """One portal's address as an employee's incoming webhook.

    https://apidocs.bitrix24.com/local-integrations/local-webhooks.html
    """

    origin: str
    user_id: int
    code: str = field(repr=False)

    @classmethod
    def parse(cls, url: str) -> Self:
        """Return the parts of `url`; raises `BadWebhookUrl`, without the code in its text."""
        parts = urlsplit(url.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadWebhookUrl("the webhook address must begin with https:// and the portal's name")
        path = _PATH.fullmatch(parts.path)
        if path is None:
            raise BadWebhookUrl("the webhook address must end in /rest/<user id>/<code>/")
        return cls(f"{parts.scheme}://{parts.netloc}{path['prefix']}", int(path["user"]), path["code"])

    @property
    def portal(self) -> str:
        """The name the request limits are counted by: host and port."""
        return urlsplit(self.origin).netloc

    def method_url(self, method: str) -> str:
        """Return the address that calls `method`; a secret, never to be shown."""
        return f"{self.origin}/rest/{self.user_id}/{self.code}/{method}.json"

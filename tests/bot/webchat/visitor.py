"""A visitor of a site, as the widget speaks for them."""

from typing import Any

from django.test import Client

from bot.models import Channel
from bot.webchat import tokens

ORIGIN = "https://okna.example"


class Visitor:
    """Posts and reads through the doors with a token of its own."""

    def __init__(self, client: Client, site: Channel) -> None:
        self.client = client
        self.channel = site
        self.path = f"/chat/{site.options['public_key']}"
        self.token = self.post("session", {}, token="").json()["token"]

    @property
    def external_id(self) -> str:
        visitor = tokens.read(self.channel.options["public_key"], self.token)
        assert visitor is not None
        return visitor

    def post(self, door: str, body: Any, *, token: str | None = None, origin: str = ORIGIN, **extra: Any) -> Any:
        return self.client.post(
            f"{self.path}/{door}",
            body,
            content_type="application/json",
            headers=self._headers(token, origin),
            **extra,
        )

    def get(self, door: str, *, token: str | None = None, origin: str = ORIGIN, **query: Any) -> Any:
        return self.client.get(f"{self.path}/{door}", query, headers=self._headers(token, origin))

    def say(self, text: str, client_id: str = "c1") -> Any:
        return self.post("messages", {"id": client_id, "kind": "text", "text": text})

    def history(self, **query: Any) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.get("messages", **query).json()["items"]
        return items

    def _headers(self, token: str | None, origin: str) -> dict[str, str]:
        token = self.token if token is None else token
        headers = {"Origin": origin} if origin else {}
        return headers | ({"Authorization": f"Bearer {token}"} if token else {})

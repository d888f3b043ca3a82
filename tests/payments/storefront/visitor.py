"""What the page does, done by hand: opens a session, fills the cart, orders."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.utils import timezone

from bot.models import Channel
from tests.emulators.telegram.init_data import sign_init_data

TOKEN = "424242:TEST-token-for-fixtures"


@dataclass
class Shop:
    """The doors of one channel's shop, and one guest at them."""

    channel: Channel
    client: Client = field(default_factory=Client)
    token: str = ""

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None, **headers: str) -> Any:
        """Knock; return the response."""
        known = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.client.generic(
            method,
            f"/shop/api/{self.channel.pk}/{path}",
            data=_json(body) if body is not None else b"",
            content_type="application/json",
            headers=known | headers,
        )

    def answer(self, method: str, path: str, body: dict[str, Any] | None = None, *, status: int = 200) -> Any:
        """Knock and return what is answered, which must be `status`."""
        response = self.ask(method, path, body)
        assert response.status_code == status, response.content.decode()
        return response.json()

    def enters(self, user_id: int = 777, *, name: str = "Анна", at: dt.datetime | None = None) -> "Shop":
        """Open the page in Telegram."""
        user = {"id": user_id, "first_name": name, "language_code": "ru"}
        data = sign_init_data(TOKEN, user, auth_date=int((at or timezone.now()).timestamp()))
        self.token = self.answer("POST", "session", {"init_data": data}, status=201)["token"]
        return self

    def puts(self, product: str, *options: str, quantity: int = 1, status: int = 200) -> Any:
        """Want so many of a product in the cart."""
        line = {"place": "lenina", "product": product, "options": list(options), "quantity": quantity}
        return self.answer("PUT", "cart/line", line, status=status)

    def checks_out(self, **filled_in: Any) -> Any:
        """Ask what it comes to."""
        return self.answer("PUT", "checkout", {"place": "lenina", **filled_in})

    def wish(self, *, key: str = "wish-0001", **more: Any) -> dict[str, Any]:
        """Return the order of what is seen now."""
        quote = self.checks_out(pickup_at=more.get("pickup_at"), use_loyalty=more.get("use_loyalty", False))
        known = {"key": key, "place": "lenina", "expected": quote["expected"], "name": "Анна", "way": "counter"}
        return {**known, "promo": quote["promo"]["code"], **more}

    def orders(self, *, status: int = 201, **more: Any) -> Any:
        """Order what is seen now."""
        return self.answer("POST", "orders", self.wish(**more), status=status)


def open_shop(kind: str) -> Shop:
    """Open the shop of a channel of this kind."""
    credentials = {"token": TOKEN} if kind == "telegram" else {}
    options = {"public_key": "coffee", "origins": ["http://testserver"]} if kind == "webchat" else {}
    return Shop(Channel.objects.create(kind=kind, title="Кофе рядом", credentials=credentials, options=options))


def _json(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()

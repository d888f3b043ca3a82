"""Customers as they are outside: each writes and reads only through their own messenger, never through our tables."""

import itertools
from abc import ABC, abstractmethod
from typing import Any

import httpx

from bot.models import Chat
from crm.models import Lead, Manager
from tests.emulators.bitrix24.store import Row
from tests.journeys.house import ORIGIN, TOKEN, House


class Customer(ABC):
    """Somebody who writes to us. `writes` only writes; `says` also lets the house do all its work."""

    def __init__(self, house: House, name: str) -> None:
        self.house = house
        self.name = name

    @abstractmethod
    def writes(self, text: str) -> None:
        """Send one message."""

    @property
    @abstractmethod
    def heard(self) -> list[str]:
        """What we said to them, as they see it, oldest first."""

    @property
    @abstractmethod
    def chat(self) -> Chat:
        """Our row of their window."""

    def says(self, *texts: str) -> str:
        """Write, let the house answer, and return the last answer."""
        for text in texts:
            self.writes(text)
        self.house.settle()
        return self.heard[-1] if self.heard else ""

    @property
    def lead(self) -> Lead:
        """Our lead of theirs, read anew."""
        return self.house.lead_in(self.chat)

    @property
    def manager(self) -> Manager:
        """Whose lead it is now."""
        manager = self.lead.manager
        assert manager is not None, f"{self.name}'s lead has no manager"
        return manager

    @property
    def card(self) -> Row:
        """Their lead as people see it in the portal, with `phones`."""
        return self.house.portal.lead(self.lead.remote.remote_id)

    @property
    def timeline(self) -> list[str]:
        """The comments on their lead in the portal."""
        return self.house.portal.timeline(self.lead.remote.remote_id)


class TelegramCustomer(Customer):
    """Somebody in Telegram."""

    def __init__(self, house: House, name: str = "Анна", *, user_id: int = 777, token: str = TOKEN) -> None:
        super().__init__(house, name)
        self.user_id, self.token = user_id, token

    def writes(self, text: str) -> None:
        self.house.telegram.user_says(self.token, self.user_id, text, first_name=self.name)

    def presses(self, label: str) -> str:
        """Press the newest button with this label."""
        self.house.telegram.presses(self.token, self.user_id, None, label)
        self.house.settle()
        return self.heard[-1]

    def forges(self, data: str) -> str:
        """Press what is not there: a very old button, or one of a changed client."""
        self.house.telegram.presses(self.token, self.user_id, None, data, forged=True)
        self.house.settle()
        return self.heard[-1]

    @property
    def labels(self) -> list[str]:
        """The buttons of the newest message that has any."""
        said = self.house.telegram.said(self.token, self.user_id)
        return next((message.labels for message in reversed(said) if message.labels), [])

    @property
    def heard(self) -> list[str]:
        return [message.text for message in self.house.telegram.said(self.token, self.user_id)]

    @property
    def chat(self) -> Chat:
        return Chat.objects.get(channel=self.house.bots[self.token], external_id=str(self.user_id))


class SiteVisitor(Customer):
    """Somebody in the chat on the site, as the widget speaks for them."""

    def __init__(self, house: House, name: str = "") -> None:
        super().__init__(house, name)
        key = house.site.options["public_key"]
        self._http = httpx.Client(base_url=f"{house.url}/chat/{key}/", headers={"Origin": ORIGIN}, trust_env=False)
        self._token = self._call("POST", "session", {}).json()["token"]
        self._ids = itertools.count(1)

    def starts(self, **utm: str) -> None:
        """Open the page with the widget."""
        page = {"url": f"{ORIGIN}/", "title": "Окна", "utm": utm}
        self._post({"kind": "start", "page": page, "lang": "ru"})
        self.house.settle()

    def writes(self, text: str) -> None:
        self._post({"kind": "text", "text": text})

    def presses(self, label: str) -> str:
        """Press the newest button with this label."""
        rows = [button for item in self.items for row in item.get("buttons", ()) for button in row]
        pressed = next(button for button in reversed(rows) if button["text"] == label)
        self._post({"kind": "press", "data": pressed["data"], "text": label})
        self.house.settle()
        return self.heard[-1]

    @property
    def items(self) -> list[dict[str, Any]]:
        """The history as the widget draws it."""
        items: list[dict[str, Any]] = self._call("GET", "messages").json()["items"]
        return items

    @property
    def heard(self) -> list[str]:
        return [item["text"] for item in self.items if item["role"] != "user"]

    @property
    def chat(self) -> Chat:
        return Chat.objects.get(channel=self.house.site, external_id=self._token.partition(".")[0])

    def close(self) -> None:
        """Leave the site."""
        self._http.close()

    def post_raw(self, body: dict[str, Any]) -> httpx.Response:
        """Post anything to the messages door."""
        return self._call("POST", "messages", body)

    def _post(self, body: dict[str, Any]) -> None:
        answer = self.post_raw({"id": f"c{next(self._ids)}", **body})
        assert answer.status_code == 201, answer.text

    def _call(self, method: str, door: str, body: Any = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token}"} if hasattr(self, "_token") else {}
        return self._http.request(method, door, json=body, headers=headers)


class LineClient(Customer):
    """Somebody who writes to an open line of the portal from any messenger."""

    def __init__(
        self, house: House, name: str = "Олег Смирнов", *, connector: str = "vkgroup", user: str = "77"
    ) -> None:
        super().__init__(house, name)
        self.connector, self.user = connector, user
        self.chat_id, self.user_code, self.lead_id = 0, "", 0

    def writes(self, text: str) -> None:
        said = self.house.portal.client_says(self.connector, 1, self.user, text, name=self.name)
        self.chat_id, self.user_code, self.lead_id = said.chat_id, said.user_code, said.lead_id

    @property
    def heard(self) -> list[str]:
        return [str(row["text"]) for row in self.house.portal.outbox(self.user_code) if row["by"] == "bot"]

    @property
    def chat(self) -> Chat:
        return Chat.objects.get(channel=self.house.row.channel, external_id=str(self.chat_id))

    @property
    def card(self) -> Row:
        return self.house.portal.lead(self.lead_id)

    @property
    def timeline(self) -> list[str]:
        return self.house.portal.timeline(self.lead_id)

"""The emulator as a server: faults to order, people who work in YClients itself, webhooks that are sent when asked."""

import datetime as dt
from typing import Any

import httpx
from aiohttp import web

from ..server import Emulator, Fault, Faults, fault_middleware
from .api import Api, Limits
from .company import Company, Record


class YclientsServer(Emulator):
    """One company. News of records wait in `news` until `tell` sends them, so that a test says when they come."""

    def __init__(self, company: Company | None = None, *, port: int = 0) -> None:
        self.company = company or Company()
        self.limits = Limits()
        self.faults = Faults()
        self.news: list[dict[str, Any]] = []
        self.api = Api(self.company, self.limits, self._note)
        app = web.Application(middlewares=[fault_middleware(self.faults), self.api.guard])
        app.add_routes(self.api.routes())
        super().__init__(app, port=port)

    @property
    def api_url(self) -> str:
        """What stands in place of https://api.yclients.com/api/v1."""
        return f"{self.url}/api/v1"

    def order(self, fault: Fault) -> None:
        """Let something go wrong."""
        self.faults.order(fault)

    def calls_of(self, method: str, part: str) -> int:
        """Return how many calls of a kind came."""
        return sum(known == method and part in path for known, path in self.api.calls)

    # --- people who work in YClients itself

    def guest_books(self, starts_at: dt.datetime, phone: str = "79990000000") -> Record:
        """Somebody calls the company and is written down."""
        record = self.company.book(phone=phone, name="Гость", starts_at=starts_at, staff_id=0, api_id="")
        self._note(record, "create")
        return record

    def administrator_moves(self, record_id: int, starts_at: dt.datetime) -> None:
        """The company's administrator moves a record."""
        self._note(self.company.move(record_id, starts_at), "update")

    def administrator_deletes(self, record_id: int) -> None:
        """… or deletes it."""
        record = self.company.find(record_id)
        record.deleted = True
        self._note(record, "delete")

    def administrator_marks(self, record_id: int, attendance: int) -> None:
        """… or notes who came (1), did not (-1), will (2)."""
        record = self.company.find(record_id)
        record.attendance = attendance
        self._note(record, "update")

    def tell(self) -> list[int]:
        """Send the news that wait to every hook; return the answers."""
        news, self.news = self.news, []
        return [httpx.post(url, json=item, trust_env=False).status_code for item in news for url in self.company.hooks]

    def _note(self, record: Record, status: str) -> None:
        item = {
            "company_id": self.company.id,
            "resource": "record",
            "resource_id": record.id,
            "status": status,
            "data": {},
        }
        self.news.append(item)

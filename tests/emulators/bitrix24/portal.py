"""The portal itself: its memory, clock, limits, events and rights, and the one way a call goes through them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.emulators.bitrix24.batch import run_batch
from tests.emulators.bitrix24.clock import Clock
from tests.emulators.bitrix24.events import EventQueue
from tests.emulators.bitrix24.limits import Limits
from tests.emulators.bitrix24.methods import METHODS, Auth, Call, Method, Page, RestError
from tests.emulators.bitrix24.store import Row, Store

SCOPES = frozenset({"crm", "im", "imbot", "imopenlines", "user", "department", "timeman"})


@dataclass(slots=True)
class Seen:
    """One call the portal answered: `outcome` is "ok" or the error code (its words when the code is empty)."""

    method: str
    params: dict[str, Any]
    time: float
    outcome: str
    status: int = 200
    in_batch: bool = False


@dataclass
class Portal:
    """Everything a caller may meet. `user_id` is whom the webhook acts as; `..._status` are disputed HTTP statuses."""

    path: Path | None = None
    webhook_code: str = "v4b8k2m9x7q1w3e5"
    application_token: str = "51856fefc120afa4b628cc82d3935cce"
    access_token: str = "app-access-token"
    user_id: int = 1
    scopes: frozenset[str] = SCOPES
    require_https: bool = False
    invalid_credentials_status: int = 401
    insufficient_scope_status: int = 401
    is_paid: bool = True
    is_token_expired: bool = False
    calls: list[Seen] = field(default_factory=list)
    due: list[Callable[[Portal], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = Store(self.path)
        self.clock = Clock()
        self.limits = Limits(self.clock)
        self.events = EventQueue(self.store, self.clock)
        self.clock.watchers.append(self.tick)

    @property
    def settings(self) -> Row:
        """Portal settings that survive a restart."""
        return self.store.settings

    @property
    def crm_mode(self) -> int:
        """1 with leads, 2 without (each new lead becomes a deal at once)."""
        return int(self.settings.get("crm_mode", 1))

    @crm_mode.setter
    def crm_mode(self, mode: int) -> None:
        self.settings["crm_mode"] = mode

    def emit(self, event: str, data: Row) -> None:
        """Tell the subscribers."""
        self.events.emit(event, data)

    def tick(self) -> None:
        """Do what is due by the clock."""
        with self.store.lock:
            for act in self.due:
                act(self)

    def answer(self, name: str, params: Row, auth: Auth) -> Row:
        """Answer one HTTP request: count it against the bucket, then run it (or its batch). Raises RestError."""
        with self.store.lock:
            self.tick()
            try:
                if not self.is_paid:
                    raise RestError("ACCESS_DENIED", "REST is available only on commercial plans.", status=403)
                self.limits.enter(auth.address, name)
            except RestError as error:
                self._note(name, params, error.code, error.status, in_batch=False)
                raise
            return self.run(name, params, auth)

    def run(self, name: str, params: Row, auth: Auth, *, in_batch: bool = False) -> Row:
        """Run one method and return the whole body of the answer. Raises RestError."""
        started = time.perf_counter()
        at = self.clock.time()
        try:
            reply = self._result(name, params, auth)
        except RestError as error:
            self._note(name, params, error.code or error.description, error.status, in_batch=in_batch)
            raise
        self._note(name, params, "ok", 200, in_batch=in_batch)
        body: Row = {"result": reply.result}
        if reply.next is not None:
            body["next"] = reply.next
        if reply.total is not None:
            body["total"] = reply.total
        return body | {"time": self._time(name, auth, at, time.perf_counter() - started)}

    def _result(self, name: str, params: Row, auth: Auth) -> Page:
        if name.lower() == "batch":
            return Page(run_batch(self, auth, params))
        found = self._allowed(name, auth)
        self.limits.check_operating(auth.key, name)
        result = found.handler(Call(self, auth, params, found.exact))
        return result if isinstance(result, Page) else Page(result)

    def _allowed(self, name: str, auth: Auth) -> Method:
        found = METHODS.get(name.lower())
        if found is None:
            raise RestError("ERROR_METHOD_NOT_FOUND", "Method not found!", status=404)
        if found.scopes and auth.scopes.isdisjoint(found.scopes):
            words = "The request requires higher privileges than provided by the webhook token"
            raise RestError("insufficient_scope", words, status=self.insufficient_scope_status)
        if found.app_only and not auth.is_app:
            raise RestError("WRONG_AUTH_TYPE", "Current authorization type is denied for this method", status=403)
        return found

    def _time(self, name: str, auth: Auth, at: float, seconds: float) -> Row:
        is_batch = name.lower() == "batch"
        spent = seconds if is_batch else self.limits.spend(auth.key, name, seconds)
        iso = self.clock.iso()
        shown: Row = {"start": at, "finish": at + spent, "duration": spent, "processing": spent}
        shown |= {"date_start": iso, "date_finish": iso}
        return shown if is_batch else shown | self.limits.describe(auth.key, name)

    def _note(self, name: str, params: Row, outcome: str, status: int, *, in_batch: bool) -> None:
        self.calls.append(Seen(name, params, self.clock.time(), outcome, status, in_batch))

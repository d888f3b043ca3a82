"""The protocol of YClients: one method a call, typed answers, typed errors. https://developers.yclients.com/ru/

Online booking wants the partner's token; the back office wants the user's, too. At most 5 requests a second and 200 a minute
from one address, counted before sending over all our processes.
"""

import datetime as dt
import logging
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

from crm.bitrix24.limiter import Budget, Limiter, NoRoom, Priority
from crm.yclients import errors

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 15.0
BUDGET = Budget(burst=5, per_second=3.0, background_share=0.8)  # 180 a minute of the 200 allowed
ACCEPT = "application/vnd.yclients.v2+json"
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
_HASH = re.compile(r"(/user/records/\d+)/[^/\s\"]+")
DAYS_LOOKED_AT = 6  # days with free times whose times are asked for: one request each
PAGE, PAGES = 100, 10


@dataclass(frozen=True, slots=True)
class Access:
    """Where to ask, and with what right."""

    api_url: str
    company_id: int
    partner: str
    user: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who comes for what and when."""

    service_id: int
    staff_id: int
    starts_at: dt.datetime
    phone: str  # E.164
    name: str
    email: str = ""
    api_id: str = ""  # our own id: by it the record is found again
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as YClients has it."""

    id: int
    starts_at: dt.datetime | None
    api_id: str = ""
    attendance: int = 0  # 2 confirmed, 1 came, 0 waiting, -1 did not come
    is_deleted: bool = False


class Yclients:
    """One company."""

    def __init__(
        self,
        access: Access,
        *,
        http: httpx.Client,
        limiter: Limiter,
        budget: Budget = BUDGET,
        patience: float = 0.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.access = access
        self.http = http
        self.limiter = limiter
        self.budget = budget
        self.patience = patience  # seconds one call waits for room before it gives way
        self.sleep = sleep

    # --- online booking

    def free_times(self, service_id: int, staff_id: int, until: dt.date) -> list[dt.datetime]:
        """Return the free times of the next days, soonest first; as many requests as days, plus one."""
        query = {"service_ids[]": service_id, **({"staff_id": staff_id} if staff_id else {})}
        dates = self._read(f"/book_dates/{self.access.company_id}", query)["booking_dates"]
        days = sorted(day for day in map(dt.date.fromisoformat, dates) if day <= until)[:DAYS_LOOKED_AT]
        return [moment for day in days for moment in self.times_of(service_id, staff_id, day)]

    def times_of(self, service_id: int, staff_id: int, day: dt.date) -> list[dt.datetime]:
        """Return the free times of one day."""
        path = f"/book_times/{self.access.company_id}/{staff_id}/{day.isoformat()}"
        seances = self._read(path, {"service_ids[]": service_id})
        return [dt.datetime.fromisoformat(seance["datetime"]) for seance in seances]

    def book(self, visit: Visit) -> tuple[int, str]:
        """Make a record; return its id and the hash by which it can be canceled. Raises `Busy` when the time is taken."""
        appointment = {"id": 1, "services": [visit.service_id], "staff_id": visit.staff_id}
        body = {
            "phone": visit.phone.removeprefix("+"),
            "fullname": visit.name,
            "email": visit.email,
            "comment": visit.comment,
            "api_id": visit.api_id,
            "appointments": [{**appointment, "datetime": visit.starts_at.isoformat()}],
        }
        made = self._write("POST", f"/book_record/{self.access.company_id}", body)[0]
        return int(made["record_id"]), str(made["record_hash"])

    def move(self, record_id: int, starts_at: dt.datetime) -> None:
        """Move a record; raises `Busy` when the time is taken."""
        self._write("PUT", f"/book_record/{self.access.company_id}/{record_id}", {"datetime": starts_at.isoformat()})

    def cancel(self, record_id: int, record_hash: str) -> None:
        """Delete a record; raises `Gone` when there is none. Without its hash (the answer was lost) the back office does it."""
        if record_hash:
            self._write("DELETE", f"/user/records/{record_id}/{record_hash}")
        else:
            self._write("DELETE", f"/record/{self.access.company_id}/{record_id}", back_office=True)

    # --- the back office

    def sign_in(self, login: str, password: str) -> str:
        """Return the user's token."""
        return str(self._write("POST", "/auth", {"login": login, "password": password})["user_token"])

    def record(self, record_id: int) -> Record | None:
        """Return a record, None when there is none."""
        try:
            return _record(self._read(f"/record/{self.access.company_id}/{record_id}", back_office=True))
        except errors.Gone:
            return None

    def find(self, api_id: str, day: dt.date) -> Record | None:
        """Return the record we made under our own id around this day."""
        span = {"start_date": day - dt.timedelta(days=1), "end_date": day + dt.timedelta(days=1)}
        for page in range(1, PAGES + 1):
            query = {name: value.isoformat() for name, value in span.items()} | {"page": page, "count": PAGE}
            rows = self._read(f"/records/{self.access.company_id}", query, back_office=True)
            for row in rows:
                if str(row.get("api_id") or "") == api_id:
                    return _record(row)
            if len(rows) < PAGE:
                return None
        return None

    def services(self) -> list[dict[str, Any]]:
        """Return what can be booked."""
        found: list[dict[str, Any]] = self._read(f"/book_services/{self.access.company_id}")["services"]
        return found

    def subscribe(self, url: str) -> None:
        """Have changes of records told to this address."""
        settings = {"urls": [url], "active": 1, "record": 1, "client": 0}
        self._write("POST", f"/hooks_settings/{self.access.company_id}", settings, back_office=True)

    # --- the wire

    def _read(self, path: str, query: Mapping[str, Any] | None = None, *, back_office: bool = False) -> Any:
        return self._call("GET", path, query=query, back_office=back_office)

    def _write(self, method: str, path: str, body: Any = None, *, back_office: bool = False) -> Any:
        return self._call(method, path, body=body, back_office=back_office)

    def _call(self, method: str, path: str, *, query: Any = None, body: Any = None, back_office: bool = False) -> Any:
        self._take_room()
        user = f", User {self.access.user}" if self.access.user and (back_office or path.startswith("/user/")) else ""
        headers = {"Authorization": f"Bearer {self.access.partner}{user}", "Accept": ACCEPT}
        url = self.access.api_url.rstrip("/") + path
        try:
            answer = self.http.request(method, url, params=query, json=body, headers=headers)
        except httpx.TransportError as error:  # not chained: it holds the request with its tokens
            raise _broken_road(error, is_write=method != "GET") from None
        return judged(answer, is_write=method != "GET")

    def _take_room(self) -> None:
        waited = 0.0
        while isinstance(verdict := self._ask_for_room(), NoRoom):
            if waited + verdict.wait > self.patience:
                raise errors.TryLater("свой запас запросов исчерпан", wait=verdict.wait)
            self.sleep(verdict.wait)
            waited += verdict.wait

    def _ask_for_room(self) -> object:
        key = f"yclients:{self.access.company_id}"
        return self.limiter.take(key, ["*"], budget=self.budget, priority=Priority.REPLY)


def judged(answer: httpx.Response, *, is_write: bool) -> Any:
    """Return the `data` of an answer, or raise what it means."""
    body = _json(answer)
    if answer.is_success and body.get("success") is True:
        return body.get("data")
    said, code = _said(body), _inner_code(body)
    if answer.status_code == 429:
        raise errors.TryLater(said, wait=float(answer.headers.get("Retry-After") or 1))
    if answer.status_code >= 500 or not body:
        raise (
            errors.OutcomeUnknown(f"HTTP {answer.status_code}")
            if is_write
            else errors.TryLater(f"HTTP {answer.status_code}", wait=10)
        )
    if code in errors.BUSY_CODES:
        raise errors.Busy(said, code=code)
    if answer.status_code == 404:
        raise errors.Gone(said, code=code)
    if answer.status_code in (401, 403) and code not in errors.WORDS:
        raise errors.NeedsOwner(said or f"HTTP {answer.status_code}", code=code)
    raise errors.Refused(said, code=code)


def _broken_road(error: httpx.TransportError, *, is_write: bool) -> errors.YclientsError:
    reason = f"нет ответа ({type(error).__name__})"
    if is_write and not isinstance(error, NOT_SENT):
        return errors.OutcomeUnknown(reason)
    return errors.TryLater(reason, wait=10)


def _json(answer: httpx.Response) -> dict[str, Any]:
    if answer.status_code == 204:
        return {"success": True}
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _said(body: Mapping[str, Any]) -> str:
    for part in (body.get("meta"), body.get("errors"), body.get("data")):
        if isinstance(part, Mapping) and part.get("message"):
            return str(part["message"])[:300]
    return ""


def _inner_code(body: Mapping[str, Any]) -> int:
    """Return the code of the refusal; YClients puts it into any of three places."""
    for part in (body.get("meta"), body.get("errors"), body.get("data")):
        inner = part.get("errors") if isinstance(part, Mapping) else None
        for place in (part, inner):
            if isinstance(place, Mapping) and str(place.get("code") or "").isdecimal():
                return int(place["code"])
    return 0


def _record(row: Mapping[str, Any]) -> Record:
    moment = row.get("datetime") or row.get("date")
    starts_at = dt.datetime.fromisoformat(str(moment)) if moment else None
    attendance = int(row.get("attendance") or row.get("visit_attendance") or 0)
    return Record(int(row["id"]), starts_at, str(row.get("api_id") or ""), attendance, bool(row.get("deleted")))


def shared_http() -> httpx.Client:
    """Return this process's client; a forked worker gets one of its own."""
    return _http_of_process(os.getpid())


def _without_hash(line: logging.LogRecord) -> bool:
    """Hide the hash by which a record can be canceled in the lines httpx itself logs."""
    line.msg, line.args = _HASH.sub(r"\1/***", line.getMessage()), ()
    return True


def close_shared() -> None:
    """Close this process's client: the end of a test or of a worker."""
    _http_of_process(os.getpid()).close()
    _http_of_process.cache_clear()


@cache
def _http_of_process(pid: int) -> httpx.Client:
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    logging.getLogger("httpx").addFilter(_without_hash)
    timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
    return httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False)

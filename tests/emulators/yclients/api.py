"""The HTTP face: https://developers.yclients.com/ru/"""

import datetime as dt
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from .company import Company, Record, Refusal

PER_SECOND, PER_MINUTE = 5, 200
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answered(data: Any, *, status: int = 200) -> web.Response:
    return web.json_response({"success": True, "data": data, "meta": []}, status=status)


def refused(status: int, message: str, code: int = 0) -> web.Response:
    meta = {"message": message, **({"errors": {"code": code, "message": message}} if code else {})}
    return web.json_response({"success": False, "data": None, "meta": meta}, status=status)


class Limits:
    """5 requests a second and 200 a minute from one address."""

    def __init__(self) -> None:
        self.is_on = True
        self.refused = 0
        self._seen: deque[float] = deque()

    def forget(self) -> None:
        self._seen.clear()

    def admits(self) -> bool:
        now = time.monotonic()
        while self._seen and now - self._seen[0] > 60:
            self._seen.popleft()
        recent = sum(now - at < 1 for at in self._seen)
        if self.is_on and (recent >= PER_SECOND or len(self._seen) >= PER_MINUTE):
            self.refused += 1
            return False
        self._seen.append(now)
        return True


class Api:
    """Routes and checks."""

    def __init__(self, company: Company, limits: Limits, on_change: Callable[[Record, str], None]) -> None:
        self.company, self.limits, self.on_change = company, limits, on_change
        self.calls: list[tuple[str, str]] = []

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/v1/auth", self.sign_in),
            web.get("/api/v1/book_services/{company}", self.services),
            web.get("/api/v1/book_dates/{company}", self.dates),
            web.get("/api/v1/book_times/{company}/{staff}/{day}", self.times),
            web.post("/api/v1/book_record/{company}", self.book),
            web.put("/api/v1/book_record/{company}/{record}", self.move),
            web.delete("/api/v1/user/records/{record}/{hash}", self.cancel),
            web.get("/api/v1/records/{company}", self.records),
            web.get("/api/v1/record/{company}/{record}", self.record),
            web.delete("/api/v1/record/{company}/{record}", self.delete),
            web.post("/api/v1/hooks_settings/{company}", self.hook),
        ]

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.calls.append((request.method, request.path))
        if not self.limits.admits():
            response = refused(429, "Too Many Requests")
            response.headers["Retry-After"] = "1"
            return response
        given = request.headers.get("Authorization", "")
        if not given.startswith(f"Bearer {self.company.partner}"):
            return refused(401, "Необходима авторизация")
        back_office = request.path.startswith(("/api/v1/record", "/api/v1/hooks_settings"))
        if back_office and f"User {self.company.user}" not in given:
            return refused(403, "Недостаточно прав")
        if int(request.match_info.get("company", self.company.id)) != self.company.id:
            return refused(404, "Компания не найдена")
        try:
            return await handler(request)
        except Refusal as refusal:
            return refused(refusal.status, str(refusal), refusal.code)
        except (KeyError, ValueError, TypeError) as error:
            return refused(400, f"Неверный запрос: {error}")

    async def sign_in(self, request: web.Request) -> web.Response:
        body = await request.json()
        if (body["login"], body["password"]) != self.company.login:
            return refused(401, "Не удалось авторизоваться")
        return answered({"id": 1, "user_token": self.company.user}, status=201)

    async def services(self, request: web.Request) -> web.Response:
        return answered({"services": [{"id": self.company.service_id, "title": "Консультация"}], "category": []})

    async def dates(self, request: web.Request) -> web.Response:
        self._check_service(request)
        days = [day.isoformat() for day in self.company.dates(int(request.query.get("staff_id", 0)))]
        return answered({"booking_days": {}, "booking_dates": days, "working_days": {}, "working_dates": days})

    async def times(self, request: web.Request) -> web.Response:
        self._check_service(request)
        day = dt.date.fromisoformat(request.match_info["day"])
        free = self.company.times(day, int(request.match_info["staff"]))
        return answered([{"time": f"{at:%H:%M}", "seance_length": 3600, "datetime": at.isoformat()} for at in free])

    async def book(self, request: web.Request) -> web.Response:
        body = await request.json()
        visit = body["appointments"][0]
        if visit["services"] != [self.company.service_id]:
            raise Refusal(438, "Услуга недоступна")
        record = self.company.book(
            phone=body["phone"],
            name=body["fullname"],
            starts_at=dt.datetime.fromisoformat(visit["datetime"]),
            staff_id=int(visit["staff_id"]),
            api_id=str(body.get("api_id") or ""),
        )
        self.on_change(record, "create")
        return answered([{"id": visit["id"], "record_id": record.id, "record_hash": record.hash}], status=201)

    async def move(self, request: web.Request) -> web.Response:
        body = await request.json()
        record = self.company.move(int(request.match_info["record"]), dt.datetime.fromisoformat(body["datetime"]))
        self.on_change(record, "update")
        return answered(_shown(record))

    async def cancel(self, request: web.Request) -> web.Response:
        record = self.company.find(int(request.match_info["record"]))
        if record.hash != request.match_info["hash"]:
            raise Refusal(404, "Запись не найдена", status=404)
        return self._delete(record)

    async def delete(self, request: web.Request) -> web.Response:
        return self._delete(self.company.find(int(request.match_info["record"])))

    def _delete(self, record: Record) -> web.Response:
        record.deleted = True
        self.on_change(record, "delete")
        return web.Response(status=204)

    async def records(self, request: web.Request) -> web.Response:
        first, last = (dt.date.fromisoformat(request.query[name]) for name in ("start_date", "end_date"))
        page, size = int(request.query.get("page", 1)), int(request.query.get("count", 50))
        rows = [_shown(record) for record in self.company.standing() if first <= record.starts_at.date() <= last]
        return answered(rows[(page - 1) * size : page * size])

    async def record(self, request: web.Request) -> web.Response:
        return answered(_shown(self.company.find(int(request.match_info["record"]))))

    async def hook(self, request: web.Request) -> web.Response:
        self.company.hooks = [str(url) for url in (await request.json())["urls"]]
        return answered({}, status=201)

    def _check_service(self, request: web.Request) -> None:
        if int(request.query.get("service_ids[]", self.company.service_id)) != self.company.service_id:
            raise Refusal(438, "Услуга недоступна")


def _shown(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "datetime": record.starts_at.isoformat(),
        "api_id": record.api_id,
        "attendance": record.attendance,
        "deleted": record.deleted,
        "client": {"phone": record.phone, "name": record.name},
    }

"""Both APIs of the school. Failures come with HTTP 200, flags may be strings, money may have spaces: as in the real one."""

import base64
import binascii
import json
import time
from typing import Any

from aiohttp import web

from .world import NEW, Deal, World

HEADINGS = ["ID заказа", "Номер", "Email", "Телефон", "Статус", "Стоимость, RUB", "Оплачено", "Валюта", "utm_content"]
WORDS = {
    "new": "Новый",
    "payed": "Завершен",
    "part_payed": "Частично оплачен",
    "waiting_for_return": "Ожидаем возврата",
    "cancelled": "Отменен",
}


class Api:
    """The handlers."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[web.RouteDef]:
        """Return the addresses."""
        return [
            web.post("/pl/api/deals", self.deals),
            web.get("/pl/api/v1/deals/getDealFields", self.fields),
            web.get("/pl/api/account/deals", self.begin_export),
            web.get("/pl/api/account/exports/{id}", self.export),
        ]

    async def deals(self, request: web.Request) -> web.Response:
        """Add a deal, or update the one with this number."""
        form = await request.post()
        if form.get("key") != self.world.api_key:
            return self._no("Неверный ключ API")
        if form.get("action") != "add":
            return self._no("Неизвестное действие")
        try:
            params = json.loads(base64.b64decode(str(form.get("params", "")), validate=True))
            user, deal = dict(params["user"]), dict(params["deal"])
        except (binascii.Error, ValueError, KeyError, TypeError):
            return self._no("Неверный формат params")
        if not user.get("email") and not user.get("phone"):
            return self._answer({"success": False, "error": True, "error_message": "Не указан email или телефон"})
        row = self._add(user, deal, params.get("session", {}))
        link = f"{request.url.origin()}/pay/{row.id}" if params.get("system", {}).get("return_payment_link") else ""
        result = {"success": True, "user_id": row.user_id, "user_status": "added", "deal_id": row.id}
        return self._answer(
            {**result, "deal_number": row.number, "payment_link": link, "error": False, "error_message": ""}
        )

    def _add(self, user: dict[str, Any], deal: dict[str, Any], session: dict[str, Any]) -> Deal:
        with self.world.lock:
            number = str(deal.get("deal_number") or "")
            known = self.world.find(number) if number else None
            if known is not None:
                known.title = str(deal.get("product_title") or known.title)
                return known
            return self.world.add(
                **({"number": number} if number else {}),
                title=str(deal.get("product_title") or deal.get("offer_code") or "Предложение"),
                cost=f"{float(deal.get('deal_cost') or 0):.2f}",
                currency=str(deal.get("deal_currency") or "RUB"),
                offer=str(deal.get("offer_code") or ""),
                email=str(user.get("email") or ""),
                phone=str(user.get("phone") or ""),
                name=str(user.get("first_name") or ""),
                utm_content=str(session.get("utm_content") or ""),
            )

    async def fields(self, request: web.Request) -> web.Response:
        """Tell one deal."""
        wanted = f"Bearer {self.world.developer_key}:{self.world.school_key}"
        if request.headers.get("Authorization") != wanted:
            return web.json_response({"success": False, "error_message": "Нет доступа"}, status=403)
        number = request.query.get("dealId", "")
        deal = self.world.deals.get(int(number)) if number.isdecimal() else None
        if deal is None:
            return web.json_response({"success": self._flag(False), "error_message": "Заказ не найден"})
        data = {
            "deal_number": deal.number,
            "status": deal.status,
            "cost_money": self.money(deal.cost),
            "payed_money": self.money(deal.paid),
            "currency": deal.currency,
            "utm_content": deal.utm_content,
            "user": {"email": deal.email, "phone": deal.phone, "first_name": deal.name},
        }
        return web.json_response({"success": self._flag(True), "data": data})

    async def begin_export(self, request: web.Request) -> web.Response:
        """Begin an export; one at a time."""
        if refusal := self._refusal(request):
            return refusal
        if any(self._runs(export) for export in self.world.exports.values()):
            return self._failure(905, "Уже запущен другой экспорт")
        since = request.query.get("created_at[from]", "")
        number = 7000 + len(self.world.exports) + 1
        self.world.exports[number] = {
            "since": since, "looks": 0, "is_done": False, "until": time.monotonic() + self.world.export_seconds
        }  # fmt: skip
        return web.json_response({"success": self._flag(True), "error": False, "info": {"export_id": number}})

    @staticmethod
    def _runs(export: dict[str, Any]) -> bool:
        """Nobody may fetch it: it ends by itself."""
        return not export["is_done"] and time.monotonic() < export.get("until", float("inf"))

    async def export(self, request: web.Request) -> web.Response:
        """Tell an export, when it is ready."""
        if refusal := self._refusal(request):
            return refusal
        number = request.match_info["id"]
        export = self.world.exports.get(int(number)) if number.isdecimal() else None
        if export is None:
            return self._failure(910, "Экспорт не найден")
        export["looks"] += 1
        if export["looks"] <= self.world.export_looks:
            return self._failure(909, "Файл еще не создан")
        export["is_done"] = True
        rows = [self._row(deal) for deal in self.world.deals.values() if deal.created_at[:10] >= export["since"]]
        return web.json_response({"success": self._flag(True), "info": {"fields": HEADINGS, "items": rows}})

    def _row(self, deal: Deal) -> list[str]:
        paid = self.money(deal.paid)
        status = WORDS.get(deal.status, deal.status)
        return [
            str(deal.id),
            deal.number,
            deal.email,
            deal.phone,
            status,
            deal.cost,
            paid,
            deal.currency,
            deal.utm_content,
        ]

    def money(self, amount: str) -> str:
        """Return a sum as the school writes it."""
        if not self.world.spaced_money:
            return amount
        whole, _, part = f"{float(amount):,.2f}".partition(".")
        return f"{whole.replace(',', ' ')},{part} руб."

    def _refusal(self, request: web.Request) -> web.Response | None:
        if request.query.get("key") != self.world.api_key:
            return self._failure(903, "Неверный ключ API")
        self.world.export_requests += 1
        if self.world.export_requests > self.world.export_limit:
            return self._failure(904, "Превышено количество запросов")
        return None

    def _failure(self, code: int, words: str) -> web.Response:
        flags = {"success": self._flag(False), "error": self._flag(True)}
        return web.json_response({**flags, "error_code": code, "error_message": words})

    def _answer(self, result: dict[str, Any]) -> web.Response:
        shown = {name: self._flag(value) if isinstance(value, bool) else value for name, value in result.items()}
        return web.json_response({"success": self._flag(True), "action": "add", "result": shown})

    def _no(self, words: str) -> web.Response:
        result = {"success": self._flag(False), "error": self._flag(True), "error_message": words}
        return web.json_response({"success": self._flag(False), "action": "add", "result": result})

    def _flag(self, value: bool) -> bool | str:
        return str(value).lower() if self.world.string_flags else value


__all__ = ["NEW", "Api"]

"""What a person sees: the page of a product, the page of payment with its buttons, the list of deals."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from html import escape
from typing import Any

from aiohttp import web

from .notices import Notices
from .world import CANCELED, RETURN, Deal, World

STYLE = """<style>
body{font:16px/1.5 system-ui,sans-serif;background:#f3f5f8;color:#1c2733;margin:0}
main{max-width:34rem;margin:2.5rem auto;background:#fff;border-radius:14px;padding:2rem;box-shadow:0 2px 14px #0001}
h1{font-size:1.35rem;margin:0 0 .5rem}.sum{font-size:2rem;font-weight:650;margin:.5rem 0}.note{color:#6b7785;font-size:.9rem}
form{display:flex;gap:.5rem;margin:.6rem 0}input{flex:1;padding:.6rem;border:1px solid #cdd5de;border-radius:8px;font:inherit}
button{padding:.65rem 1rem;border:0;border-radius:8px;font:inherit;background:#e6ebf1;cursor:pointer}
button.main{background:#0b7a5a;color:#fff;width:100%;font-weight:600}table{width:100%;border-collapse:collapse}
td,th{text-align:left;padding:.35rem;border-bottom:1px solid #e6ebf1}a{color:#0b6bcb}.state{font-weight:600}
</style>"""
STATES = {
    "new": "ждёт оплаты",
    "payed": "оплачен",
    "part_payed": "оплачен частично",
    "waiting_for_return": "возврат",
    "cancelled": "отменён",
}


class Pages:
    """The handlers."""

    def __init__(self, world: World, notices: Notices, money: Callable[[str], str]) -> None:
        self.world = world
        self.notices = notices
        self._money = money

    def routes(self) -> list[web.RouteDef]:
        """Return the addresses."""
        return [
            web.get("/", self.index),
            web.get("/pl/{code}", self.product),
            web.post("/pl/{code}", self.order),
            web.get("/pay/{id}", self.payment),
            web.post("/pay/{id}/{act}", self.act),
        ]

    async def index(self, request: web.Request) -> web.Response:
        """List the deals."""
        rows = "".join(
            f"<tr><td><a href='/pay/{deal.id}'>{deal.id}</a><td>{escape(deal.title)}<td>{self._money(deal.cost)}"
            f"<td>{STATES.get(deal.status, deal.status)}<td>{escape(deal.utm_content or deal.number)}</tr>"
            for deal in reversed(self.world.deals.values())
        )
        table = f"<table><tr><th>Заказ<th>Что<th>Сумма<th>Статус<th>Наш номер</tr>{rows}</table>" if rows else ""
        return _page("Школа: заказы", f"<h1>Заказы школы</h1>{table or '<p>Заказов пока нет.</p>'}")

    async def product(self, request: web.Request) -> web.Response:
        """Show what is on sale, with a form that makes a deal."""
        product = self.world.products.get(request.match_info["code"])
        if product is None:
            raise web.HTTPNotFound(text="Такой страницы нет")
        query = escape(request.query_string, quote=True)
        form = (
            f"<form method='post' action='?{query}'><input name='email' type='email' placeholder='Ваш e-mail'"
            " value='anna@example.ru' required><button class='main' style='width:auto'>Оформить заказ</button></form>"
        )
        return _page(
            product.title, f"<h1>{escape(product.title)}</h1><p class='sum'>{self._money(product.cost)}</p>{form}"
        )

    async def order(self, request: web.Request) -> web.Response:
        """Make a deal from the page; the marks of the address are kept with it."""
        product = self.world.products.get(request.match_info["code"])
        if product is None:
            raise web.HTTPNotFound(text="Такой страницы нет")
        form = await request.post()
        mark = request.query.get("utm_content", "")
        deal = self.world.add(
            title=product.title,
            cost=product.cost,
            email=str(form.get("email", "")),
            utm_content=mark,
            offer=product.code,
        )
        self.notices.tell(deal)
        raise web.HTTPSeeOther(f"/pay/{deal.id}")

    async def payment(self, request: web.Request) -> web.Response:
        """Show one deal and what may be done with it."""
        deal = self._deal(request)
        return _page(f"Заказ {deal.id}", self._shown(deal))

    async def act(self, request: web.Request) -> web.Response:
        """Do what the button says, tell the hooks, come back."""
        deal, form = self._deal(request), await request.post()
        match request.match_info["act"]:
            case "pay":
                deal = self.world.pay(deal.id)
            case "part":
                deal = self.world.pay(deal.id, _sum(form.get("amount")))
            case "refund":
                deal = self.world.set_status(deal.id, RETURN)
            case "cancel":
                deal = self.world.set_status(deal.id, CANCELED)
            case _:
                raise web.HTTPNotFound
        self.notices.tell(deal)
        raise web.HTTPSeeOther(f"/pay/{deal.id}")

    def _deal(self, request: web.Request) -> Deal:
        number = request.match_info["id"]
        deal = self.world.deals.get(int(number)) if number.isdecimal() else None
        if deal is None:
            raise web.HTTPNotFound(text="Такого заказа нет")
        return deal

    def _shown(self, deal: Deal) -> str:
        state = STATES.get(deal.status, deal.status)
        parts = [
            f"<h1>{escape(deal.title)}</h1><p class='note'>Заказ {deal.id}, {escape(deal.utm_content or deal.number)}</p>",
            f"<p class='sum'>{self._money(deal.cost)}</p><p>Статус: <span class='state'>{state}</span>",
            f" · внесено {self._money(deal.paid)}</p>",
        ]
        if deal.left:
            parts.append(_button(deal, "pay", f"Оплатить {self._money(str(deal.left))}", css="main"))
            part = f"<input name='amount' value='{deal.left / 2:.2f}' aria-label='Сумма'>"
            parts.append(_button(deal, "part", "Оплатить часть", inner=part))
        if Decimal(deal.paid) > 0:
            parts.append(_button(deal, "refund", "Вернуть деньги"))
        if deal.status != CANCELED:
            parts.append(_button(deal, "cancel", "Отменить заказ"))
        return "".join(parts) + "<p class='note'>Это эмулятор: деньги не настоящие.</p>"


def _button(deal: Deal, act: str, words: str, *, inner: str = "", css: str = "") -> str:
    return f"<form method='post' action='/pay/{deal.id}/{act}'>{inner}<button class='{css}'>{words}</button></form>"


def _sum(value: Any) -> Decimal:
    try:
        return Decimal(str(value).replace(",", ".").replace(" ", ""))
    except InvalidOperation:
        raise web.HTTPBadRequest(text="Это не сумма") from None


def _page(title: str, body: str) -> web.Response:
    head = f"<!doctype html><html lang='ru'><meta charset='utf-8'><title>{escape(title)}</title>{STYLE}"
    return web.Response(text=f"{head}<main>{body}</main></html>", content_type="text/html")

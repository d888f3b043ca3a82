"""What a person sees: the page of payment with a card, 3-D Secure, the way back to the shop; and the list of payments."""

from html import escape

from aiohttp import web

from .notices import Notices
from .world import CANCELED, CARDS, PAID, PENDING, Json, World, shown

CODE = "1234"  # what the bank has sent to the buyer's phone
STYLE = """<style>
:root{color-scheme:light dark;--line:#cdd5de;--soft:#6b7785;--card:#fff;--back:#f3f5f8;--ink:#1c2733;--main:#0b57d0}
@media(prefers-color-scheme:dark){:root{--line:#3b4654;--soft:#9aa7b5;--card:#1c242e;--back:#12181f;--ink:#e8edf2}}
*{box-sizing:border-box}body{font:16px/1.5 system-ui,sans-serif;background:var(--back);color:var(--ink);margin:0}
main{max-width:27rem;margin:1.5rem auto;background:var(--card);border-radius:16px;padding:1.5rem}
h1{font-size:1.15rem;margin:0 0 .4rem}.sum{font-size:2rem;font-weight:650;margin:.2rem 0 1rem}
.note{color:var(--soft);font-size:.9rem}
label{display:block;margin:.7rem 0 .2rem;font-size:.9rem}input{width:100%;padding:.7rem;border:1px solid var(--line);
border-radius:10px;font:inherit;background:transparent;color:inherit}.row{display:grid;grid-template-columns:1fr 1fr;gap:.7rem}
button,.back{display:block;width:100%;padding:.8rem;border:0;border-radius:10px;font:inherit;font-weight:600;margin-top:1rem;cursor:pointer;
text-align:center;text-decoration:none;background:var(--line);color:inherit}.main{background:var(--main);color:#fff}
table{width:100%;border-collapse:collapse}td,th{text-align:left;padding:.3rem;border-bottom:1px solid var(--line)}
.error{color:#c5221f}
</style>"""
STATES = {PENDING: "ждёт оплаты", PAID: "оплачен", CANCELED: "отменён"}
REASONS = {
    "insufficient_funds": "на карте не хватает денег",
    "card_expired": "срок карты истёк",
    "3d_secure_failed": "банк не подтвердил оплату",
    "expired_on_confirmation": "время оплаты вышло",
}


class Pages:
    """The handlers."""

    def __init__(self, world: World, notices: Notices) -> None:
        self.world = world
        self.notices = notices

    def routes(self) -> list[web.RouteDef]:
        """Return the addresses."""
        return [
            web.get("/", self.index),
            web.get("/pay/{id}", self.form),
            web.post("/pay/{id}", self.charge),
            web.get("/pay/{id}/3ds", self.secure),
            web.post("/pay/{id}/3ds", self.confirm),
        ]

    async def index(self, request: web.Request) -> web.Response:
        """List the payments."""
        rows = "".join(
            f"<tr><td><a href='/pay/{item['id']}'>{escape(item['description'])}</a><td>{_sum(item)}"
            f"<td>{STATES[item['status']]}{_refunded(item)}</tr>"
            for item in reversed(self.world.payments.values())
        )
        return _page(
            "ЮKassa", f"<h1>Платежи магазина</h1><table>{rows}</table>" if rows else "<p>Платежей пока нет.</p>"
        )

    async def form(self, request: web.Request) -> web.Response:
        """Show the card form, or how the payment ended."""
        payment = self._payment(request)
        if payment["status"] != PENDING:
            return _page("Оплата", _ended(payment))
        cards = "".join(f"<option value='{number}'>{kind}</option>" for number, kind in CARDS.items())
        return _page(
            "Оплата",
            f"{_head(payment)}<form method='post'><label for='card'>Номер карты</label>"
            f"<input id='card' name='card' list='cards' inputmode='numeric' value='{next(iter(CARDS))}' required>"
            f"<datalist id='cards'>{cards}</datalist><div class='row'><div><label for='till'>Срок</label>"
            "<input id='till' name='till' value='12/30' required></div><div><label for='cvc'>CVC</label>"
            f"<input id='cvc' name='cvc' value='123' required></div></div><button class='main'>Оплатить {_sum(payment)}"
            "</button></form><p class='note'>Это эмулятор: деньги не настоящие. Карта на …4477 спросит код 3-D Secure, "
            "…4600 — не хватит денег, …4535 — срок карты истёк.</p>",
        )

    async def charge(self, request: web.Request) -> web.Response:
        """The card was typed."""
        payment, form = self._payment(request), await request.post()
        card = " ".join(str(form.get("card", "")).split())
        match CARDS.get(card, "card_unknown"):
            case "paid":
                return self._end(self.world.pay(payment["id"], card=card))
            case "3ds":
                raise web.HTTPSeeOther(f"/pay/{payment['id']}/3ds")
            case "card_unknown":
                return _page(
                    "Оплата", f"{_head(payment)}<p class='error'>Такой карты нет</p><a class='back' href=''>Назад</a>"
                )
            case reason:
                return self._end(self.world.cancel(payment["id"], reason))

    async def secure(self, request: web.Request) -> web.Response:
        """The bank asks for the code it has sent."""
        payment = self._payment(request)
        return _page(
            "Подтверждение банка",
            f"{_head(payment)}<p>Банк отправил код на ваш телефон (в эмуляторе — {CODE}).</p><form method='post'>"
            "<label for='code'>Код</label><input id='code' name='code' inputmode='numeric' required>"
            "<button class='main'>Подтвердить</button></form>",
        )

    async def confirm(self, request: web.Request) -> web.Response:
        """The code was typed."""
        payment, form = self._payment(request), await request.post()
        if str(form.get("code", "")).strip() == CODE:
            return self._end(self.world.pay(payment["id"], card="5555 5555 5555 4477"))
        return self._end(self.world.cancel(payment["id"], "3d_secure_failed"))

    def _end(self, payment: Json) -> web.Response:
        self.notices.tell(f"payment.{payment['status']}", shown(payment))
        raise web.HTTPSeeOther(payment["confirmation"]["return_url"])

    def _payment(self, request: web.Request) -> Json:
        payment = self.world.payments.get(request.match_info["id"])
        if payment is None:
            raise web.HTTPNotFound(text="Такого платежа нет")
        return payment


def _head(payment: Json) -> str:
    return f"<h1>{escape(payment['description'])}</h1><p class='sum'>{_sum(payment)}</p>"


def _ended(payment: Json) -> str:
    reason = payment.get("cancellation_details", {}).get("reason", "")
    why = f": {REASONS.get(reason, reason)}" if reason else ""
    back = escape(payment["confirmation"]["return_url"], quote=True)
    return (
        f"{_head(payment)}<p>Платёж {STATES[payment['status']]}{why}{_refunded(payment)}.</p>"
        f"<a class='back main' href='{back}'>Вернуться в магазин</a>"
    )


def _refunded(payment: Json) -> str:
    back = payment.get("refunded_amount", {}).get("value", "0.00")
    return f", возвращено {back} ₽" if back != "0.00" else ""


def _sum(payment: Json) -> str:
    return f"{payment['amount']['value']} ₽"


def _page(title: str, body: str) -> web.Response:
    head = "<!doctype html><html lang='ru'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
    return web.Response(
        text=f"{head}<title>{escape(title)}</title>{STYLE}<main>{body}</main></html>", content_type="text/html"
    )

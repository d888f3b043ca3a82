"""What the page says of an order and of what has moved: the server's words, so that the page only shows them."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

from content.menu.changes import Change, Kind
from content.menu.values import WhyNot
from payments.models import Ticket
from payments.money import shown

Status = Ticket.Status
TITLES = {
    Status.HELD: "Ждём оплату",
    Status.RECEIVED: "Заказ принят",
    Status.MAKING: "Готовим",
    Status.READY: "Готов, ждёт вас",
    Status.PICKED_UP: "Заказ у вас",
    Status.CANCELED: "Заказ отменён",
    Status.EXPIRED: "Оплата не пришла",
}
NOTES = {
    Status.READY: "Назовите номер на стойке.",
    Status.PICKED_UP: "Приятного! Ждём вас снова.",
    Status.EXPIRED: "Время и напитки освободили. Закажите ещё раз.",
}
WHY_NOT = {WhyNot.ENDED: "Закончился", WhyNot.NOT_NOW: "Сейчас не подаём", WhyNot.NO_CHOICE: "Закончился"}
PROMO_WHY = {
    "unknown": "Такого промокода нет.",
    "not_yet": "Промокод ещё не действует.",
    "over": "Срок промокода истёк.",
    "used_up": "Промокод уже разобрали.",
    "used_by_guest": "Вы уже использовали этот промокод.",
    "too_little": "Сумма заказа меньше, чем нужно для промокода.",
}
PROBLEMS = {
    Kind.PRODUCT_GONE: "Этого больше нет",
    Kind.OPTION_GONE: "Выбранная добавка закончилась",
    Kind.GROUP_MISSING: "Нужно выбрать заново",
    Kind.NOT_NOW: "Сейчас не подаём",
    Kind.TOO_FEW_LEFT: "Столько нет",
}


def change_text(change: Change, zone: str) -> str:
    """Return one change as a sentence."""
    facts = change.facts
    match change.kind:
        case Kind.PRODUCT_GONE:
            return f"«{facts['product']}» больше нет."
        case Kind.OPTION_GONE:
            return f"«{facts['product']}»: закончилось «{facts['option']}»."
        case Kind.GROUP_MISSING:
            return f"«{facts['product']}»: выберите заново «{facts['group']}»."
        case Kind.PRICE_CHANGED:
            what = f"«{facts['product']}» теперь" if facts.get("product") else "Заказ теперь"
            return f"{what} {_money(facts['now'])} вместо {_money(facts['was'])}."
        case Kind.NOT_NOW:
            return f"«{facts['product']}» подаём {facts['hours']}."
        case Kind.TOO_FEW_LEFT:
            return _too_few(facts)
        case Kind.PROMO_OVER:
            return PROMO_WHY.get(facts.get("reason", ""), "Промокод больше не действует.")
        case Kind.LOYALTY_CHANGED:
            return f"Скидка по накоплениям теперь {_money(facts['now'])}."
    return _of_the_place(change.kind, facts, zone)


def _of_the_place(kind: Kind, facts: Mapping[str, str], zone: str) -> str:
    match kind:
        case Kind.PLACE_PAUSED:
            why = f": {facts['reason']}" if facts.get("reason") else ""
            until = f" До {clock(facts['until'], zone)}." if facts.get("until") else ""
            return f"Кофейня пока не принимает заказы{why}.{until}"
        case Kind.PLACE_CLOSED:
            return (
                f"Кофейня закрыта. Откроемся {moment(facts['opens_at'], zone)}."
                if facts.get("opens_at")
                else ("Кофейня закрыта.")
            )
        case Kind.SLOT_FULL:
            return f"На {moment(facts['pickup_at'], zone)} мест уже нет, выберите другое время."
    return "Что-то изменилось, проверьте заказ."  # pragma: no cover  # a kind that is newer than this page


def _too_few(facts: Mapping[str, str]) -> str:
    what = facts.get("option") or facts.get("product") or "Этого"
    return (
        f"«{what}»: осталось {facts['left']}." if facts.get("left", "0") != "0" else f"«{what}» только что закончилось."
    )


def clock(iso: str, zone: str) -> str:
    """Return an instant as the place's clock shows it."""
    return f"{dt.datetime.fromisoformat(iso).astimezone(ZoneInfo(zone)):%H:%M}"


def moment(iso: str, zone: str) -> str:
    """Return an instant with its day."""
    return f"{dt.datetime.fromisoformat(iso).astimezone(ZoneInfo(zone)):%d.%m в %H:%M}"


def order_note(ticket: Ticket) -> str:
    """Return what else there is to say of an order."""
    if ticket.status == Status.CANCELED:
        return ticket.cancel_reason
    if ticket.status == Status.HELD and ticket.held_until is not None:
        return f"Держим до {clock(ticket.held_until.isoformat(), ticket.place.time_zone)}"
    if ticket.status in Ticket.TO_MAKE and ticket.delay_minutes:
        return f"Задерживаемся на {ticket.delay_minutes} мин, простите"
    return NOTES.get(Status(ticket.status), "")


def loyalty_text(unit: str, balance: int, every: int) -> str:
    """Return what was saved, in words."""
    if unit == "stamp":
        left = every - balance
        return f"Накоплено {balance} из {every}." + ("" if left > 0 else " Следующий — в подарок!")
    return f"На счету баллов: {balance}."


def _money(value: str) -> str:
    return shown(Decimal(value), "RUB")

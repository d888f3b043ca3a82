"""How a lead is shown to our own people in a messenger: one card, and the short lines around it. Words only, nothing is sent."""

from typing import Any

from django.db.models import QuerySet

from bot.messages import Button
from content.models import Product
from crm import reports
from crm.models import Lead, Manager
from crm.phones import readable

Buttons = tuple[tuple[Button, ...], ...]
MAX_SUMMARY = 1500  # characters
PROFILE = {"experience": "📈 Опыт", "goal": "🎯 Цель", "budget": "💰 Бюджет"}
SEGMENTS = {"hot": "🔥 горячий", "warm": "🌤 тёплый", "cold": "❄️ холодный"}


def card_of(lead: Lead) -> str:
    """Return the card a manager gets with a lead of theirs: who, how to reach them, where from, what they said."""
    return _card(lead, reports.assigned_heading(lead))


def offer_of(lead: Lead) -> str:
    """Return the card shown to all managers."""
    return _card(lead, f"🆕 Заявка № {lead.pk}")


def _card(lead: Lead, heading: str) -> str:
    customer = lead.customer
    phone = customer.phone and readable(customer.phone)
    extension = f" доб. {customer.phone_extension}" if customer.phone_extension else ""
    lines = [
        heading,
        _who(lead),
        f"📞 {phone}{extension}" if phone else _where_the_number_is(lead),
        f"✉️ {customer.email}" if customer.email else "",
        *(f"{title}: {lead.profile[name]}" for name, title in PROFILE.items() if lead.profile.get(name)),
        f"📌 {lead.standing}" if lead.standing else "",
        f"🔗 {source_of(lead)}" if source_of(lead) else "",
        f"\n{lead.summary[:MAX_SUMMARY]}" if lead.summary else "",
    ]
    return "\n".join(line for line in lines if line)


def _who(lead: Lead) -> str:
    segment: Any = getattr(lead.customer, "segment", "")
    username = lead.chat.username if lead.chat is not None else ""
    known = [lead.customer.name, f"@{username}" if username else "", SEGMENTS.get(segment, "")]
    said = " · ".join(item for item in known if item)
    return f"👤 {said}" if said else ""


def source_of(lead: Lead) -> str:
    """Return where the lead came from: the channel and the marks of its link."""
    marks = [str(lead.utm.get(name) or "") for name in ("source", "medium", "campaign")]
    return " · ".join(item for item in (lead.source, "/".join(mark for mark in marks if mark)) if item)


def _where_the_number_is(lead: Lead) -> str:
    """A number that people wrote onto the card is not ours to keep: only the customer's consent makes it so."""
    return "📞 номер — в карточке Битрикс24" if lead.captured_at is not None else ""


def name_of(lead: Lead) -> str:
    """Return how people call the lead in a line: "№ 12, Анна"."""
    return f"№ {lead.pk}, {lead.customer.name}" if lead.customer.name else f"№ {lead.pk}"


def taken_line(lead: Lead, manager: Manager) -> str:
    """Return the line that takes the card's place."""
    return f"✅ Заявку № {lead.pk} ведёт {manager.name}"


def take_buttons(lead: Lead) -> Buttons:
    """Return the button under a card that anybody may take."""
    return ((Button("✅ Взять заявку", data=f"lead:take:{lead.pk}"),),)


def open_button(lead: Lead, text: str = "💬 Открыть диалог") -> Button:
    """Return the button that takes the customer's dialogue over, here in the messenger."""
    return Button(text, data=f"lead:open:{lead.pk}")


def pay_buttons(lead: Lead) -> Buttons:
    """Return the button that sends a payment link, where the lead's scenario sells anything."""
    return ((Button("💳 Ссылка на оплату", data=f"lead:pay:{lead.pk}"),),) if on_sale(lead).exists() else ()


def on_sale(lead: Lead) -> QuerySet[Product]:
    """Return what may be sold in the chat of a lead."""
    if lead.chat is None:
        return Product.objects.none()
    rows: QuerySet[Product] = Product.objects.courses().usable_in(lead.chat.channel.scenario_key).filter(is_active=True)
    return rows.order_by("order", "pk")


def return_buttons(lead: Lead) -> Buttons:
    """Return the button that gives the dialogue back."""
    return ((Button("🤖 Вернуть боту", data=f"lead:return:{lead.pk}"),),)


def about(lead: Lead) -> str:
    """Return the mark a message to a manager carries, so that an answer to it finds the lead."""
    return f"lead:{lead.pk}"

"""A customer in words, as a prompt's placeholders want them: for a preview, a manager's mini-script, a summary.

Not for the assistant's own turns: those are briefed many at a time in `dialogs.assistant`.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from bot.models import Message
from content.models import BusinessProfile, Material, Product
from content.models.scoped import usable
from crm.models import Lead
from dialogs.models import Conversation

MESSAGES = 14
LONGEST_MESSAGE = 400  # characters
MATERIALS = 3
# Answers that are no part of a portrait: they stand on the card, or follow from the others.
PRIVATE = ("phone", "email", "name", "payload", "points", "segment", "persona")
SPEAKERS: Mapping[str, str] = {Message.Role.USER: "Клиент", Message.Role.BOT: "Бот", Message.Role.MANAGER: "Менеджер"}


def portrait_of(conversation: Conversation, *, now: dt.datetime, lead: Lead | None = None) -> dict[str, str]:
    """Return placeholder -> words for one dialogue; what is not known is empty."""
    customer, business = conversation.customer, BusinessProfile.current()
    answers = answers_of(conversation)
    lead = lead or conversation.lead
    key = conversation.version.scenario.key
    lines = _last_lines(conversation.chat_id)
    product = _product(key, customer.persona)
    return {
        "business_name": business.name,
        "today": now.astimezone(ZoneInfo(business.time_zone)).date().isoformat(),
        "customer_name": customer.name.split(" ")[0] if customer.name else "",
        "profile": _profile(answers, customer.source),
        "survey_summary": "; ".join(f"{name}: {value}" for name, value in answers.items())
        + _points(customer.lead_score),
        "segment": customer.segment,
        "stage": customer.funnel_stage,
        "scenario": customer.persona,
        "goal": answers.get("goal", ""),
        "experience": answers.get("experience", ""),
        "budget": answers.get("budget", ""),
        "summary": lead.summary if lead is not None else "",
        "materials": _materials(key, customer.segment),
        "products": f"{product.name}: {product.description}" if product is not None else "",
        "product": product.name if product is not None else "",
        "product_description": product.description if product is not None else "",
        "price": f"{product.price:,.0f} ₽".replace(",", " ") if product is not None else "",
        "recent_messages": "\n".join(f"{SPEAKERS[role]}: {text}" for role, text in lines),
        "last_message": next((text for role, text in reversed(lines) if role == Message.Role.USER), ""),
    }


def answers_of(conversation: Conversation) -> dict[str, str]:
    """Return what the customer answered in this dialogue, without contacts."""
    values: Mapping[str, object] = conversation.state.get("values") or {}
    return {name: str(value) for name, value in values.items() if name not in PRIVATE and value}


def _profile(answers: Mapping[str, str], source: str) -> str:
    known = (("опыт", "experience"), ("цель", "goal"), ("бюджет", "budget"))
    parts = [f"{word} — {answers[name]}" for word, name in known if answers.get(name)]
    return ", ".join([*parts, f"пришёл из: {source}"] if source else parts)


def _points(score: int) -> str:
    return f" (баллов: {score})" if score else ""


def _last_lines(chat_id: int) -> list[tuple[str, str]]:
    """Return the last messages that were really said, oldest first."""
    never_said = (Message.Status.CANCELED, Message.Status.FAILED)
    rows = Message.objects.filter(chat_id=chat_id).exclude(status__in=never_said).exclude(text="").order_by("-id")
    return [(role, text[:LONGEST_MESSAGE]) for role, text in rows.values_list("role", "text")[:MESSAGES]][::-1]


def _materials(scenario_key: str, segment: str) -> str:
    rows: Iterable[Material] = usable(Material.objects.filter(is_active=True).order_by("id"), scenario_key)
    fitting = [row for row in rows if not row.segments or segment in row.segments][:MATERIALS]
    return "\n".join(f"{row.title}: {row.url or row.body[:LONGEST_MESSAGE]}" for row in fitting)


def _product(scenario_key: str, persona: str) -> Product | None:
    rows = usable(Product.objects.courses().filter(is_active=True).order_by("order", "id"), scenario_key, name="code")
    return min(rows, key=lambda row: persona not in row.personas, default=None)

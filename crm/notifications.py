"""Telling our own people: in their Telegram chat with the bot and in Bitrix24. Through the outbox like everything else said.

A person who never opened the bot cannot be written to in Telegram; the message then fails visibly in the error page.
"""

from django.conf import settings

from bot.messages import Button, Outgoing
from bot.models import Channel, Chat, Message
from bot.outbox import say
from crm import reports
from crm.models import Lead, Manager
from crm.phones import readable

Buttons = tuple[tuple[Button, ...], ...]


def tell_manager(manager: Manager, text: str, *, key: str, buttons: Buttons = ()) -> bool:
    """Write to one manager in Telegram; return False when there is no way to them or it was said before."""
    channel = notifying_channel()
    if channel is None or manager.telegram_id is None:
        return False
    chat, _made = Chat.objects.get_or_create(
        channel=channel, external_id=str(manager.telegram_id), defaults={"name": manager.name}
    )
    return say(chat, Outgoing(text, buttons), role=Message.Role.BOT, dedupe_key=f"{key}:m{manager.pk}") is not None


def tell_of_lead(manager: Manager, lead: Lead) -> bool:
    """Send the card of a lead just given; Bitrix24 is told by the lead's own report."""
    return tell_manager(
        manager, card_of(lead), key=f"lead:{lead.pk}:{lead.updated_at:%Y%m%d%H%M%S%f}", buttons=_card_buttons(lead)
    )


def card_of(lead: Lead) -> str:
    """Return the card: who, how to reach them, where from, what they said."""
    customer = lead.customer
    phone = customer.phone and readable(customer.phone)
    extension = f" доб. {customer.phone_extension}" if customer.phone_extension else ""
    lines = [
        reports.assigned_heading(lead),
        f"👤 {customer.name}" if customer.name else "",
        f"📞 {phone}{extension}" if phone else _where_the_number_is(lead),
        f"✉️ {customer.email}" if customer.email else "",
        f"🔗 {lead.source}" if lead.source else "",
        f"\n{lead.summary}" if lead.summary else "",
    ]
    return "\n".join(line for line in lines if line)


def _where_the_number_is(lead: Lead) -> str:
    """A number that people wrote onto the card is not ours to keep: only the customer's consent makes it so."""
    return "📞 номер — в карточке Битрикс24" if lead.captured_at is not None else ""


def _card_buttons(lead: Lead) -> Buttons:
    # Telegram refuses buttons that lead to this very machine.
    if "//localhost" in settings.PUBLIC_URL or "//127." in settings.PUBLIC_URL:
        return ()
    return ((Button("Открыть диалог", url=f"{settings.PUBLIC_URL}/admin/crm/lead/{lead.pk}/change/"),),)


def tell_managers(text: str, *, key: str, lead: Lead | None = None) -> int:
    """Write to the lead's manager, or to all who are on duty when it has none; return how many were written to."""
    if lead is not None and lead.manager is not None:
        people = [lead.manager]
    else:
        people = list(Manager.objects.filter(is_active=True, is_on_duty=True))
    return sum(tell_manager(manager, text, key=key) for manager in people)


def tell_owner(text: str, *, key: str) -> int:
    """Write to everybody who gets alerts, in Telegram and in Bitrix24; return how many were reached by either."""
    people = Manager.objects.filter(is_active=True, gets_alerts=True)
    told = 0
    for manager in people:
        in_telegram = tell_manager(manager, text, key=key)
        in_portal = reports.notify_user(manager, text, key=f"{key}:m{manager.pk}")
        told += in_telegram or in_portal
    return told


def notifying_channel() -> Channel | None:
    """Return the Telegram bot our people are told through: the one marked so, else the first."""
    bots = Channel.objects.filter(kind="telegram", is_active=True)
    return bots.filter(options__notifies=True).first() or bots.order_by("pk").first()

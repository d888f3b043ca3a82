"""/leads: a manager's open leads and those nobody has taken; and the cards that could not reach them before."""

from collections.abc import Sequence

from bot.messages import Button
from bot.models import Message
from crm import cards, notifications, takeovers
from crm.cards import Buttons
from crm.models import Lead, Manager
from crm.phones import readable
from crm.queries import leads_of, untaken_leads
from dialogs.staff.desk import Desk

SHOWN = 10  # of each kind; more does not fit a screen
WHICH_BACK = "Какой диалог вернуть боту?"


def show(desk: Desk, manager: Manager) -> None:
    """Answer /leads."""
    own, free = leads_of(manager, SHOWN), untaken_leads(SHOWN)
    led = {row.lead_id for row in takeovers.led_by(manager)}
    lines = [
        "Ваши заявки:" if own else "У вас нет открытых заявок.",
        *(f"{'💬' if lead.pk in led else '•'} {_line(lead)}" for lead in own),
        "",
        "Никто ещё не взял:" if free else "Свободных заявок нет.",
        *(f"• {_line(lead)}" for lead in free),
    ]
    buttons = [(cards.open_button(lead, f"💬 {cards.name_of(lead)}"),) for lead in own if lead.chat_id is not None]
    taking = [(Button(f"✅ Взять {cards.name_of(lead)}", data=f"lead:take:{lead.pk}"),) for lead in free]
    desk.say("\n".join(lines), buttons=(*buttons, *taking))


def _line(lead: Lead) -> str:
    phone = lead.customer.phone and readable(lead.customer.phone)
    return " · ".join(part for part in (cards.name_of(lead), phone, lead.standing) if part)


def returns(leads: Sequence[Lead]) -> Buttons:
    """Return a button a dialogue, each giving its own back."""
    return tuple((Button(f"🤖 {cards.name_of(lead)}", data=f"lead:return:{lead.pk}"),) for lead in leads[:SHOWN])


def send_unseen_cards(desk: Desk, manager: Manager) -> None:
    """Send the cards of leads that were taken while the bot could not yet write to their manager."""
    for lead in leads_of(manager, SHOWN):
        told = Message.objects.filter(chat=desk.chat, status=Message.Status.SENT, extras__about=cards.about(lead))
        if not told.exists():
            notifications.tell_of_lead(manager, lead, key=f"{desk.key}:{lead.pk}")

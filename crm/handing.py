"""A lead has got a manager while a human was wanted, or was leading, its dialogue: the dialogue goes with the lead."""

from crm import cards, mirror, notifications, takeovers, ways
from crm.models import Lead, Manager, Takeover


def hand_dialogue(lead: Lead, manager: Manager) -> bool:
    """Give the dialogue to the lead's manager, if it is with humans at all; return whether it changed hands."""
    known = takeovers.current(lead.chat) if lead.chat is not None else None
    if lead.chat is None or known is None or known.manager_id == manager.pk:
        return False
    if known.manager is None and known.by:  # somebody without a manager's card is speaking in the back office
        return False
    takeovers.pass_to(lead.chat, lead, manager, is_mirrored=ways.is_open(manager, lead))
    _tell_both(known, lead, manager)
    return True


def _tell_both(known: Takeover, lead: Lead, manager: Manager) -> None:
    key = f"takeover:{known.pk}:to:{manager.pk}"
    if known.manager is not None:
        text = f"Заявку {cards.name_of(lead)} и её диалог передали: теперь их ведёт {manager.name}."
        notifications.tell_manager(known.manager, text, key=f"{key}:from", lead=lead)
    if lead.chat is not None and ways.is_open(manager, lead):
        text = f"💬 {cards.name_of(lead)}: клиент ждёт человека, бот молчит. Пишите сюда — клиент увидит ваши слова."
        said = mirror.last_words(lead.chat)
        words = "\n\n".join(part for part in (text, said) if part)
        notifications.tell_manager(manager, words, key=key, buttons=cards.return_buttons(lead), lead=lead)

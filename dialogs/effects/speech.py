"""Say: one message into the outbox."""

from dataclasses import replace
from urllib.parse import urljoin

from django.conf import settings

from bot.messages import Act, Button, Media, Outgoing
from bot.models import Chat, Message
from bot.outbox import rows_for
from crm.calendar_entries import FILE_NAME, entry_of, link_to
from crm.models import Appointment
from dialogs.effects.sheet import Occasion
from dialogs.engine.effects import Key, Say

CALENDAR_CAPTION = "Событие для вашего календаря"
CALENDAR_BUTTON = "📅 Добавить в календарь"


def say(effect: Say, at: Occasion) -> None:
    """Queue one message under the chat's epoch as it will be after this turn."""
    outgoing = Outgoing(
        text=effect.text,
        buttons=tuple(tuple(_button(key) for key in row) for row in effect.keys),
        picture=urljoin(settings.PUBLIC_URL, effect.picture) if effect.picture else "",
        hide_keyboard=effect.hides_keyboard,
        is_menu=effect.is_menu,
        about=f"turn:{turn}" if (turn := at.sheet.explained.get(at.event_id)) else "",
    )
    if under := _place_of(effect, at):
        outgoing = replace(outgoing, act=Act.CHANGE, target=under)
    entry = _calendar_entry(effect.invite, at) if effect.invite else None
    if isinstance(entry, Button):
        outgoing = replace(outgoing, buttons=(*outgoing.buttons, (entry,)))
    at.sheet.messages += rows_for(
        at.session.chat, outgoing, role=_role(effect, at.session.chat), dedupe_key=at.key, request_id=at.request_id
    )
    if isinstance(entry, Media):
        file = Outgoing(CALENDAR_CAPTION, media=(entry,))
        at.sheet.messages += rows_for(at.session.chat, file, dedupe_key=f"{at.key}:file", request_id=at.request_id)


def _place_of(effect: Say, at: Occasion) -> int:
    """Return the row whose place a screen takes, 0 for none: what was said since then stands below it."""
    under = at.session.pressed_on.pop(at.event_id, 0)
    return under if effect.is_screen and at.session.abilities.changes else 0


def _calendar_entry(number: int, at: Occasion) -> Media | Button | None:
    """Return the appointment as a file where the channel takes one, else as a link."""
    row = Appointment.objects.filter(pk=number).first()
    if row is None:
        return None
    if at.session.abilities.uploads:
        return Media("document", ref=link_to(row), name=FILE_NAME, content=entry_of(row))
    return Button(CALENDAR_BUTTON, url=link_to(row))


def _role(effect: Say, chat: Chat) -> str:
    """While a human has the chat the bot is silent; what the house owes its customer is said as theirs."""
    is_theirs = effect.beside_human and chat.speaker == Chat.Speaker.MANAGER
    return Message.Role.MANAGER if is_theirs else Message.Role.BOT


def _button(key: Key) -> Button:
    return Button(
        text=key.text, data=key.data, url=key.url, ask="contact" if key.asks_contact else "", web_app=key.web_app
    )

"""Named actions of scenarios: one table, name to function."""

from collections.abc import Callable, Mapping
from zoneinfo import available_timezones

from crm import notifications
from crm.models import Customer, Event, Lead
from dialogs.effects.sheet import Occasion
from dialogs.effects.summary import NOTE_MARK
from dialogs.engine.effects import Act

NOTE_LENGTH = 2000


def act(effect: Act, at: Occasion) -> None:
    """Do the action; validation has refused unknown names before publishing."""
    ACTIONS[effect.name](effect.params, at)


def note(params: Mapping[str, str], at: Occasion) -> None:
    """Keep a customer's words for the manager: in the lead's summary and in the log."""
    text = params.get("text", "")[:NOTE_LENGTH]
    at.sheet.events.append(
        Event(customer=at.session.customer, type="note", payload=dict(params), created_at=at.sheet.now)
    )
    if at.session.lead is not None and text:
        lead = at.session.lead
        lead.summary = f"{lead.summary}\n{NOTE_MARK}{' '.join(text.split())}".strip()
        at.sheet.noted[lead.pk] = lead


def tag(params: Mapping[str, str], at: Occasion) -> None:
    """Add a tag to the customer."""
    customer, name = at.session.customer, params.get("tag", "")
    if name and name not in customer.tags:
        customer.tags = [*customer.tags, name]
        Customer.objects.filter(pk=customer.pk).update(tags=customer.tags)


def set_product(params: Mapping[str, str], at: Occasion) -> None:
    """Note which product the lead is about; rotation rules may ask for it."""
    if at.session.lead is not None:
        at.session.lead.product = params.get("product", "")[:120]
        Lead.objects.filter(pk=at.session.lead.pk).update(product=at.session.lead.product)


def set_time_zone(params: Mapping[str, str], at: Occasion) -> None:
    """Note the customer's own clock, such as Asia/Novosibirsk: follow-ups and booked hours go by it."""
    name = params.get("zone", "")
    if name in available_timezones():
        at.session.customer.time_zone = name
        Customer.objects.filter(pk=at.session.customer.pk).update(time_zone=name)


def notify_managers(params: Mapping[str, str], at: Occasion) -> None:
    """Tell the managers on duty."""
    notifications.tell_managers(params.get("text", ""), key=at.key, lead=at.session.lead)


def notify_owner(params: Mapping[str, str], at: Occasion) -> None:
    """Tell the owner."""
    notifications.tell_owner(params.get("text", ""), key=at.key)


ACTIONS: dict[str, Callable[[Mapping[str, str], Occasion], None]] = {
    "note": note,
    "tag": tag,
    "set_product": set_product,
    "set_time_zone": set_time_zone,
    "notify_managers": notify_managers,
    "notify_owner": notify_owner,
}

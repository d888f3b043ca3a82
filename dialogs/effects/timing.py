"""Timers and counting."""

from crm.models import Event
from dialogs.effects.sheet import Occasion
from dialogs.engine.effects import CancelTimers, StartTimer, Track
from dialogs.models import Timer


def start_timer(effect: StartTimer, at: Occasion) -> None:
    """Remember to tell the dialogue later."""
    timer = Timer(conversation=at.conversation, name=effect.name, visit=effect.visit, due_at=effect.due_at)
    at.sheet.timers.setdefault(at.conversation.pk, []).append(timer)


def cancel_timers(_effect: CancelTimers, at: Occasion) -> None:
    """Forget the timers set in earlier turns, and those set earlier in this one."""
    at.sheet.silenced.add(at.conversation.pk)
    at.sheet.timers.pop(at.conversation.pk, None)


def track(effect: Track, at: Occasion) -> None:
    """Count a fact about the customer."""
    payload = {**effect.payload, "conversation": at.conversation.pk}
    at.sheet.events.append(
        Event(customer=at.session.customer, type=effect.type, payload=payload, created_at=at.sheet.now)
    )

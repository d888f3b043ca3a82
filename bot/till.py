"""Money that moves inside a channel: what the door asks the till, and hears from it, while the sender waits.

Everything else that happens goes into the inbox and is read in its turn. A question before a payment cannot wait for a queue
(Telegram gives ten seconds), and money that came must be written down before the channel is told that it was heard. The till
lives above: it is found by the dotted path in `settings.TILL`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

TOO_LATE = "Не успели проверить заказ. Деньги не списаны, попробуйте ещё раз."


@dataclass(frozen=True, slots=True)
class Question:
    """May this be paid now? `order` is what we wrote on the invoice, `amount` in the smallest coins."""

    id: str
    order: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Money:
    """This was paid. `charge` is the channel's own id of it: told twice, it is one payment."""

    charge: str
    order: str
    amount: int
    currency: str
    provider_charge: str = ""  # by which the provider's cabinet knows it
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes, or no with a sentence for the person."""

    ok: bool
    words: str = ""


class Till(Protocol):
    """What stands at `settings.TILL`. Blocking; called in a thread, outside any transaction."""

    def ask(self, channel_id: int, question: Question) -> Answer:
        """Tell whether this may be paid at this instant."""

    def hear(self, channel_id: int, money: Money) -> None:
        """Write down that money came; the same twice is once. Raises when it could not be written."""


@cache
def till() -> Till:
    """Return the till."""
    found: Till = import_string(settings.TILL)
    return found

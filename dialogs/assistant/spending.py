"""What answers cost, and how much may be spent: a day, a dialogue. The rows are the truth; what is under way counts as spent."""

import datetime as dt
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Sum

from dialogs.assistant.provider import Usage
from dialogs.models import AssistantTurn, Briefing

FRESH_SECONDS = 5.0  # how old the sum of the day may be; what this process spent since is added
MILLION = Decimal(1_000_000)
MILLS = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars for a million tokens."""

    tokens_in: Decimal
    tokens_out: Decimal

    def of(self, usage: Usage) -> Decimal:
        """Return what `usage` cost."""
        cost = (usage.tokens_in * self.tokens_in + usage.tokens_out * self.tokens_out) / MILLION
        return cost.quantize(MILLS)


def price_of(model: str) -> Price:
    """Return the price of a model by the longest name that begins it; an unknown one counts as dear."""
    prices: Mapping[str, tuple[Decimal, Decimal]] = settings.OPENAI_PRICES
    names = sorted((name for name in prices if model.startswith(name)), key=len, reverse=True)
    return Price(*prices[names[0]]) if names else Price(*settings.OPENAI_UNKNOWN_PRICE)


@dataclass(slots=True)
class Purse:
    """The limits as one drain sees them: read anew each time it claims, with what it has under way on top."""

    day_limit: Decimal
    conversation_limit: Decimal
    spent_today: Decimal = Decimal(0)
    spent: dict[int, Decimal] = field(default_factory=dict)  # by conversation
    under_way: dict[int, Decimal] = field(default_factory=dict)  # by turn: the estimate
    looked_at: float = float("-inf")

    def look(self, conversations: Iterable[int], now: dt.datetime) -> None:
        """Read what was spent today, and in these dialogues."""
        rows = AssistantTurn.objects.filter(conversation__in=list(conversations)).values_list("conversation")
        self.spent = dict(rows.annotate(Sum("cost")))
        if time.monotonic() - self.looked_at < FRESH_SECONDS:
            return
        self.looked_at = time.monotonic()
        since = now.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
        today = AssistantTurn.objects.filter(asked_at__gte=since).aggregate(cost=Sum("cost"))["cost"]
        briefings = Briefing.objects.filter(asked_at__gte=since).aggregate(cost=Sum("cost"))["cost"]
        self.spent_today = (today or Decimal(0)) + (briefings or Decimal(0))

    def refuses(self, conversation: int, estimate: Decimal) -> str:
        """Return the code of the limit that `estimate` would break; empty when it may be spent."""
        if self.spent_today + sum(self.under_way.values()) + estimate > self.day_limit:
            return "day_limit"
        if self.spent.get(conversation, Decimal(0)) + estimate > self.conversation_limit:
            return "conversation_limit"
        return ""


def new_purse() -> Purse:
    """Return an empty purse with the limits of the settings."""
    return Purse(settings.ASSISTANT_DAY_LIMIT, settings.ASSISTANT_CONVERSATION_LIMIT)

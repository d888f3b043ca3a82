"""What has moved since the guest looked, in words."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from content.menu.changes import Change, Kind

from dialogs.engine.counter.counter import Counter
from dialogs.engine.shop.bill import roubles


def words_of(counter: Counter, change: Change) -> str:
    """Return one change as the guest reads it."""
    facts = change.facts
    kind = f"{change.kind.value}"
    if change.kind is Kind.TOO_FEW_LEFT and facts.get("left") == "0":
        kind = Kind.OPTION_GONE.value if facts.get("option") else Kind.PRODUCT_GONE.value
    if change.kind is Kind.PRICE_CHANGED and not facts.get("product"):
        kind = "total"
    name = facts.get("promo") or facts.get("product", "")
    reason = facts.get("option") or facts.get("group") or facts.get("hours") or facts.get("reason", "")
    return counter.text(
        f"shop_moved_{kind}",
        answer=name,
        reason=reason,
        total=_sum(facts.get("now", "")),
        was=_sum(facts.get("was", "")),
        count=facts.get("left", ""),
        time=_time(counter, facts.get("opens_at") or facts.get("pickup_at", "")),
    )


def all_words(counter: Counter, changes: Iterable[Change]) -> str:
    """Return the changes as a list, each told once."""
    lines = dict.fromkeys(words_of(counter, change) for change in changes)
    return "\n".join(f"• {line}" for line in lines)


def _sum(value: str) -> str:
    try:
        return roubles(Decimal(value)) if value else ""
    except InvalidOperation:
        return value


def _time(counter: Counter, value: str) -> str:
    try:
        return counter.clock(dt.datetime.fromisoformat(value)) if value else ""
    except ValueError:
        return ""

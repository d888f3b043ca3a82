"""What is not as the guest saw it: each is told and asked about, never silently charged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What moved, and the facts that tell it."""

    PRODUCT_GONE = "product_gone"  # product
    OPTION_GONE = "option_gone"  # product, option (its name), code ("milk:oat")
    GROUP_MISSING = (
        "group_missing"  # product, group (its name), code, least, most: the choice does not fit these limits
    )
    PRICE_CHANGED = "price_changed"  # product, was, now: of one piece
    NOT_NOW = "not_now"  # product, hours
    TOO_FEW_LEFT = "too_few_left"  # product, left; option when it is an option that runs out
    PLACE_PAUSED = "place_paused"  # reason, until (ISO)
    PLACE_CLOSED = "place_closed"  # opens_at (ISO)
    SLOT_FULL = "slot_full"  # pickup_at (ISO)
    PROMO_OVER = "promo_over"  # promo, reason
    LOYALTY_CHANGED = "loyalty_changed"  # was, now


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that moved; `line` is the cart's, None when it is of the whole order."""

    kind: Kind
    line: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the change as it is stored and sent."""
        return {"kind": self.kind.value, "line": self.line, "facts": dict(self.facts)}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Change":
        """Read what `to_json` wrote."""
        return cls(Kind(raw["kind"]), raw["line"], dict(raw["facts"]))

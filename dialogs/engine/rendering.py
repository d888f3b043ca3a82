"""Variables in texts: `{{customer.first_name}}`. Unknown ones are refused at publishing; at run time they vanish."""

import re
from collections.abc import Iterable, Mapping

VARIABLE = re.compile(r"\{\{\s*([\w.\-]+)\s*\}\}")
_SPACE_BEFORE_MARK = re.compile(r"[ \t]+([,.!?;:])")

# What every dialogue may use; `value.<name>` (answers) and `snippet.<key>` come on top.
KNOWN_VARIABLES = frozenset(
    {
        "customer.name",
        "customer.first_name",
        "customer.phone",
        "customer.email",
        "business.name",
        "business.address",
        "business.hours",
        "business.phone",
        "business.email",
        "business.website",
        "business.privacy_url",
        "lead.title",
        "lead.source",
        "lead.product",
        "manager.name",
        "product.name",
        "product.price",
        "product.description",
        "product.audience",
        "payment.product",
        "payment.amount",
        "payment.left",
        "payment.order",
        "answer",
        "count",
        "total",
        "was",
        "time",
        "reason",
        "order.number",
        "order.time",
        "order.amount",
        "order.place",
        "order.reason",
        "order.payment",
        "consent",
        "yes",
        "privacy_link",
        "button",
    }
)


def render(text: str, variables: Mapping[str, str]) -> str:
    """Return `text` with its variables filled in; "Здравствуйте, {{…}}!" without a name reads "Здравствуйте!"."""
    missing = False

    def fill(match: re.Match[str]) -> str:
        nonlocal missing
        value = variables.get(match[1], "")
        missing = missing or not value
        return value

    filled = VARIABLE.sub(fill, text)
    if missing:
        filled = re.sub(r",\s*([!.?])", r"\1", _SPACE_BEFORE_MARK.sub(r"\1", filled))
    return filled.strip()


def variables_in(text: str) -> Iterable[str]:
    """Return the names used in `text`."""
    return VARIABLE.findall(text)


def is_known(name: str) -> bool:
    """Tell whether publishing accepts this variable."""
    return name in KNOWN_VARIABLES or name.startswith(("value.", "snippet."))

"""Which prompts there are, and which `{{placeholders}}` each may use. The words themselves are files in `prompts/`. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dialogs.safety.policies import BadPolicies, parse

POLICIES = "safety_policies"  # the rules of what is never said; `dialogs.safety` reads them
PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
HEADER = re.compile(r"^\[(?P<name>[^\[\]\n]+)\]\s*$", re.MULTILINE)
OPTION = re.compile(r"^\.\s*$", re.MULTILINE)  # a line with one point parts the wordings of a section
LONGEST = 40_000  # characters; a longer one would fill the model's window by itself

_CARD = ("business_name", "customer_name", "profile", "survey_summary", "segment", "stage")
_CUSTOMER = ("customer_name", "business_name", "segment", "goal", "experience", "budget")


@dataclass(frozen=True, slots=True)
class Kind:
    """One prompt: what it may be filled with, and the sections the code reads out of it."""

    placeholders: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    is_for_people: bool = False  # said to customers, not to a model


KINDS: Mapping[str, Kind] = {
    "system_manager": Kind((*_CARD, "today", "scenario", "materials", "products", "slots", "buttons", "goal")),
    "sales_spin_aida": Kind((*_CARD, "summary", "recent_messages", "materials", "products", "goal")),
    POLICIES: Kind(),
    "materials_selector": Kind(
        ("segment", "stage", "goal", "scenario", "last_message", "materials"), ("cold", "warm", "hot")
    ),
    "summarizer": Kind((*_CARD, "recent_messages", "goal")),
    "followups": Kind(
        _CUSTOMER, tuple(f"{hours} {segment}" for hours in (24, 72) for segment in ("cold", "warm", "hot")), True
    ),
    "consult_offer": Kind(
        (*_CUSTOMER, "when"),
        (
            *("offer", "suggest", "time", "custom", "confirm", "booked", "reschedule", "moved", "taken", "cancelled"),
            "reminder",
        ),
        True,
    ),
    "payment_offer": Kind(
        (*_CUSTOMER, "product", "product_description", "price", "paid_product", "paid_amount", "order"),
        ("offer", "suggest", "link", "caution", "claimed", "paid", "failed"),
        True,
    ),
    "help_faq": Kind(("business_name",), ("help",), True),
}


def _problems_of_policies(text: str) -> Iterator[str]:
    try:
        parse(text)
    except BadPolicies as error:
        yield from error.problems


def sections_of(text: str) -> dict[str, tuple[str, ...]]:
    """Return the wordings under each `[header]`; what stands before the first is for people who edit."""
    parts = HEADER.split(text)
    return {name.strip(): _wordings(body) for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def _wordings(body: str) -> tuple[str, ...]:
    return tuple(option.strip() for option in OPTION.split(body) if option.strip())


def problems_in(name: str, text: str, *, thoroughly: bool = False) -> Iterator[str]:
    """Yield what keeps `text` from being the prompt `name`, in words for whoever edits it.

    The safety rules are compiled only `thoroughly`: that takes half a second, which not every start of a process should pay.
    """
    kind = KINDS[name]
    if not text.strip():
        yield "it is empty"
        return
    if len(text) > LONGEST and name != POLICIES:  # no model reads those whole
        yield f"it is longer than {LONGEST} characters"
    if name == POLICIES:
        yield from _problems_of_policies(text) if thoroughly else ()
        return
    for placeholder in dict.fromkeys(PLACEHOLDER.findall(text)):
        if placeholder not in kind.placeholders:
            yield f"{{{{{placeholder}}}}} is not known here; use: {', '.join(kind.placeholders)}"
    if (left := PLACEHOLDER.sub("", text)) and ("{{" in left or "}}" in left):
        yield "a {{placeholder}} is not closed or has a name of other signs than letters and _"
    there = sections_of(text)
    for section in kind.sections:
        if not there.get(section):
            yield f"the section [{section}] is missing or empty"

"""The words of follow-ups: the prompt's sections by hours and segment, filled in for one person."""

import logging
import re
from collections.abc import Mapping
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from crm.models import Customer, Lead
from crm.phones.zones import zone_of_number
from dialogs.prompts.choice import prompt_for
from dialogs.prompts.files import Prompt, PromptError, fill, read

logger = logging.getLogger(__name__)
PROMPT = "followups"
_SECTION = re.compile(r"(?P<hours>\d+)\s+(?P<segment>\w+)")
SEGMENTS = ("cold", "warm", "hot")  # who has no segment yet is taken for the first

Words = tuple[tuple[str, ...], ...]


def words_for(version_id: int | None, customer: Customer, lead: Lead | None, business: str) -> Words:
    """Return the wordings of each follow-up for this person; none when the prompt cannot be read."""
    try:
        prompt = read(PROMPT) if version_id is None else prompt_for(version_id, PROMPT)
    except PromptError:
        logger.exception("the follow-ups cannot be read; nobody is written to")
        return ()
    profile = lead.profile if lead is not None else {}
    values = {
        "customer_name": customer.name.split(" ")[0],
        "business_name": business,
        "segment": customer.segment,
        **{name: str(profile.get(name) or "") for name in ("goal", "experience", "budget")},
    }
    return _for_segment(prompt, customer.segment, values)


def _for_segment(prompt: Prompt, segment: str, values: Mapping[str, str]) -> Words:
    by_hours: dict[int, dict[str, tuple[str, ...]]] = {}
    for name, wordings in prompt.sections.items():
        if (match := _SECTION.fullmatch(name)) is not None:
            by_hours.setdefault(int(match["hours"]), {})[match["segment"]] = wordings
    chosen = (_chosen(by_hours[hours], segment) for hours in sorted(by_hours))
    return tuple(tuple(fill(prompt, values, text=text) for text in wordings) for wordings in chosen)


def _chosen(sections: Mapping[str, tuple[str, ...]], segment: str) -> tuple[str, ...]:
    return next((sections[name] for name in (segment, *SEGMENTS) if name in sections), ())


def zone_of(customer: Customer) -> ZoneInfo | None:
    """Return the customer's own clock: what they told, else what their number tells; None when nobody knows."""
    name = customer.time_zone or (zone_of_number(customer.phone) if customer.phone else None)
    return ZoneInfo(name) if name and name in _zones() else None


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())

"""What is suspicious in a customer's words: nothing is refused for it, but nobody should take it at its word."""

import re
from collections.abc import Iterator

from dialogs.safety.letters import hidden
from dialogs.safety.policies import Policies, shipped
from dialogs.safety.reading import is_language, read
from dialogs.safety.screening import first_match

ENCODED = "encoded"
_MARKERS = re.compile(
    r"<\|.*?\|>|\[/?INST\]|<<SYS>>|^\s*#{2,}\s*(?:system|instruction)|^\s*(?:system|assistant|developer)\s*:|\{\{.*?\}\}"
    r"|[\"']?(?:next_action|reply_text)[\"']?\s*:",
    re.IGNORECASE | re.MULTILINE,
)


def suspect(text: str, *, policies: Policies | None = None) -> tuple[str, ...]:
    """Return the names of the suspicions the words raise: asks_role, asks_prompt, claims_payment, encoded."""
    policies = policies or shipped()
    found = list(_raised(text, policies))
    if _MARKERS.search(text) and "asks_role" not in found:
        found.append("asks_role")
    if not found and any(any(_raised(code, policies)) for code in hidden(text) if is_language(code, policies.lexicon)):
        found.append(ENCODED)
    return tuple(found)


def _raised(text: str, policies: Policies) -> Iterator[str]:
    thoughts = [(thought, thought.present) for thought in read(text, policies.lexicon)]
    for rule in policies.suspicions.values():
        if any(first_match(rule, thought, present) for thought, present in thoughts):
            yield rule.name

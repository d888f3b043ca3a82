"""Texts of a scenario that stand in prompts: `{{prompt.consult_offer.offer}}` is that section, with all its wordings.

A script is filled in when it is loaded, with the versions it is pinned to: to the engine they are texts like any other.
"""

import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from dialogs.prompts.catalogue import KINDS, PLACEHOLDER
from dialogs.prompts.files import PromptError, read

logger = logging.getLogger(__name__)
Wordings = Callable[[str, str], tuple[str, ...]]  # prompt, section -> what it says
REFERENCE = re.compile(r"\{\{\s*prompt\.([a-z_]+)\.([\w-]+)\s*\}\}")
# What prompts call things, and what the engine calls them while it speaks.
AS_VARIABLES = {
    "customer_name": "customer.first_name",
    "business_name": "business.name",
    "goal": "value.goal",
    "experience": "value.experience",
    "budget": "value.budget",
    "segment": "value.segment",
    "when": "answer",
    "product": "product.name",
    "product_description": "product.description",
    "price": "product.price",
    "paid_product": "payment.product",
    "paid_amount": "payment.amount",
    "order": "payment.order",
}


def wordings_of(versions: Mapping[str, int]) -> Wordings:
    """Return the reader of these versions; one that cannot be read gives way to the first, which came with the release."""

    def wordings(name: str, section: str) -> tuple[str, ...]:
        if name not in KINDS or not KINDS[name].is_for_people:
            return ()
        try:
            prompt = read(name, versions.get(name, 1))
        except PromptError as error:
            logger.error("a prompt in use cannot be read, the first version speaks", extra={"reason": str(error)[:200]})
            prompt = read(name, 1)
        return tuple(_for_engine(text) for text in prompt.sections.get(section, ()))

    return wordings


def _for_engine(text: str) -> str:
    return PLACEHOLDER.sub(lambda match: f"{{{{{AS_VARIABLES.get(match[1], match[1])}}}}}", text)


def expanded(raw: Mapping[str, Any], wordings: Wordings) -> dict[str, Any]:
    """Return the script with the prompts' words in place of their names; names nobody knows stay, and are found at publishing."""
    plain = {name: _anywhere(value, wordings) for name, value in raw.items() if name not in ("steps", "texts")}
    for name in ("texts", "steps"):
        if name in raw:
            plain[name] = _texts(raw[name], wordings) if name == "texts" else _steps(raw[name], wordings)
    return plain


def _texts(texts: Any, wordings: Wordings) -> Any:
    if not isinstance(texts, Mapping):
        return texts
    return {name: _several(value, wordings) for name, value in texts.items()}


def _steps(steps: Any, wordings: Wordings) -> Any:
    if not isinstance(steps, Mapping):
        return steps
    return {key: _step(step, wordings) for key, step in steps.items()}


def _step(step: Any, wordings: Wordings) -> Any:
    if not isinstance(step, Mapping):
        return step
    return {
        name: _several(value, wordings) if name == "text" else _anywhere(value, wordings)
        for name, value in step.items()
    }


def _several(value: Any, wordings: Wordings) -> Any:
    """Fill in a text that may have several wordings: a reference alone stands for all of its section's."""
    options = value if isinstance(value, list | tuple) else [value]
    filled = [text for option in options for text in _options(option, wordings)]
    return filled[0] if len(filled) == 1 else filled


def _options(option: Any, wordings: Wordings) -> list[Any]:
    match = REFERENCE.fullmatch(option.strip()) if isinstance(option, str) else None
    whole = list(wordings(match[1], match[2])) if match is not None else []
    return whole or [_anywhere(option, wordings)]


def _anywhere(value: Any, wordings: Wordings) -> Any:
    match value:
        case str() if "prompt." in value:
            return REFERENCE.sub(lambda match: next(iter(wordings(match[1], match[2])), match[0]), value)
        case dict():
            return {name: _anywhere(item, wordings) for name, item in value.items()}
        case list():
            return [_anywhere(item, wordings) for item in value]
    return value

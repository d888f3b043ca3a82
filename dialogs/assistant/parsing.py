"""From a provider's text to a proposal: exactly the JSON of the specification's section 6.3, or nothing."""

import re
from typing import Any

import orjson

from dialogs.assistant.provider import Unusable
from dialogs.engine.proposals import NextAction, Proposal, ProposedButton

MOST_BUTTONS = 8
LONGEST_RAW = 20_000  # characters; what is longer is a provider running wild
_FENCE = re.compile(r"^\s*```(?:json)?\s*|\s*```\s*$")
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["reply_text", "buttons", "next_action", "confidence"],
    "properties": {
        "reply_text": {"type": "string"},
        "buttons": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["text", "callback"],
                "properties": {"text": {"type": "string"}, "callback": {"type": "string"}},
            },
        },
        "next_action": {"type": "string", "enum": [action.value for action in NextAction]},
        "confidence": {"type": "number"},
    },
}


def proposal_of(raw: str) -> Proposal:
    """Return the proposal in a provider's words; raises `Unusable` and says why."""
    if len(raw) > LONGEST_RAW:
        raise Unusable("longer than any answer", raw=raw[:LONGEST_RAW])
    try:
        data = orjson.loads(_FENCE.sub("", raw))
    except orjson.JSONDecodeError as error:
        raise Unusable(f"no JSON: {error}"[:200], raw=raw) from error
    try:
        return _proposal(data)
    except (KeyError, TypeError, ValueError) as error:
        raise Unusable(f"another shape: {type(error).__name__} {error}"[:200], raw=raw) from error


def _proposal(data: Any) -> Proposal:
    text = data["reply_text"]
    if not isinstance(text, str) or not text.strip():
        raise ValueError("reply_text says nothing")
    confidence = data["confidence"]
    if isinstance(confidence, bool) or not isinstance(confidence, int | float) or not 0 <= confidence <= 1:
        raise ValueError("confidence is no number from 0 to 1")
    buttons = data["buttons"]
    if not isinstance(buttons, list):
        raise TypeError("buttons is no list")
    return Proposal(
        reply_text=text.strip(),
        buttons=tuple(_button(item) for item in buttons[:MOST_BUTTONS]),
        next_action=NextAction(data["next_action"]),
        confidence=float(confidence),
    )


def _button(item: Any) -> ProposedButton:
    if not (isinstance(item["text"], str) and isinstance(item["callback"], str)):
        raise TypeError("a button is two texts")
    return ProposedButton(item["text"], item["callback"])


def to_json(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as the same JSON."""
    return {
        "reply_text": proposal.reply_text,
        "buttons": [{"text": button.text, "callback": button.callback} for button in proposal.buttons],
        "next_action": proposal.next_action.value,
        "confidence": proposal.confidence,
    }


def raw_of(proposal: Proposal) -> str:
    """Return the text `proposal_of` would read back."""
    return orjson.dumps(to_json(proposal)).decode()

"""The LLM proposes, code decides: the rules of what is said, each small and by name."""

from dialogs.engine.policy.deciding import RULES, decide
from dialogs.engine.policy.facts import KnownMaterial, KnownProduct, PolicyFacts
from dialogs.engine.policy.offers import doubts_after
from dialogs.engine.policy.signals import signals_in

__all__ = [
    "RULES",
    "KnownMaterial",
    "KnownProduct",
    "PolicyFacts",
    "decide",
    "doubts_after",
    "signals_in",
]

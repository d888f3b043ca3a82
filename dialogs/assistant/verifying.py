"""Judging turns again from their records: the same facts and the same raw output must give the same verdicts and words."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from dialogs.assistant import ruleset
from dialogs.assistant.judging import policies_of, screened
from dialogs.assistant.parsing import proposal_of
from dialogs.assistant.provider import Unusable
from dialogs.engine.policy import PolicyFacts, decide
from dialogs.models import AssistantTurn

CHUNK = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one turn. Without a record it cannot be judged: an erased person leaves none."""

    turn: int
    differences: tuple[str, ...] = ()
    has_record: bool = True
    same_rules: bool = True  # judged by the very rules this process runs


def verify(turn: AssistantTurn) -> Finding:
    """Judge one decided turn again."""
    screening, facts = turn.facts.get("screening"), turn.facts.get("policy")
    if not turn.raw or screening is None or facts is None:
        return Finding(turn.pk, has_record=False)
    same_rules = screening.get("rules") == ruleset.mark()
    try:
        proposed = proposal_of(turn.raw)
    except Unusable as error:
        return Finding(turn.pk, (f"raw output: {error}",), same_rules=same_rules)
    policies = policies_of(turn.conversation.version_id)
    proposal, safety = screened(proposed, policies, own_contacts=tuple(screening.get("own_contacts", ())))
    decision = asdict(decide(proposal, PolicyFacts.from_json(facts)))
    verdicts = [asdict(verdict) for verdict in safety] + list(decision.pop("verdicts"))
    return Finding(turn.pk, tuple(_differences(turn, decision, verdicts)), same_rules=same_rules)


def _differences(turn: AssistantTurn, decision: dict[str, Any], verdicts: list[dict[str, Any]]) -> Iterator[str]:
    recorded = {name: turn.decision.get(name) for name in decision}
    for name, value in decision.items():
        plain = list(value) if isinstance(value, tuple) else value
        if recorded[name] != plain:
            yield f"{name}: was {recorded[name]!r}, would be {plain!r}"
    if turn.final_text != decision["text"]:
        yield f"final text: was {turn.final_text!r}, would be {decision['text']!r}"
    before = {(item["rule"], item["allowed"], item["reason"]) for item in turn.verdicts}
    after = {(item["rule"], item["allowed"], item["reason"]) for item in verdicts}
    for rule, allowed, reason in sorted(before ^ after):
        yield f"verdict {rule}: {'was' if (rule, allowed, reason) in before else 'would be'} {allowed} {reason}".rstrip()


def verify_all(*, newest: int | None = None) -> Iterator[Finding]:
    """Judge every decided turn again, newest first, a chunk of rows at a time."""
    rows = AssistantTurn.objects.filter(status=AssistantTurn.Status.DECIDED).order_by("-pk")
    below, left = None, newest
    while left is None or left > 0:
        size = CHUNK if left is None else min(CHUNK, left)
        chunk = list((rows if below is None else rows.filter(pk__lt=below)).select_related("conversation")[:size])
        if not chunk:
            return
        yield from map(verify, chunk)
        below, left = chunk[-1].pk, None if left is None else left - len(chunk)

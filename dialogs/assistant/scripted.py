"""The assistant without an LLM: a seller by rules. It answers with something of value, one question and a next step.

A function of the context, so it works with no key, no network and no database, and is tested as a table.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dialogs.assistant.context import Context
from dialogs.assistant.lines import (
    ACKNOWLEDGED,
    ANSWERS,
    BACK,
    OFFER_CONSULT,
    OFFER_PAYMENT,
    OPENINGS,
    QUESTIONS,
    UNKNOWN,
    WARY,
)
from dialogs.assistant.parsing import raw_of
from dialogs.assistant.provider import Answer, Request
from dialogs.engine.doubts import doubts_in
from dialogs.engine.personas import ANYBODY
from dialogs.engine.policy import KnownMaterial, signals_in
from dialogs.engine.policy.signals import Signal
from dialogs.engine.proposals import NextAction, Proposal

SURE, UNSURE = 0.9, 0.4
PATIENCE = 3  # answers to questions before something is offered to a warm customer; a hot one waits for none
_ARGUMENTS = ("argument", "faq")
_PROOFS = ("case", "review", "article")


class ScriptedProvider:
    """The provider that is always there."""

    name = "scripted"

    async def answer(self, request: Request, *, seconds: float) -> Answer:
        """Return a proposal at once."""
        await asyncio.sleep(0)
        return answer(request.context)


def answer(context: Context) -> Answer:
    """Return what a seller by rules would say."""
    proposal = propose(context)
    return Answer(raw_of(proposal), proposal, model="rules")


@dataclass(frozen=True, slots=True)
class _Talk:
    """The context, and what the rules ask of it again and again."""

    context: Context
    said: str
    doubts: tuple[str, ...]
    signals: frozenset[Signal]

    def fresh(self, texts: Sequence[str]) -> str:
        """Return the first text that has not been said lately, else the one said longest ago; "" when there is none."""
        heard = "\n".join(self.context.recent)
        return next(
            (text for text in texts if text not in heard), texts[self.context.turn % len(texts)] if texts else ""
        )

    @property
    def questions(self) -> tuple[str, ...]:
        """The persona's questions that have not been asked."""
        own = self.context.manners.questions or QUESTIONS.get(self.context.persona, QUESTIONS[ANYBODY])
        heard = "\n".join(self.context.recent)
        return tuple(text for text in own if text not in heard)

    def material(self, kinds: Iterable[str] = (), *, only_apt: bool = False) -> KnownMaterial | None:
        """Return the first candidate of these kinds (any, when none is named) that has not been told."""
        heard, wanted = "\n".join(self.context.recent), set(kinds)
        fitting = (item for item in self.context.materials if not wanted or item.kind in wanted)
        apt = (item for item in fitting if not only_apt or item.key in self.context.apt)
        return next((item for item in apt if item.title not in heard and item.text not in heard), None)


def propose(context: Context) -> Proposal:
    """Return the proposal of the first rule that has something to say."""
    talk = _Talk(context, context.said, doubts_in(context.said), signals_in(context.said))
    for rule in (
        _opening,
        _wary,
        _payment_wanted,
        _consultation_wanted,
        _doubt,
        _question,
        _time_to_offer,
        _next_question,
    ):
        if (proposal := rule(talk)) is not None:
            return proposal
    return _something_of_value(talk)


def _opening(talk: _Talk) -> Proposal | None:
    """Speak first, or anew when the talk comes back here."""
    if talk.said:
        return None
    lines = OPENINGS if not talk.context.recent else BACK
    words = talk.fresh(lines.get(talk.context.persona, lines[ANYBODY]))
    if talk.context.segment == "hot" and talk.context.can_book and talk.context.last_offer != NextAction.OFFER_CONSULT:
        return _propose(NextAction.OFFER_CONSULT, words, talk.fresh(OFFER_CONSULT))
    return _reply(talk, words, question=True)


def _wary(talk: _Talk) -> Proposal | None:
    """Answer words that try something: they change neither what is paid nor who speaks."""
    tried = next((name for name in WARY if name in talk.context.suspicions), "")
    if not tried and "encoded" in talk.context.suspicions:
        tried = "asks_role"
    return _reply(talk, talk.fresh(WARY[tried]), question=tried != "claims_payment") if tried else None


def _payment_wanted(talk: _Talk) -> Proposal | None:
    if Signal.PAY not in talk.signals or not (talk.context.can_pay and talk.context.products):
        return None
    product = talk.context.products[0]
    words = f"{product.title} — {_price(product.price)}.\n\n{product.text}"
    return _propose(NextAction.OFFER_PAYMENT, words, talk.fresh(OFFER_PAYMENT))


def _consultation_wanted(talk: _Talk) -> Proposal | None:
    if not talk.signals or not talk.context.can_book:
        return None
    return _propose(NextAction.OFFER_CONSULT, talk.fresh(OFFER_CONSULT))


def _doubt(talk: _Talk) -> Proposal | None:
    """Answer a doubt by the script, then by a material, and only then go on."""
    if not talk.doubts:
        return None
    codes, manners = talk.doubts, talk.context.manners
    own = next((manners.objections[code] for code in codes if code in manners.objections), ())
    argument = None if own else talk.material(_ARGUMENTS, only_apt=True)
    words = _shown(argument) or talk.fresh(own or ANSWERS[codes[0]])
    proof = talk.material(_PROOFS, only_apt=True)
    if talk.context.can_book and talk.context.turn > 1 and talk.context.last_offer != NextAction.OFFER_CONSULT:
        return _propose(NextAction.OFFER_CONSULT, words, _shown(proof), talk.fresh(OFFER_CONSULT))
    return _reply(talk, words, _shown(proof), question=True)


def _question(talk: _Talk) -> Proposal | None:
    """Answer a question from the library if a material speaks of it; else say honestly who will."""
    if "?" not in talk.said:
        return None
    if (found := _about(talk.said, talk.context.materials)) is not None and found.text:
        return _reply(talk, _shown(found), question=True)
    if talk.context.can_book and talk.context.last_offer != NextAction.OFFER_CONSULT:
        return _propose(NextAction.OFFER_CONSULT, talk.fresh(UNKNOWN), talk.fresh(OFFER_CONSULT), confidence=UNSURE)
    return _reply(talk, talk.fresh(UNKNOWN), question=True, confidence=UNSURE)


def _time_to_offer(talk: _Talk) -> Proposal | None:
    """Offer the consultation once enough is known; a second time only with a proof not shown before."""
    context = talk.context
    ready = context.segment == "hot" or context.turn > PATIENCE or not talk.questions
    proof = talk.material(("case", "review"))
    if not ready or not context.can_book or context.last_offer == NextAction.OFFER_CONSULT:
        return None
    return _propose(NextAction.OFFER_CONSULT, talk.fresh(ACKNOWLEDGED), _shown(proof), talk.fresh(OFFER_CONSULT))


def _next_question(talk: _Talk) -> Proposal | None:
    if not talk.questions:
        return None
    return _reply(talk, talk.fresh(ACKNOWLEDGED), _shown(talk.material()), question=True)


def _something_of_value(talk: _Talk) -> Proposal:
    proof = talk.material()
    words = _shown(proof) or talk.fresh(BACK.get(talk.context.persona, BACK[ANYBODY]))
    return _propose(NextAction.SHOW_MATERIALS if proof else NextAction.ASK, talk.fresh(ACKNOWLEDGED), words)


def _reply(talk: _Talk, *parts: str, question: bool, confidence: float = SURE) -> Proposal:
    """Say something and ask the next question, unless the words ask one already."""
    asks = any("?" in part for part in parts)
    ending = talk.questions[0] if question and talk.questions and not asks else ""
    return replace(_propose(NextAction.ASK, *parts, ending), confidence=confidence)


def _propose(action: NextAction, *parts: str, confidence: float = SURE) -> Proposal:
    return Proposal("\n\n".join(part for part in parts if part), (), action, confidence)


def _shown(material: KnownMaterial | None) -> str:
    """Return a material as one tells it: what it says, and where it can be read."""
    if material is None:
        return ""
    head = "" if material.kind in _ARGUMENTS else f"{material.title}. "
    return " ".join(part for part in (head.strip(), material.text, material.url) if part)


def _price(price: str) -> str:
    whole, _, cents = price.partition(".")
    grouped = f"{int(whole):,}".replace(",", "\u00a0")
    return f"{grouped},{cents} ₽" if cents.strip("0") else f"{grouped} ₽"


def _about(question: str, materials: Sequence[KnownMaterial]) -> KnownMaterial | None:
    """Return the material whose title and text share most words with the question, by their first letters."""
    asked = _stems(question)
    best = max(
        materials, key=lambda item: len(asked & _stems(item.title)) * 2 + len(asked & _stems(item.text)), default=None
    )
    return best if best is not None and len(asked & _stems(f"{best.title} {best.text}")) >= 2 else None


def _stems(text: str) -> set[str]:
    words = "".join(char if char.isalnum() else " " for char in text.casefold().replace("ё", "е")).split()
    return {word[:5] for word in words if len(word) > 3}

"""From claimed turns to requests: everything a provider and the policy may know, in a few queries for the whole batch."""

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from bot.models import Chat
from crm.models import Customer
from dialogs.assistant import prompting
from dialogs.assistant.context import Context, Line, tokens_of, within, without_contacts
from dialogs.assistant.judging import policies_of
from dialogs.assistant.materials import PROOFS, answers_doubt, known_material, known_product, pick, products_for
from dialogs.assistant.prompting import OwnWords
from dialogs.assistant.provider import Request
from dialogs.assistant.shelves import Shelf, shelves
from dialogs.engine.doubts import doubts_in
from dialogs.engine.policy import PolicyFacts
from dialogs.engine.state import Mode, State
from dialogs.engine.steps.assistant import Assistant
from dialogs.models import AssistantTurn
from dialogs.prompts.files import PromptError
from dialogs.publishing import script_of
from dialogs.safety.policies import Policies
from dialogs.safety.suspicion import suspect

logger = logging.getLogger(__name__)
MESSAGES = 14  # of the talk that a provider is shown
CANDIDATES, SPARE_PROOFS = 3, 3
SLOTS_SHOWN = 6
PRIVATE = ("phone", "email", "name", "payload")  # answers that stay here
LINES_SQL = """
SELECT c.id, m.role, m.text FROM unnest(%s::bigint[]) AS c(id) CROSS JOIN LATERAL (
    SELECT id, role, text FROM bot_message WHERE chat_id = c.id AND text <> ''
      AND status NOT IN ('canceled', 'failed') ORDER BY id DESC LIMIT %s) m ORDER BY c.id, m.id
"""


@dataclass(frozen=True, slots=True)
class Brief:
    """One claimed turn with all that is known about it."""

    turn: AssistantTurn
    request: Request
    facts: Mapping[str, Any]  # of the policy, as plain JSON
    own_contacts: tuple[str, ...] = ()  # what of the business may be named

    @property
    def chat(self) -> Chat:
        """Whose turn it is."""
        return self.turn.conversation.chat

    @property
    def tokens(self) -> int:
        """How much of a provider's attention it takes at most."""
        context = self.request.context
        words = sum(tokens_of(line.text) for line in context.lines)
        return tokens_of(self.request.instructions) + words + settings.ASSISTANT_CONTEXT_TOKENS // 2


def is_wanted(turn: AssistantTurn) -> bool:
    """Tell whether the answer could still be said: nobody took the chat over, nothing ended, nothing newer was asked."""
    state = State.from_json(turn.conversation.state)
    chat = turn.conversation.chat
    same_hands = chat.epoch == turn.epoch and chat.speaker == Chat.Speaker.BOT
    return same_hands and state.mode is Mode.TALKING and state.assistant.request == turn.request


def briefs_for(turns: Sequence[AssistantTurn], now: dt.datetime) -> list[Brief]:
    """Return the brief of each turn; its rows are read with conversation, chat, channel and customer."""
    lines = _lines([turn.conversation.chat_id for turn in turns])
    return [_safely_briefed(turn, lines.get(turn.conversation.chat_id, ()), now) for turn in turns]


def _safely_briefed(turn: AssistantTurn, lines: tuple[Line, ...], now: dt.datetime) -> Brief:
    """Return the brief; of a turn that cannot be briefed only the words, which is enough for the scripted assistant."""
    try:
        return _brief(turn, lines, now)
    except Exception:  # one broken row must not hold up the others of the batch
        logger.exception("a question could not be briefed", extra={"turn": turn.pk})
        return Brief(turn, Request(Context(lines=lines, turn=turn.request)), PolicyFacts().to_json())


def _lines(chat_ids: Sequence[int]) -> dict[int, tuple[Line, ...]]:
    found: dict[int, list[Line]] = {}
    with connection.cursor() as cursor:
        cursor.execute(LINES_SQL, [list(chat_ids), MESSAGES])
        for chat_id, role, text in cursor.fetchall():
            found.setdefault(chat_id, []).append(Line(role, without_contacts(text)))
    return {chat_id: tuple(lines) for chat_id, lines in found.items()}


def _brief(turn: AssistantTurn, lines: tuple[Line, ...], now: dt.datetime) -> Brief:
    conversation = turn.conversation
    script = script_of(conversation.version_id)
    step = script.steps.get(turn.step)
    step = step if isinstance(step, Assistant) else Assistant(key=turn.step, wordings=(), tries=0)
    shelf, state = shelves.of(script.key), State.from_json(conversation.state)
    policies = policies_of(conversation.version_id)
    context = context_of(conversation.customer, step, shelf, state, lines, policies=policies)
    instructions, versions = _instructions(context, conversation.version_id, today=_today(shelf, now))
    own = prompting.own_words(conversation.version_id)
    facts = facts_of(context, shelf, state, own, today=_today(shelf, now))
    context = within(context, settings.ASSISTANT_CONTEXT_TOKENS)
    return Brief(turn, Request(context, instructions, versions), facts, shelf.contacts)


def _instructions(context: Context, version_id: int, *, today: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the prompt; "" when its file cannot be read: the scripted assistant needs none."""
    try:
        return prompting.instructions_for(context, version_id, today=today)
    except PromptError as error:
        logger.error("a prompt cannot be used", extra={"reason": str(error)})
        return "", ()


def context_of(
    customer: Customer,
    step: Assistant,
    shelf: Shelf,
    state: State,
    lines: tuple[Line, ...],
    *,
    policies: Policies | None = None,
) -> Context:
    """Return what a provider may know of a dialogue that stands at `state`."""
    persona = customer.persona or str(state.values.get("persona", ""))
    manners = step.persona(persona)
    context = Context(
        business=shelf.business.name,
        name=customer.name.split(" ")[0],
        source=customer.source,
        language=customer.language,
        segment=customer.segment,
        stage=customer.funnel_stage,
        persona=persona,
        manners=manners,
        answers={name: without_contacts(text) for name, text in state.values.items() if name not in PRIVATE},
        said=without_contacts(state.assistant.about),
        lines=lines,
        last_offer=state.assistant.offer,
        turn=state.assistant.request,
        can_book=bool(step.offer_consult),
        can_pay=bool(step.offer_payment),
    )
    context = replace(context, suspicions=suspect(context.said, policies=policies))
    doubts = doubts_in(context.said)
    chosen = pick(
        shelf.materials,
        segment=customer.segment,
        tags=(*manners.tags, persona),
        stage=customer.funnel_stage,
        doubts=doubts,
        shown=state.assistant.shown,
        k=CANDIDATES,
    )
    products = products_for(shelf.products, persona)
    return replace(
        context,
        materials=tuple(known_material(item) for item in chosen),
        apt=tuple(item.key for item in chosen if answers_doubt(item, doubts)),
        products=tuple(known_product(item) for item in products),
        slots=shelf.slots[:SLOTS_SHOWN] if step.offer_consult else (),
        buttons=_buttons(step, [item.code for item in products]),
    )


def _buttons(step: Assistant, products: Sequence[str]) -> dict[str, str]:
    """Return what a provider may put on a button, and what for."""
    offered = {f"{step.key}:consult": "записаться на консультацию"} if step.offer_consult else {}
    if step.offer_payment and products:
        offered[f"{step.key}:pay"] = "получить ссылку на оплату программы"
    more = {f"{step.key}:more": "узнать подробнее", f"{step.key}:manager": "позвать менеджера"}
    return {**offered, **more, **{data: data for data in step.buttons}}


def facts_of(context: Context, shelf: Shelf, state: State, own: OwnWords, *, today: str) -> dict[str, Any]:
    """Return what the policy may know of the outside; what the dialogue itself knows is added by its step."""
    keys = {item.key for item in context.materials}
    shown = state.assistant.shown
    proofs = [item for item in shelf.materials if item.type in PROOFS and item.key not in (*keys, *shown)]
    fitting = [item for item in proofs if not item.segments or context.segment in ("", *item.segments)]
    spare = tuple(known_material(item) for item in fitting[:SPARE_PROOFS])
    return PolicyFacts(
        segment=context.segment,
        said=context.said,
        suspicions=context.suspicions,
        recent=context.recent,
        materials=(*context.materials, *spare),
        products=context.products,
        today=today,
        slots=shelf.slots,
        known=(*_known(shelf), *own.known),
        phrases=own.phrases,
        faq=tuple(faq.key for faq in shelf.faqs),
        has_bonus=shelf.has_bonus,
    ).to_json()


def _known(shelf: Shelf) -> tuple[str, ...]:
    return (*filter(None, shelf.business.variables().values()), *(faq.answer for faq in shelf.faqs))


def _today(shelf: Shelf, now: dt.datetime) -> str:
    return now.astimezone(ZoneInfo(shelf.business.time_zone)).date().isoformat()

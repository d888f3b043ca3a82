"""The drain: claims questions, keeps many calls in flight in the one loop of this process, settles what lands.

Turns and deliveries have workers of their own; nothing here is waited for by anybody but the customer who asked.
"""

import asyncio
import datetime as dt
import logging
import threading
import time
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any, Protocol

from django.conf import settings
from django.utils import timezone

from bot import courtesy, metrics
from bot.nudges import nudge
from bot.sender import Flight
from dialogs.assistant import breaker, scripted, spending
from dialogs.assistant.briefing import Brief, briefs_for, is_wanted
from dialogs.assistant.claiming import RENEW_SECONDS, claim, renew
from dialogs.assistant.provider import Misconfigured, Provider, ProviderError, Usage
from dialogs.assistant.providers import current_provider
from dialogs.assistant.settling import Outcome, judged, settle
from dialogs.models import AssistantTurn

logger = logging.getLogger(__name__)
OWN_SECONDS = 1.0  # an answer not heard elsewhere by then is heard by the worker of turns
IN_FLIGHT = 256  # calls at once from one process
BATCH = 64  # questions briefed at once: the first of them leave while the next are read
DRAIN_SECONDS = 60.0  # one task works no longer than this, then lets the next one begin
LINGER_SECONDS = 1.0  # it waits this long for the next question: a nudge takes longer than a look
LOOK_SECONDS = 0.05
MOST_CLAIMS = 2  # a question whose worker died twice is answered by the scripted assistant
OVERDUE_SECONDS = 30.0  # what nobody works at for so long is answered by the sweep
MISCONFIGURED_REST = 120.0  # seconds; nobody mends a key sooner
FORGOTTEN = dt.timedelta(minutes=10)
_draining = threading.Lock()


class Hear(Protocol):
    """Takes the turns of these chats, the events of the next `ahead` seconds included."""

    def __call__(self, chat_ids: Sequence[int], *, ahead: float) -> None: ...


class Thinking:
    """One drain of the questions."""

    def __init__(
        self,
        provider: Provider | None = None,
        *,
        seconds: float = DRAIN_SECONDS,
        linger: float = LINGER_SECONDS,
        hear: Hear | None = None,
    ) -> None:
        # Deciding takes thought: `hear` has the turns of what was settled taken elsewhere, and the worker of turns, who has
        # others to answer, takes only what is left. Without it he takes them all.
        self._hear = hear
        self._provider = provider or current_provider()
        self._deadline = time.monotonic() + seconds
        self._linger = linger
        self._flight: Flight[Outcome] = Flight()
        self._thinking: dict[int, Brief] = {}
        self._unsettled: list[Outcome] = []
        self._purse = spending.new_purse()
        self._renewed_at = time.monotonic()

    def run(self) -> bool:
        """Answer until nothing is asked or time is up; return True when more may be asked."""
        idle_since = time.monotonic()
        while time.monotonic() < self._deadline:
            if self._launch(claim(min(BATCH, IN_FLIGHT - self._flight.in_flight))) or self._thinking:
                idle_since = time.monotonic()
            elif time.monotonic() - idle_since >= self._linger:
                return False
            self._land(timeout=LOOK_SECONDS)
        return True

    def finish(self) -> None:
        """Wait for what is in flight; claims nothing new."""
        while self._flight.in_flight or self._unsettled:
            self._land(timeout=LOOK_SECONDS)

    def _launch(self, turns: Sequence[AssistantTurn]) -> int:
        # A lease that ran out under our own hands, as when this process stood still, was only renewed by this claim.
        turns = [turn for turn in turns if turn.pk not in self._thinking]
        wanted = [turn for turn in turns if is_wanted(turn)]
        drop([turn for turn in turns if turn not in wanted])
        if not wanted:
            return 0
        briefs = briefs_for(wanted, timezone.now())
        self._purse.look([brief.turn.conversation_id for brief in briefs], timezone.now())
        self._flight.launch([self._job(brief) for brief in briefs])
        for brief in briefs:
            self._thinking[brief.turn.pk] = brief
            courtesy.show_typing(brief.chat)
        return len(wanted)

    def _job(self, brief: Brief) -> Coroutine[Any, Any, Outcome]:
        reason = self._why_scripted(brief)
        return _scripted(brief, reason) if reason else _ask(self._provider, brief)

    def _why_scripted(self, brief: Brief) -> str:
        """Return why the provider is not asked; empty when it is."""
        if self._provider.name == scripted.ScriptedProvider.name:
            return "no_key"
        if not brief.request.instructions:
            return "prompt"
        if brief.turn.attempts > MOST_CLAIMS:
            return "late"
        estimate = spending.price_of(settings.OPENAI_MODEL).of(Usage(brief.tokens, settings.ASSISTANT_ANSWER_TOKENS))
        if limit := self._purse.refuses(brief.turn.conversation_id, estimate):
            return limit
        if not breaker.allows():
            return "breaker"
        self._purse.under_way[brief.turn.pk] = estimate
        return ""

    def _land(self, *, timeout: float) -> None:
        outcomes = self._flight.collect(timeout=timeout)
        for outcome in outcomes:
            self._thinking.pop(outcome.brief.turn.pk, None)
            self._purse.under_way.pop(outcome.brief.turn.pk, None)
            self._purse.spent_today += outcome.cost
            metrics.count("assistant_answers", provider=outcome.provider, fallback=outcome.fallback or "none")
        tell_breaker(outcomes)
        self._settle(outcomes)
        if self._thinking and time.monotonic() - self._renewed_at > RENEW_SECONDS:
            self._renewed_at = time.monotonic()
            renew(list(self._thinking))
            for brief in self._thinking.values():
                courtesy.show_typing(brief.chat)  # it fades after five seconds

    def _settle(self, outcomes: Sequence[Outcome]) -> None:
        waiting = [*self._unsettled, *map(judged, outcomes)]
        self._unsettled = settle(waiting, window=OWN_SECONDS if self._hear else 0.0)
        left = {outcome.brief.turn.pk for outcome in self._unsettled}
        settled = [outcome.brief.chat.pk for outcome in waiting if outcome.brief.turn.pk not in left]
        if self._hear and settled:
            self._hear(settled, ahead=OWN_SECONDS)


async def _ask(provider: Provider, brief: Brief) -> Outcome:
    """Ask the provider; whatever goes wrong, the scripted assistant answers."""
    begun = time.monotonic()
    try:
        answer = await provider.answer(brief.request, seconds=settings.ASSISTANT_DEADLINE_SECONDS)
    except ProviderError as error:
        return _after(error, brief, begun)
    except Exception as error:
        logger.exception("a provider raised what it should have translated", extra={"provider": provider.name})
        return _after(ProviderError(type(error).__name__), brief, begun)
    cost = spending.price_of(answer.model).of(answer.usage)
    return Outcome(brief, answer, provider.name, cost=cost, latency_ms=_since(begun))


def _after(error: ProviderError, brief: Brief, begun: float) -> Outcome:
    """Return the scripted answer, with what the failed call cost."""
    logger.info("the scripted assistant answers", extra={"reason": error.code, "detail": str(error)[:200]})
    answer = replace(scripted.answer(brief.request.context), usage=error.usage)
    cost = spending.price_of(settings.OPENAI_MODEL).of(error.usage)
    return Outcome(brief, answer, scripted.ScriptedProvider.name, cost, error.code, _since(begun), error)


async def _scripted(brief: Brief, reason: str) -> Outcome:
    await asyncio.sleep(0)
    return answered_by_rules(brief, reason)


def answered_by_rules(brief: Brief, reason: str) -> Outcome:
    """Return what the scripted assistant says, and why it was asked."""
    return Outcome(brief, scripted.answer(brief.request.context), scripted.ScriptedProvider.name, fallback=reason)


def tell_breaker(outcomes: Sequence[Outcome]) -> None:
    """Let all processes know how the provider is."""
    if any(outcome.was_answered for outcome in outcomes):
        breaker.succeeded()
        return
    for outcome in outcomes:
        match outcome.failure:
            case Misconfigured():
                breaker.failed(rest=MISCONFIGURED_REST)
            case ProviderError(speaks_of_provider=True) as failure:
                breaker.failed(rest=failure.wait)


def _since(begun: float) -> int:
    return int((time.monotonic() - begun) * 1000)


def drop(turns: Sequence[AssistantTurn]) -> None:
    """Mark questions nobody wants answered any more."""
    if turns:
        stale = AssistantTurn.objects.filter(pk__in=[turn.pk for turn in turns], status=AssistantTurn.Status.ASKED)
        stale.update(status=AssistantTurn.Status.STALE, decided_at=timezone.now())


def answer_overdue(*, older_than: float = OVERDUE_SECONDS) -> int:
    """Let the scripted assistant answer what nobody works at, as when its worker is down; return how many."""
    turns = claim(BATCH, older_than=older_than)
    wanted = [turn for turn in turns if is_wanted(turn)]
    drop([turn for turn in turns if turn not in wanted])
    if wanted:
        settle([judged(answered_by_rules(brief, "late")) for brief in briefs_for(wanted, timezone.now())])
    return len(wanted)


def settle_forgotten(*, older_than: dt.timedelta = FORGOTTEN) -> int:
    """Mark answers no dialogue will hear any more, as when a new one has begun; return how many."""
    answered = AssistantTurn.objects.filter(status=AssistantTurn.Status.ANSWERED)
    old = answered.filter(answered_at__lt=timezone.now() - older_than)
    forgotten: int = old.update(status=AssistantTurn.Status.STALE, decided_at=timezone.now())
    return forgotten


def think_till_idle(hear: Hear | None = None) -> None:
    """Drain until nothing is asked. One drain is enough for a process; the next may begin while this one waits for its last
    answers: they hold up nobody."""
    if not _draining.acquire(blocking=False):
        return
    try:
        thinking = Thinking(hear=hear)
        thinking.run()
    finally:
        _draining.release()
    # A question put between the last look and the release found the door closed.
    if AssistantTurn.objects.filter(status=AssistantTurn.Status.ASKED, claimed_at=None).exists():
        nudge(settings.ASSISTANT_READY_TASK)
    thinking.finish()

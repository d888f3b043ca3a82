"""One text by the model: for our own people, so it may take its time, and where none comes our rules write it."""

import logging
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from bot.sender import submit
from dialogs.assistant import breaker, spending
from dialogs.assistant.context import Context, Line, tokens_of, without_contacts
from dialogs.assistant.judging import policies_of
from dialogs.assistant.provider import ProviderError, Request, Usage
from dialogs.assistant.providers import current_provider
from dialogs.assistant.scripted import ScriptedProvider
from dialogs.safety.screening import screen

logger = logging.getLogger(__name__)
SECONDS = 40.0  # nobody waits at a screen for longer, and the worker has other things to do
# The provider knows one shape of an answer, the one of the talk; the text is put into it.
AS_JSON = 'Текст положи в поле reply_text; buttons — пустой список, next_action — "ask", confidence — 1.'
GO_AHEAD = "Составь текст по инструкции."


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a request. No text: `fallback` says why."""

    text: str = ""
    provider: str = ScriptedProvider.name
    model: str = ""
    fallback: str = ""
    usage: Usage = field(default_factory=Usage)
    cost: Decimal = Decimal(0)

    def refused(self, reason: str) -> "Written":
        """Return the same without its text: it cannot be used, and was paid for."""
        return replace(self, text="", provider=ScriptedProvider.name, fallback=reason)


def has_model() -> bool:
    """Tell whether there is anybody to ask."""
    return bool(settings.OPENAI_API_KEY)


def write_text(instructions: str, *, conversation: int, version_id: int, most: int) -> Written:
    """Return a text of at most `most` characters about a dialogue; never raises for what a provider does."""
    provider = current_provider()
    told = without_contacts_in(instructions)
    if reason := _why_not(provider.name, told, conversation):
        return Written(fallback=reason)
    request = Request(Context(said=GO_AHEAD, lines=(Line("user", GO_AHEAD),)), f"{told}\n\n{AS_JSON}")
    try:
        answer = submit(provider.answer(request, seconds=SECONDS)).result(timeout=SECONDS + 5)
    except TimeoutError:
        return Written(fallback="too_slow")
    except ProviderError as error:
        if error.speaks_of_provider:
            breaker.failed(rest=error.wait)
        return Written(fallback=error.code, usage=error.usage, cost=_cost(settings.OPENAI_MODEL, error.usage))
    breaker.succeeded()
    text = answer.proposal.reply_text.strip()
    written = Written(text, provider.name, answer.model, "", answer.usage, _cost(answer.model, answer.usage))
    if len(text) > most:
        return written.refused("too_long")
    if not screen(text, policies=policies_of(version_id)).is_allowed:
        return written.refused("screened")
    return written


def without_contacts_in(instructions: str) -> str:
    """Return the instructions line by line without numbers and addresses of people."""
    return "\n".join(without_contacts(line) for line in instructions.split("\n"))


def _why_not(provider: str, instructions: str, conversation: int) -> str:
    if provider == ScriptedProvider.name:
        return "no_key"
    purse = spending.new_purse()
    purse.look([conversation], timezone.now())
    estimate = _cost(settings.OPENAI_MODEL, Usage(tokens_of(instructions), settings.ASSISTANT_ANSWER_TOKENS))
    if limit := purse.refuses(conversation, estimate):
        return limit
    return "" if breaker.allows() else "breaker"


def _cost(model: str, usage: Usage) -> Decimal:
    return spending.price_of(model).of(usage)

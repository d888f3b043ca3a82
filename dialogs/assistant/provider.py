"""Whoever answers: one interface, and an error tree that tells the caller what to do."""

from dataclasses import dataclass
from typing import Protocol

from dialogs.assistant.context import Context
from dialogs.engine.proposals import Proposal


@dataclass(frozen=True, slots=True)
class Request:
    """What goes to a provider: the context, and the words it is told to work by."""

    context: Context
    instructions: str = ""
    prompts: tuple[tuple[str, str], ...] = ()  # name and version of each prompt in `instructions`


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer took."""

    tokens_in: int = 0
    tokens_out: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.tokens_in + other.tokens_in, self.tokens_out + other.tokens_out)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider gave."""

    raw: str
    proposal: Proposal
    model: str = ""
    usage: Usage = Usage()


class Provider(Protocol):
    """Somebody who proposes answers. Raises a `ProviderError` and nothing else."""

    name: str

    async def answer(self, request: Request, *, seconds: float) -> Answer:
        """Return a proposal within so many seconds."""


class ProviderError(Exception):
    """No proposal came. `code` is stable and kept with the turn; `usage` was paid for all the same."""

    code = "error"
    worth_repeating = False
    speaks_of_provider = True  # counts against its health; an unusable answer speaks only of itself

    def __init__(self, text: str = "", *, raw: str = "", usage: Usage = Usage(), wait: float = 0.0) -> None:
        super().__init__(text)
        self.raw = raw
        self.usage = usage
        self.wait = wait  # seconds it asked us to stay away


class Unreachable(ProviderError):
    """It did not answer, or with an error of its own: try again in a moment."""

    code = "unreachable"
    worth_repeating = True


class TooSlow(ProviderError):
    """It did not answer in time: trying again would take the customer's patience."""

    code = "too_slow"


class TooMany(ProviderError):
    """It asks us to come later."""

    code = "too_many"
    worth_repeating = True


class Misconfigured(ProviderError):
    """It refuses the key, the model or the account: only a human can mend that."""

    code = "misconfigured"


class Unusable(ProviderError):
    """It answered, and what it said is none: no JSON, another shape, nothing."""

    code = "unusable"
    worth_repeating = True
    speaks_of_provider = False


class Declined(ProviderError):
    """It would not answer this: a refusal or a content filter."""

    code = "declined"
    speaks_of_provider = False

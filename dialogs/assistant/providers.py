"""Which provider this house has: OpenAI or what speaks like it when there is a key, else the scripted assistant."""

import os

from django.conf import settings

from bot.sender import submit
from dialogs.assistant.openai import OpenAIProvider
from dialogs.assistant.provider import Provider
from dialogs.assistant.scripted import ScriptedProvider

_opened: dict[
    tuple[object, ...], OpenAIProvider
] = {}  # by process and settings: a client belongs to the loop it began in


def current_provider() -> Provider:
    """Return the provider of the settings; its client lives as long as the process."""
    if not settings.OPENAI_API_KEY:
        return ScriptedProvider()
    limits = (settings.OPENAI_TIMEOUT_SECONDS, settings.OPENAI_ATTEMPTS, settings.ASSISTANT_ANSWER_TOKENS)
    key = (os.getpid(), settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL, settings.OPENAI_MODEL, *limits)
    if key not in _opened:
        _opened[key] = OpenAIProvider(
            api_key=settings.OPENAI_API_KEY,
            base_url=settings.OPENAI_BASE_URL,
            model=settings.OPENAI_MODEL,
            call_seconds=settings.OPENAI_TIMEOUT_SECONDS,
            attempts=settings.OPENAI_ATTEMPTS,
            answer_tokens=settings.ASSISTANT_ANSWER_TOKENS,
        )
    return _opened[key]


def close_providers() -> None:
    """Give back the connections of this process."""
    while _opened:
        _, provider = _opened.popitem()
        submit(provider.close()).result(timeout=5)

"""Connecting a channel: the row, the provider's side, a check. The same verbs for the command line and the admin; idempotent."""

from typing import Any

from django.utils import timezone

from bot.channels.base import CheckResult
from bot.channels.registry import adapter_for
from bot.models import Channel
from bot.secrets import fingerprint
from dialogs.models import Scenario


class UnknownScenario(LookupError):
    """No published scenario has this key; the message names those that do."""


def require_scenario(key: str) -> None:
    """Raise `UnknownScenario` unless `key` has a published version."""
    published = list(Scenario.objects.filter(current__isnull=False, is_active=True).values_list("key", flat=True))
    if key not in published:
        raise UnknownScenario(
            f"No published scenario {key!r}. Published: {', '.join(published) or 'none; load_preset first'}."
        )


def connect_telegram(
    *, token: str, api_url: str, scenario_key: str, title: str, public_url: str
) -> tuple[Channel, CheckResult]:
    """Create or update the bot's row (one row a bot, whatever its token became) and set its webhook."""
    bot_id = token.partition(":")[0]
    channel = Channel.objects.filter(kind="telegram", options__bot_id=bot_id).first() or Channel(kind="telegram")
    channel.credentials = {**channel.credentials, "token": token}
    channel.options = {**channel.options, "bot_id": bot_id, "token_fingerprint": fingerprint(token)}
    channel.title = title or channel.title or f"Telegram {bot_id}"
    channel.api_url, channel.scenario_key = api_url, scenario_key
    return _connected(channel, public_url)


def connect_webchat(
    *, origins: list[str], scenario_key: str, title: str, public_url: str
) -> tuple[Channel, CheckResult]:
    """Create or update the site chat whose first origin this is."""
    known = Channel.objects.filter(kind="webchat", options__origins__contains=origins[:1]).first()
    channel = known or Channel(kind="webchat")
    merged = list(dict.fromkeys([*channel.options.get("origins", ()), *origins]))
    channel.options = {**channel.options, "origins": merged}
    channel.title = title or channel.title or f"Сайт {origins[0]}"
    channel.scenario_key = scenario_key
    return _connected(channel, public_url)


def _connected(channel: Channel, public_url: str) -> tuple[Channel, CheckResult]:
    channel.is_active = True
    channel.save()
    return channel, connect_row(channel, public_url=public_url)


def connect_row(channel: Channel, *, public_url: str) -> CheckResult:
    """Register a saved channel with its provider and note what was seen; the HTTP happens outside any transaction."""
    return _note(channel, adapter_for(channel.kind).connect(channel, public_url=public_url))


def check_row(channel: Channel) -> CheckResult:
    """Ask the provider whether the channel works and note it; a channel that works again sends again."""
    return _note(channel, adapter_for(channel.kind).check(channel))


def _note(channel: Channel, result: CheckResult) -> CheckResult:
    seen: dict[str, Any] = {
        "health": Channel.Health.OK if result.ok else Channel.Health.DOWN,
        "health_note": result.note,
        "checked_at": timezone.now(),
    }
    Channel.objects.filter(pk=channel.pk).update(**seen)
    for name, value in seen.items():
        setattr(channel, name, value)
    return result

"""Reads that others ask for by a dotted path."""

from bot.models import Channel
from dialogs.models import Scenario
from payments.storefront import links


def scenario_choices() -> list[tuple[str, str]]:
    """Return (key, title) of every scenario that may be given to a channel."""
    return list(Scenario.objects.filter(is_active=True).values_list("key", "title"))


def page_of(channel: Channel) -> str:
    """Return the shop's page when the channel's published script sells from a menu, else ""."""
    if not channel.scenario_key or channel.pk is None:
        return ""
    scenario = Scenario.objects.select_related("current").filter(key=channel.scenario_key).first()
    steps = scenario.current.compiled.get("steps", {}) if scenario and scenario.current else {}
    return links.page_of(channel) if any(step.get("kind") == "catalogue" for step in steps.values()) else ""

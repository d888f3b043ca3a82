"""Reads that others ask for by a dotted path."""

from dialogs.models import Scenario


def scenario_choices() -> list[tuple[str, str]]:
    """Return (key, title) of every scenario that may be given to a channel."""
    return list(Scenario.objects.filter(is_active=True).values_list("key", "title"))

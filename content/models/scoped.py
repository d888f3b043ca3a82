"""What belongs to one product when two share a house: a window shop must not answer with the school's FAQ."""

from collections.abc import Iterable
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ScopedRows(models.QuerySet[Any]):
    """Rows that say which scenario may use them."""

    def usable_in(self, scenario_key: str) -> Self:
        """Return the scenario's own rows and those of every scenario."""
        return self.filter(Q(scenario_key=scenario_key) | Q(scenario_key=""))


class Scoped(models.Model):
    """A row of the library that one scenario uses, or all of them."""

    scenario_key = models.CharField(
        _("only in scenario"), max_length=64, blank=True, default="", help_text=_("Empty: in every scenario.")
    )

    objects = ScopedRows.as_manager()

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=Scoped)


def usable(rows: Iterable[Row], scenario_key: str, *, name: str = "key") -> list[Row]:
    """Return the rows a scenario may use, in their order; its own row wins over everybody's of the same name."""
    fitting = [row for row in rows if row.scenario_key in ("", scenario_key)]
    own = {getattr(row, name) for row in fitting if row.scenario_key}
    return [row for row in fitting if row.scenario_key or getattr(row, name) not in own]

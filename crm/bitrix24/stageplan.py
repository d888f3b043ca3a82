"""Which stages of a portal mean what to us: those already chosen, then those that fit, then new ones.

The order of a board must stay "in progress, success, failure", so a new stage gets a place among the first.
"""

from dataclasses import asdict, dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from crm.bitrix24.client import Bitrix24
from crm.bitrix24.methods.stages import Semantics, Stage, add_stage, list_stages

BOT = Stage("OTKLIK_BOT", "Обрабатывается ботом", 0, Semantics.IN_PROGRESS)
REVIEW = Stage("OTKLIK_REVIEW", "Ручная проверка", 0, Semantics.IN_PROGRESS)
LOW_QUALITY_NAMES = ("некачественный", "junk")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Stage ids by purpose; empty where nothing fits."""

    PURPOSES: ClassVar[tuple[str, ...]] = ("bot", "success", "low_quality", "review")

    bot: str = ""
    success: str = ""
    low_quality: str = ""
    review: str = ""

    def as_map(self) -> dict[str, str]:
        """Return the ids by purpose, as a portal's options keep them."""
        return asdict(self)


def choose_stages(client: Bitrix24, directory: str, wanted: Chosen) -> tuple[Chosen, list[str]]:
    """Return a stage for each purpose, made in the portal where there is none, and what was done in words."""
    notes: list[str] = []
    bot = wanted.bot or _find_or_add(client, directory, BOT, notes)
    review = wanted.review or _find_or_add(client, directory, REVIEW, notes)
    known = list_stages(client, directory)
    success = wanted.success or _first_working(known, {bot, review})
    return Chosen(bot, success, wanted.low_quality or _low_quality(known), review), notes


def _find_or_add(client: Bitrix24, directory: str, wanted: Stage, notes: list[str]) -> str:
    """Return the stage with our id or name, added behind the first stage if there is none.

    A deal's pipeline puts a prefix before the id, so what was added is found again by its name.
    """
    known = list_stages(client, directory)
    found = _same(known, wanted)
    if found is None:
        first = min((stage.sort for stage in known), default=10)
        add_stage(client, Stage(wanted.id, wanted.name, first + 1, wanted.semantics), directory=directory)
        notes.append(_("The stage “%(stage)s” is made.") % {"stage": wanted.name})
        found = _same(list_stages(client, directory), wanted)
    return found.id if found else wanted.id


def _same(known: list[Stage], wanted: Stage) -> Stage | None:
    for stage in known:
        if stage.id.rpartition(":")[2] == wanted.id or stage.name.strip().lower() == wanted.name.lower():
            return stage
    return None


def _first_working(known: list[Stage], ours: set[str]) -> str:
    """Return the first stage in progress behind the very first: where a manager begins to work."""
    working = [stage.id for stage in known if stage.semantics is Semantics.IN_PROGRESS and stage.id not in ours]
    return working[1] if len(working) > 1 else next(iter(working), "")


def _low_quality(known: list[Stage]) -> str:
    """Return the failure stage that is called low quality, or the first failure stage."""
    failures = [stage for stage in known if stage.semantics is Semantics.FAILURE]
    named = [
        stage.id for stage in failures if stage.id.lower() == "junk" or stage.name.strip().lower() in LOW_QUALITY_NAMES
    ]
    return next(iter(named), next((stage.id for stage in failures), ""))

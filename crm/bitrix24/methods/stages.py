"""Stages of leads and deals: entries of a directory.

https://apidocs.bitrix24.com/api-reference/crm/status/index.html
"""

import enum
from dataclasses import dataclass
from typing import Any

from crm.bitrix24.client import Bitrix24
from crm.bitrix24.php import as_list

LEAD_STAGES = "STATUS"
SOURCES = "SOURCE"
ID_LENGTH = 21  # a lead's stage id; deal stages get a prefix and are cut by the portal


class Semantics(enum.StrEnum):
    """What being in a stage means for the result."""

    IN_PROGRESS = ""
    SUCCESS = "S"
    FAILURE = "F"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage; `id` is what a lead's `stageId` holds."""

    id: str
    name: str
    sort: int
    semantics: Semantics


def deal_stages(category_id: int) -> str:
    """Return the directory's name of a deal pipeline; the first has no number."""
    return f"DEAL_STAGE_{category_id}" if category_id else "DEAL_STAGE"


def list_stages(client: Bitrix24, directory: str = LEAD_STAGES) -> list[Stage]:
    """Return the stages in the order of the board.

    https://apidocs.bitrix24.com/api-reference/crm/status/crm-status-list.html
    """
    params = {"filter": {"ENTITY_ID": directory}, "order": {"SORT": "ASC"}}
    return [_stage(row) for row in as_list(client.read("crm.status.list", params))]


def add_stage(client: Bitrix24, stage: Stage, *, directory: str = LEAD_STAGES, color: str = "#39A8EF") -> int:
    """Create a stage (CRM administrators only) and return its directory row; an id that exists is `Rejected`.

    https://apidocs.bitrix24.com/api-reference/crm/status/crm-status-add.html
    """
    if len(stage.id) > ID_LENGTH:
        raise ValueError(f"a stage id has at most {ID_LENGTH} characters: {stage.id}")
    fields = {
        "ENTITY_ID": directory,
        "STATUS_ID": stage.id,
        "NAME": stage.name,
        "SORT": stage.sort,
        "COLOR": color,
        "SEMANTICS": stage.semantics.value,
    }
    return int(client.write("crm.status.add", {"fields": fields}))


def _stage(row: dict[str, Any]) -> Stage:
    semantics = str(row.get("SEMANTICS") or "")
    known = Semantics(semantics) if semantics in ("S", "F") else Semantics.IN_PROGRESS
    return Stage(str(row["STATUS_ID"]), str(row["NAME"]), int(row.get("SORT") or 0), known)

"""Employees, and whether they are at work."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crm.bitrix24 import errors
from crm.bitrix24.batch import Command, run_batch
from crm.bitrix24.client import Bitrix24
from crm.bitrix24.php import as_list, as_map


@dataclass(frozen=True, slots=True)
class Employee:
    """One active employee; bots and external users are not listed by the portal."""

    id: int
    name: str
    is_online: bool


class Shift(enum.StrEnum):
    """The state of an employee's working day; EXPIRED was opened on an earlier day and never closed."""

    OPENED = "OPENED"
    PAUSED = "PAUSED"
    CLOSED = "CLOSED"
    EXPIRED = "EXPIRED"


def list_employees(client: Bitrix24) -> list[Employee]:
    """Return all active employees.

    https://apidocs.bitrix24.com/api-reference/user/user-get.html
    """
    return [_employee(row) for row in client.read_all("user.get", _ACTIVE, id_field="ID")]


def get_employee(client: Bitrix24, user_id: int) -> Employee:
    """Return one employee; raises `NotFound`, also for the dismissed."""
    rows = as_list(client.read("user.get", {"FILTER": {"ID": user_id, "ACTIVE": True}}))
    if not rows:
        raise errors.NotFound("no such active employee", method="user.get")
    return _employee(rows[0])


def get_shift(client: Bitrix24, user_id: int) -> Shift:
    """Return the working-day state; raises `NotFound` for a stranger.

    https://apidocs.bitrix24.com/api-reference/timeman/base/timeman-status.html
    """
    return Shift(as_map(client.read("timeman.status", {"USER_ID": user_id}))["STATUS"])


def get_shifts(client: Bitrix24, user_ids: Iterable[int]) -> dict[int, Shift]:
    """Return the working-day states of many in one request; those the portal refuses to tell are left out."""
    commands = {f"user_{user_id}": Command("timeman.status", {"USER_ID": user_id}) for user_id in user_ids}
    outcome = run_batch(client, commands, is_write=False)
    return {int(name.removeprefix("user_")): Shift(row["STATUS"]) for name, row in outcome.results.items()}


_ACTIVE = {"filter": {"ACTIVE": True, "USER_TYPE": "employee"}}


def _employee(row: dict[str, Any]) -> Employee:
    name = " ".join(str(row.get(part) or "") for part in ("NAME", "LAST_NAME")).strip()
    return Employee(int(row["ID"]), name or str(row.get("EMAIL") or row["ID"]), row.get("IS_ONLINE") == "Y")

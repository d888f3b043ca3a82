"""Employees: user.get, department.get, timeman.*, and the small methods every caller has (scope, server.time ...)."""

from datetime import datetime
from typing import Any

from tests.emulators.bitrix24.clock import ZONE
from tests.emulators.bitrix24.filters import fits, ordered
from tests.emulators.bitrix24.lists import list_answer
from tests.emulators.bitrix24.methods import METHODS, Call, Page, RestError, as_list, as_map, method, to_int
from tests.emulators.bitrix24.shapes import PhpObject
from tests.emulators.bitrix24.store import Row

_KINDS = {"ID": "integer", "ACTIVE": "boolean", "UF_DEPARTMENT": "integer", "IS_ONLINE": "string"}
_KINDS |= dict.fromkeys(
    ("NAME", "LAST_NAME", "EMAIL", "WORK_PHONE", "PERSONAL_MOBILE", "USER_TYPE", "XML_ID"), "string"
)
_BRIEF = ("ID", "XML_ID", "ACTIVE", "NAME", "LAST_NAME", "SECOND_NAME", "USER_TYPE", "IS_ONLINE")


@method("user.get", "user", "user_basic", "user_brief")
def get(call: Call) -> Page:
    """Return employees; bots, open-line visitors and system users are never among them."""
    filter_ = as_map(call.get("FILTER")) or {
        key.upper(): value for key, value in call.params.items() if key.upper().lstrip("=!<>@%") in _KINDS
    }
    filter_ = {key.upper(): value for key, value in filter_.items()}
    rows = [shown(row) | {"id": row["id"]} for row in call.portal.store["users"].values() if row["type"] == "employee"]
    chosen = [row for row in rows if fits(row, filter_, _KINDS.get, dict.get, with_logic=False)]
    by = str(call.get("SORT") or "ID").upper()
    rows = ordered(chosen, {by: call.get("ORDER") or "ASC"}, _KINDS.get, dict.get)
    return list_answer(call, [_picked(call, row) for row in rows])


@method("user.current", "user", "user_basic", "user_brief")
def current(call: Call) -> Row:
    """Return the user the webhook acts as."""
    return shown(call.portal.store["users"][call.auth.user_id])


@method("profile")
def profile(call: Call) -> Row:
    """Return the caller in short; needs no scope."""
    user = call.portal.store["users"][call.auth.user_id]
    return {"ID": str(user["id"]), "ADMIN": user["isAdmin"], "NAME": user["name"], "LAST_NAME": user["lastName"]}


def shown(row: Row) -> Row:
    """Return a user as user.get does: id a string, ACTIVE a boolean, an empty date `{}`."""
    return {
        "ID": str(row["id"]),
        "XML_ID": str(row["id"]),
        "ACTIVE": row["active"],
        "NAME": row["name"],
        "LAST_NAME": row["lastName"],
        "SECOND_NAME": "",
        "EMAIL": row["email"],
        "LAST_LOGIN": PhpObject(),
        "IS_ONLINE": "Y" if row["isOnline"] else "N",
        "WORK_PHONE": row["workPhone"],
        "WORK_POSITION": row["position"],
        "PERSONAL_MOBILE": "",
        "UF_DEPARTMENT": list(row["departments"]),
        "USER_TYPE": row["type"],
    }


def _picked(call: Call, row: Row) -> Row:
    row = {key: value for key, value in row.items() if key != "id"}
    if call.auth.scopes.isdisjoint({"user", "user_basic"}):
        row = {key: row[key] for key in _BRIEF}
    select = {str(name).upper() for name in as_list(call.get("select"))}
    return {key: value for key, value in row.items() if not select or "*" in select or key in select or key == "ID"}


@method("department.get", "department")
def departments(call: Call) -> Page:
    """Return departments; the filter stands at the top level."""
    kinds = {"ID": "integer", "NAME": "string", "PARENT": "integer", "UF_HEAD": "integer"}
    wanted = {key.upper(): value for key, value in call.params.items() if key.upper().lstrip("=!<>@%") in kinds}
    rows = [
        {"id": row["id"], "ID": str(row["id"]), "NAME": row["name"], "SORT": 500}
        | ({"PARENT": str(row["parent"])} if row["parent"] else {})
        for row in call.portal.store["departments"].values()
    ]
    chosen = [row for row in rows if fits(row, wanted, kinds.get, dict.get, with_logic=False)]
    return list_answer(call, [{key: value for key, value in row.items() if key != "id"} for row in chosen])


@method("timeman.status", "timeman")
def on_shift(call: Call) -> Row:
    """Return the working day of a user: OPENED, PAUSED, CLOSED, or EXPIRED when opened on an earlier day."""
    user = _worker(call)
    status, started = user["day"], user["dayStarted"]
    today = call.portal.clock.now().date()
    if status == "OPENED" and started and datetime.fromisoformat(started).astimezone(ZONE).date() < today:
        status = "EXPIRED"
    finished = call.portal.clock.iso() if status == "CLOSED" and started else None
    return {
        "STATUS": status,
        "TIME_START": started,
        "TIME_FINISH": finished,
        "DURATION": "00:00:00",
        "TIME_LEAKS": "00:00:00",
        "ACTIVE": status in {"OPENED", "PAUSED"},
        "IP_OPEN": "",
        "IP_CLOSE": "",
        "LAT_OPEN": 0,
        "LON_OPEN": 0,
        "TZ_OFFSET": 10800,
    }


@method("timeman.settings", "timeman")
def time_settings(call: Call) -> Row:
    """Return whether a user tracks time at all."""
    tracks = bool(_worker(call)["tracksTime"])
    return {"UF_TIMEMAN": tracks, "UF_TM_FREE": False, "ADMIN": False}


def _worker(call: Call) -> Row:
    number = to_int(call.get("USER_ID") or call.auth.user_id)
    user = call.portal.store["users"].get(number)
    if user is None or user["type"] != "employee":
        raise RestError("", "User not found")
    return user


@method("scope")
def scope(call: Call) -> list[str]:
    """Return what the caller may use."""
    return sorted(call.auth.scopes)


@method("server.time")
def server_time(call: Call) -> str:
    """Return the portal's clock."""
    return call.portal.clock.iso()


@method("method.get")
def known_method(call: Call) -> dict[str, bool]:
    """Say whether a method exists and may be called."""
    found = METHODS.get(str(call.need("name")).lower())
    return {
        "isExisting": found is not None,
        "isAvailable": found is not None and (not found.scopes or not call.auth.scopes.isdisjoint(found.scopes)),
    }


@method("methods")
def methods(call: Call) -> list[str]:
    """Return the names of all methods of this emulator."""
    return sorted(item.name.lower() for item in METHODS.values())


@method("feature.get")
def feature(call: Call) -> dict[str, Any]:
    """Return whether the plan has a feature (only the confirmed offline queue is asked for)."""
    return {"value": "Y" if str(call.get("CODE")) in call.portal.settings.get("features", []) else "N"}

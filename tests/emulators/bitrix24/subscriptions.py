"""event.*: subscribing (applications only) and the offline queue."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from tests.emulators.bitrix24.events import NAMES
from tests.emulators.bitrix24.methods import Call, RestError, as_list, method
from tests.emulators.bitrix24.store import Row

if TYPE_CHECKING:
    from tests.emulators.bitrix24.store import Store


def subscribe(store: Store, event: str, handler: str, token: str, *, kind: str = "online") -> int:
    """Store a subscription; the portal's form for outgoing webhooks and event.bind both end here."""
    return store["subscriptions"].add({"event": event.upper(), "handler": handler, "token": token, "kind": kind})


@method("events")
def events(call: Call) -> list[str]:
    """Return all events one can subscribe to."""
    return sorted(NAMES)


@method("event.bind", app_only=True)
def bind(call: Call) -> bool:
    """Subscribe; the same handler twice is an error."""
    event, handler = str(call.get("event") or "").upper(), str(call.get("handler") or "")
    kind = str(call.get("event_type") or "online").lower()
    if event not in NAMES:
        raise RestError("ERROR_EVENT_NOT_FOUND", "Event not found")
    if kind == "online" and not handler.startswith(("http://", "https://")):
        raise RestError("ERROR_ARGUMENT", "Handler is not a valid URL", argument="HANDLER")
    store = call.portal.store
    if _matching(call, event, handler if kind == "online" else "", kind):
        raise RestError("ERROR_HANDLER_ALREADY_EXIST", "Unable to set event handler: handler already binded")
    subscribe(store, event, handler if kind == "online" else "", call.portal.application_token, kind=kind)
    return True


@method("event.get", app_only=True)
def get(call: Call) -> list[Row]:
    """Return the subscriptions."""
    return [
        {"event": row["event"], "handler": row["handler"], "auth_type": "0", "offline": int(row["kind"] == "offline")}
        for row in call.portal.store["subscriptions"].values()
    ]


@method("event.unbind", app_only=True)
def unbind(call: Call) -> dict[str, int]:
    """Remove a subscription and say how many were removed."""
    kind = str(call.get("event_type") or "online").lower()
    handler = str(call.get("handler") or "")
    found = _matching(call, str(call.get("event") or "").upper(), handler, kind)
    for row in found:
        del call.portal.store["subscriptions"][row["id"]]
    return {"count": len(found)}


@method("event.offline.get", app_only=True)
def offline_get(call: Call) -> Row:
    """Hand out the oldest records; with clear=0 they stay reserved until cleared or failed."""
    table = call.portal.store["offline"]
    rows = [row for row in table.values() if not row["process"]][: call.integer("limit") or 50]
    keep = str(call.get("clear", 1)) in {"0", "N", "False"}
    process = uuid.uuid4().hex if keep else ""
    for row in rows:
        if keep:
            row["process"] = process
        else:
            del table[row["id"]]
    return {"process_id": process or None, "events": [_record(row) for row in rows]}


@method("event.offline.list", app_only=True)
def offline_list(call: Call) -> list[Row]:
    """Show the queue without touching it."""
    return [_record(row) for row in call.portal.store["offline"].values()]


@method("event.offline.clear", app_only=True)
def offline_clear(call: Call) -> bool:
    """Confirm records of one process (all of them, or those named by message_id)."""
    for row in _reserved(call):
        del call.portal.store["offline"][row["id"]]
    return True


@method("event.offline.error", app_only=True)
def offline_error(call: Call) -> bool:
    """Give records back as failed."""
    for row in _reserved(call):
        row.update(process="", error=True)
    return True


def _reserved(call: Call) -> list[Row]:
    process = str(call.need("process_id"))
    wanted = {str(item) for item in as_list(call.get("message_id"))}
    return [
        row
        for row in call.portal.store["offline"].values()
        if row["process"] == process and (not wanted or str(row["id"]) in wanted)
    ]


def _record(row: Row) -> Row:
    return {
        "ID": str(row["id"]),
        "TIMESTAMP_X": row["date"],
        "EVENT_NAME": row["event"],
        "EVENT_DATA": row["data"],
        "EVENT_ADDITIONAL": {"user_id": 0},
        "MESSAGE_ID": str(row["id"]),
    }


def _matching(call: Call, event: str, handler: str, kind: str) -> list[Any]:
    return [
        row
        for row in call.portal.store["subscriptions"].values()
        if row["event"] == event and row["kind"] == kind and (kind == "offline" or row["handler"] == handler)
    ]

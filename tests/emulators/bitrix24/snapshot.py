"""Everything the portal's page shows, as one JSON map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.emulators.bitrix24.multifields import values
from tests.emulators.bitrix24.openlines import current_session
from tests.emulators.bitrix24.stages import stages_of
from tests.emulators.bitrix24.store import Row

if TYPE_CHECKING:
    from tests.emulators.bitrix24.portal_server import PortalServer

ROWS = 200  # newest leads and messages shown
CALLS = 60


def snapshot(portal: PortalServer) -> Row:
    """Return the state of the portal for its page."""
    with portal.store.lock:
        return {
            "clock": portal.clock.iso(),
            "mode": portal.crm_mode,
            "stages": _stages(portal, "STATUS"),
            "deal_stages": _stages(portal, "DEAL_STAGE"),
            "sources": [{"id": row["statusId"], "name": row["name"]} for row in stages_of(portal.store, "SOURCE")],
            "employees": [_employee(portal, row) for row in _users(portal, "employee")],
            "bots": [{"id": row["id"], "name": row["name"]} for row in _users(portal, "bot")],
            "lines": [_line(row) for row in portal.store["lines"].values()],
            "leads": [_lead(portal, row) for row in _newest(portal, "leads")],
            "deals": [_deal(portal, row) for row in _newest(portal, "deals")],
            "chats": [_chat(portal, row) for row in _newest(portal, "chats")],
            "notices": [_notice(portal, row) for row in _newest(portal, "notifications")],
            "subscriptions": [_subscription(row) for row in portal.store["subscriptions"].values()],
            "faults": [_fault(fault) for fault in portal.faults.waiting()],
            "deliveries": [{"event": item.event, "status": item.status} for item in portal.events.sent[-CALLS:][::-1]],
            "calls": [_call(seen) for seen in portal.calls[-CALLS:][::-1]],
        }


def _newest(portal: PortalServer, table: str) -> list[Row]:
    return list(portal.store[table].values())[-ROWS:][::-1]


def _users(portal: PortalServer, kind: str) -> list[Row]:
    return [row for row in portal.store["users"].values() if row["type"] == kind]


def _stages(portal: PortalServer, directory: str) -> list[Row]:
    rows = stages_of(portal.store, directory)
    return [{"id": row["statusId"], "name": row["name"], "color": row["color"]} for row in rows]


def _line(row: Row) -> Row:
    return {"id": row["id"], "name": row["LINE_NAME"], "bot": row["WELCOME_BOT_ID"], "queue": row["QUEUE"]}


def _employee(portal: PortalServer, row: Row) -> Row:
    shown: Row = {"id": row["id"], "name": person(portal, row["id"]), "position": row["position"]}
    return shown | {"online": row["isOnline"], "day": row["day"], "active": row["active"]}


def person(portal: PortalServer, user_id: int) -> str:
    """Return how a user is called on the page."""
    user = portal.store["users"].get(user_id)
    return f"{user['name']} {user['lastName']}".strip() if user else ""


def _lead(portal: PortalServer, row: Row) -> Row:
    chats = [chat["id"] for chat in portal.store["chats"].values() if chat["leadId"] == row["id"]]
    return {
        "id": row["id"],
        "title": row["title"],
        "name": f"{row['name']} {row['lastName']}".strip(),
        "stage": row["stageId"],
        "phones": values(row, "PHONE"),
        "emails": values(row, "EMAIL"),
        "responsible": person(portal, row["assignedById"]),
        "responsibleId": row["assignedById"],
        "source": row["sourceId"] or "",
        "comments": row["comments"],
        "created": row["createdTime"],
        "updated": row["updatedTime"],
        "origin": row["originId"],
        "utm": row["utmSource"],
        "chats": chats,
        "timeline": _timeline(portal, row),
    }


def _timeline(portal: PortalServer, lead: Row) -> list[Row]:
    names = {row["statusId"]: row["name"] for row in stages_of(portal.store, "STATUS")}
    entries: list[Row] = []
    for row in portal.store["history"].values():
        if row["entityTypeId"] == 1 and row["ownerId"] == lead["id"]:
            entries.append(
                {"at": row["createdTime"], "kind": "stage", "text": names.get(row["stageId"], row["stageId"])}
            )
    for row in portal.store["comments"].values():
        if row["word"] == "lead" and row["ownerId"] == lead["id"]:
            by = person(portal, row["authorId"])
            entries.append({"at": row["created"], "kind": "comment", "text": row["text"], "by": by})
    for row in portal.store["activities"].values():
        if row["ownerTypeId"] == 1 and row["ownerId"] == lead["id"]:
            kind = "todo" if row["providerId"] == "CRM_TODO" else "session"
            text = row["title"] if kind == "todo" else f"Диалог №{row['associatedEntityId']}"
            entries.append({"at": row["created"], "kind": kind, "text": text})
    return sorted(entries, key=lambda entry: str(entry["at"]), reverse=True)


def _deal(portal: PortalServer, row: Row) -> Row:
    shown: Row = {"id": row["id"], "title": row["title"], "stage": row["stageId"], "lead": row["leadId"]}
    return shown | {"responsible": person(portal, row["assignedById"])}


def _chat(portal: PortalServer, row: Row) -> Row:
    messages = [item for item in portal.store["messages"].values() if item["chatId"] == row["id"]][-ROWS:]
    session = current_session(portal, row)
    owner = portal.store["users"].get(row["owner"])
    _, line, user, _ = row["entityId"].split("|")
    return {
        "id": row["id"],
        "name": person(portal, row["clientId"]),
        "connector": row["connector"],
        "line": int(line),
        "user": user,
        "lead": row["leadId"],
        "session": session["id"] if session else 0,
        "owner": person(portal, row["owner"]),
        "ownerId": row["owner"],
        "ownerKind": owner["type"] if owner else "",
        "messages": [_message(portal, item) for item in messages],
    }


def _message(portal: PortalServer, row: Row) -> Row:
    shown: Row = {"id": row["id"], "by": row["by"], "text": row["text"], "at": row["date"]}
    return shown | {"name": person(portal, row["authorId"]), "toClient": row["toClient"]}


def _subscription(row: Row) -> Row:
    return {"event": row["event"], "handler": row["handler"]}  # the token stays where it is


def _notice(portal: PortalServer, row: Row) -> Row:
    shown: Row = {"id": row["id"], "user": row["userId"], "text": row["text"], "at": row["date"]}
    return shown | {"by": person(portal, row["by"])}


def _fault(fault: Any) -> Row:
    body = fault.body if isinstance(fault.body, dict) else {}
    return {"kind": fault.kind, "status": fault.status, "code": body.get("error", ""), "times": fault.times}


def _call(seen: Any) -> Row:
    shown: Row = {"method": seen.method, "outcome": seen.outcome, "status": seen.status, "batch": seen.in_batch}
    return shown | {"time": seen.time}

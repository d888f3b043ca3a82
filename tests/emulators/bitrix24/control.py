"""/_ctl/: the world's acts as JSON posts, for the page, the demo and tests in another process."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.emulators.bitrix24 import orders
from tests.emulators.bitrix24.methods import RestError
from tests.emulators.bitrix24.snapshot import snapshot
from tests.emulators.bitrix24.store import Row
from tests.emulators.server import Fault

if TYPE_CHECKING:
    from tests.emulators.bitrix24.portal_server import PortalServer

    Act = Callable[[PortalServer, Row], Any]

FAULTS: dict[str, Callable[..., Fault]] = {
    "query_limit": orders.query_limit,
    "overload": orders.overload,
    "operation_time_limit": orders.operation_time_limit,
    "server_error": orders.server_error,
    "bad_gateway": orders.bad_gateway,
    "moved": orders.moved,
    "slow": orders.slow,
    "act_then_drop": orders.act_then_drop,
    "drop": orders.drop,
}
LEAD_FIELDS = ("title", "name", "lastName", "phone", "email", "sourceId", "comments", "utmSource", "stageId")
DELIVERY = {"delay": float, "lose": int, "copies": int, "reorder": int, "is_held": bool, "with_handler_id": bool}
EMPLOYEE = ("isOnline", "active", "day", "tracksTime")


def create_lead(portal: PortalServer, data: Row) -> Row:
    """{title, name, phone, email, sourceId, comments ...}: an employee fills in the lead form."""
    fields = {name: str(data[name]).strip() for name in LEAD_FIELDS if str(data.get(name) or "").strip()}
    return {"id": portal.add_lead(**fields)}


def change_lead(portal: PortalServer, data: Row) -> Row:
    """{id, stageId, assignedById, ...}: an employee changes a lead."""
    fields = {name: data[name] for name in (*LEAD_FIELDS, "assignedById") if name in data}
    portal.update_lead(int(data["id"]), **fields)
    return {"id": int(data["id"])}


def client(portal: PortalServer, data: Row) -> Row:
    """{connector, line, user, text, name}: a client writes."""
    text = str(data["text"]).strip()
    if not text:
        raise ValueError("text is empty")
    user, name = str(data["user"]), str(data.get("name") or "Гость")
    said = portal.client_says(str(data["connector"]), int(data.get("line", 1)), user, text, name=name)
    return {"chat": said.chat_id, "session": said.session_id, "lead": said.lead_id, "userCode": said.user_code}


def operator(portal: PortalServer, data: Row) -> Row:
    """{act: take|answer|finish, chat, user, text}: an employee acts in a chat."""
    chat_id = int(data["chat"])
    match data["act"]:
        case "take":
            portal.operator_takes(chat_id, int(data["user"]))
        case "answer" if str(data["text"]).strip():
            portal.operator_answers(chat_id, int(data["user"]), str(data["text"]).strip())
        case "finish":
            portal.finish_chat(chat_id)
        case _:
            raise ValueError("act must be take, answer (with a text) or finish")
    return {"chat": chat_id}


def fault(portal: PortalServer, data: Row) -> Row:
    """{kind, times, match, seconds, location}: order a fault; {kind: clear} forgets all."""
    kind = str(data["kind"])
    if kind == "clear":
        portal.faults.clear()
        return {"waiting": 0}
    if kind not in FAULTS:
        raise ValueError(f"kind must be clear or one of {', '.join(FAULTS)}")
    extra: Row = {"moved": {"location": str(data.get("location") or "https://renamed.example/")}}.get(kind, {})
    if kind == "slow":
        extra = {"seconds": float(data.get("seconds") or 15)}
    portal.faults.order(FAULTS[kind](times=int(data.get("times") or 1), match=str(data.get("match") or ""), **extra))
    return {"waiting": len(portal.faults.waiting())}


def advance(portal: PortalServer, data: Row) -> Row:
    """{seconds}: move the portal's clock forward."""
    portal.clock.advance(float(data["seconds"]))
    return {"clock": portal.clock.iso()}


def delivery(portal: PortalServer, data: Row) -> Row:
    """{delay, lose, copies, reorder, is_held ...}: how events are delivered; leaving is_held releases what is held."""
    for name, kind in DELIVERY.items():
        if name in data:
            setattr(portal.events.delivery, name, kind(data[name]))
    if not portal.events.delivery.is_held:
        portal.events.release()
    return {name: getattr(portal.events.delivery, name) for name in DELIVERY}


def subscription(portal: PortalServer, data: Row) -> Row:
    """{event, handler, token}: fill in the form of outgoing webhooks."""
    return {"id": portal.subscribe(str(data["event"]), str(data["handler"]), data.get("token"))}


def employee(portal: PortalServer, data: Row) -> Row:
    """{id, isOnline, active, day, tracksTime}: an employee comes, goes or is dismissed."""
    portal.set_employee(int(data["id"]), **{name: data[name] for name in EMPLOYEE if name in data})
    return {"id": int(data["id"])}


def mode(portal: PortalServer, data: Row) -> Row:
    """{mode}: 1 is a CRM with leads, 2 the simple one."""
    if int(data["mode"]) not in {1, 2}:
        raise ValueError("mode must be 1 or 2")
    portal.crm_mode = int(data["mode"])
    return {"mode": portal.crm_mode}


ACTS: dict[str, Act] = {
    "lead": create_lead,
    "lead/update": change_lead,
    "client": client,
    "operator": operator,
    "fault": fault,
    "advance": advance,
    "delivery": delivery,
    "subscribe": subscription,
    "employee": employee,
    "mode": mode,
}


def add_control_routes(app: web.Application, portal: PortalServer) -> None:
    """Serve GET /_ctl/state and POST /_ctl/<act>."""

    async def state(_: web.Request) -> web.Response:
        return web.json_response(snapshot(portal))

    async def act(request: web.Request) -> web.Response:
        found = ACTS.get(request.match_info["act"])
        if found is None:
            return web.json_response({"error": f"acts are {', '.join(ACTS)}"}, status=404)
        if request.content_type != "application/json":
            return web.json_response({"error": "send application/json"}, status=415)
        try:
            data = json.loads(await request.text())
            return web.json_response(found(portal, data))
        except RestError as error:
            return web.json_response({"error": error.description}, status=400)
        except (KeyError, LookupError, TypeError, ValueError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    app.router.add_get("/_ctl/state", state)
    app.router.add_post("/_ctl/{act:.+}", act)

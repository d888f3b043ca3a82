"""`/_ctl/`: the same verbs over HTTP, for the page and for tests in another process. JSON in, JSON out."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from ..server import Fault, FaultKind
from .mail import Order
from .people import MIME_TYPES
from .world import Json

if TYPE_CHECKING:
    from .server import TelegramServer

LOOK_SECONDS = 0.1
LONGEST_WAIT_SECONDS = 25
FIRST_INVENTED_ID = 500_000_001
PAYMENT_SECONDS = 10


class Control:
    """Translates requests into verbs of the server. A bot is named by its token or by its number (`bot`)."""

    def __init__(self, server: "TelegramServer") -> None:
        self._server = server
        self._verbs: dict[str, Callable[[Json], Any]] = {
            "say": self._say,
            "person": self._person,
            "press": self._press,
            "contact": self._contact,
            "send": self._send,
            "edit": lambda o: server.edits(self._token(o), o["user_id"], o["message_id"], o["text"]),
            "block": lambda o: server.blocks(self._token(o), o["user_id"]),
            "unblock": lambda o: server.unblocks(self._token(o), o["user_id"]),
            "pay": self._pay,
            "group": lambda o: server.add_group(self._token(o), o["chat_id"], o.get("title", "Отдел продаж")).id,
            "put_in": self._put_in,
            "kick": lambda o: server.kicks(self._token(o), o["chat_id"], by=o["user_id"]),
            "revoke": lambda o: server.revoke(self._token(o)),
            "hold": lambda o: server.holds_updates(self._token(o)),
            "release": self._release,
            "redeliver": lambda o: server.redelivers(self._token(o), order=Order(o.get("order", Order.AS_HAPPENED))),
            "advance": lambda o: server.clock.advance(float(o["seconds"])),
            "limits": self._limits,
            "fault": lambda o: server.faults.order(Fault(**{**o, "kind": FaultKind(o["kind"])})),
            "calm": lambda _: server.faults.clear(),
        }

    def routes(self) -> list[web.RouteDef]:
        """Return the routes to mount."""
        return [
            web.get("/_ctl/view", self._view),
            web.get("/_ctl/calls", self._calls),
            web.get("/_ctl/messages", self._messages),
            web.get("/_ctl/file", self._file),
            web.get("/_ctl/init_data", self._init_data),
            web.post("/_ctl/{verb}", self._act),
        ]

    def _token(self, order: Json) -> str:
        if order.get("token"):
            return str(order["token"])
        bots = self._server.world.bots
        number = int(order.get("bot") or next(iter(bots), 0))
        if number not in bots:
            raise LookupError("no such bot: name its token once, e.g. by calling getMe")
        return bots[number].token

    async def _act(self, request: web.Request) -> web.Response:
        verb = self._verbs.get(request.match_info["verb"])
        if verb is None:
            return web.json_response({"error": f"verbs: {', '.join(sorted(self._verbs))}"}, status=404)
        order = await request.json() if request.can_read_body else {}
        try:
            # In a thread: some verbs wait for the loop this handler runs in.
            return web.json_response({"result": await asyncio.to_thread(verb, order)})
        except (LookupError, ValueError, TypeError, TimeoutError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    def _say(self, order: Json) -> Json:
        names = {key: order[key] for key in ("first_name", "last_name", "username", "language_code") if key in order}
        place = {"chat_id": order.get("chat_id", 0), "reply_to": order.get("reply_to", 0)}
        return self._server.user_says(self._token(order), order["user_id"], order["text"], **names, **place)

    def _person(self, order: Json) -> int:
        invented = max(self._server.world.people, default=0) + 1
        number = int(order.pop("user_id", 0)) or max(invented, FIRST_INVENTED_ID)
        return self._server.add_person(number, **order).id

    def _put_in(self, order: Json) -> Json:
        more = {"title": order.get("title", "Отдел продаж"), "kind": order.get("kind", "")}
        return self._server.puts_in(self._token(order), order["chat_id"], by=order["user_id"], **more)

    def _press(self, order: Json) -> Json:
        more = {"chat_id": order.get("chat_id", 0), "forged": bool(order.get("forged"))}
        return self._server.presses(
            self._token(order), order["user_id"], order.get("message_id"), order["data"], **more
        )

    def _contact(self, order: Json) -> Json:
        more = {"foreign": bool(order.get("foreign")), "owner_id": order.get("owner_id", 0)}
        return self._server.shares_contact(self._token(order), order["user_id"], order["phone"], **more)

    def _send(self, order: Json) -> Json:
        token, person, caption = self._token(order), order["user_id"], order.get("caption", "")
        match order["kind"]:
            case "photo":
                return self._server.sends_photo(token, person, caption=caption)
            case "document":
                return self._server.sends_document(token, person, order.get("name", "смета.pdf"), caption=caption)
            case "voice":
                return self._server.sends_voice(token, person)
            case "sticker":
                return self._server.sends_sticker(token, person)
            case "location":
                return self._server.sends_location(token, person, 55.751244, 37.618423)
        raise ValueError("kinds: photo, document, voice, sticker, location")

    def _pay(self, order: Json) -> Json:
        token = self._token(order)
        if slug := order.get("slug"):
            asked = self._server.pays_link(token, order["user_id"], slug)
        else:
            asked = self._server.pays(token, order["user_id"], order["message_id"])
        query_id = asked["pre_checkout_query"]["id"]
        query = self._server.bot(token).queries[query_id]
        self._server.wait_until(lambda: query.answer is not None, timeout=PAYMENT_SECONDS)
        if not (query.answer or {}).get("ok"):
            raise ValueError((query.answer or {}).get("error_message", ""))
        return self._server.finishes_payment(token, query_id)

    def _release(self, order: Json) -> list[int]:
        return self._server.releases_updates(
            self._token(order),
            order=Order(order.get("order", Order.AS_HAPPENED)),
            copies=int(order.get("copies", 1)),
            seed=int(order.get("seed", 0)),
        )

    def _limits(self, order: Json) -> None:
        for name, value in order.items():
            if name.startswith("_") or not hasattr(self._server.limits, name):
                raise ValueError(f"no limit called {name}")
            setattr(self._server.limits, name, value)

    async def _view(self, request: web.Request) -> web.Response:
        query = {name: int(request.query.get(name) or 0) for name in ("bot", "chat", "since", "wait")}
        looks = min(query["wait"], LONGEST_WAIT_SECONDS) / LOOK_SECONDS
        while looks > 0 and self._server.world.version <= query["since"]:
            looks -= 1
            await asyncio.sleep(LOOK_SECONDS)
        return web.json_response(self._server.view(query["bot"], query["chat"]))

    async def _calls(self, request: web.Request) -> web.Response:
        wanted = request.query.get("method", "").lower()
        calls = [call for call in self._server.calls if wanted in ("", call.method.lower())]
        shown = [{"at": c.at, "method": c.method, "params": c.params, "status": c.status} for c in calls[-200:]]
        return web.json_response(shown)

    async def _messages(self, request: web.Request) -> web.Response:
        token = self._token(dict(request.query))
        seen = self._server.messages(token, int(request.query["user_id"]))
        fields = ("id", "by_bot", "text", "labels", "kind", "is_edited")
        return web.json_response([{name: getattr(message, name) for name in fields} for message in seen])

    async def _file(self, request: web.Request) -> web.Response:
        stored = self._server.world.files.get(request.query.get("id", ""))
        if stored is None:
            return web.Response(status=404)
        kinds = set(MIME_TYPES.values()) | {"image/webp"}
        kind = stored.mime_type if stored.mime_type in kinds else "application/octet-stream"
        return web.Response(body=stored.data, content_type=kind)

    async def _init_data(self, request: web.Request) -> web.Response:
        token = self._token(dict(request.query))
        return web.json_response({"init_data": self._server.init_data(token, int(request.query["user_id"]))})

"""REST over HTTP: the addresses, who is calling, how parameters arrive and how answers leave."""

import json
from typing import Any

from aiohttp import web

from tests.emulators.bitrix24.methods import Auth, RestError
from tests.emulators.bitrix24.portal import Portal
from tests.emulators.bitrix24.shapes import parse_pairs, to_php_json

APP_SCOPES = frozenset({"imconnector", "telephony", "messageservice"})


def add_rest_routes(app: web.Application, portal: Portal) -> None:
    """Serve `/rest/{user}/{code}/{method}` for webhooks and `/rest/{method}` for applications."""

    async def handle(request: web.Request) -> web.Response:
        return await _answer(portal, request)

    app.router.add_route("*", "/rest/{path:.*}", handle)


async def _answer(portal: Portal, request: web.Request) -> web.Response:
    try:
        if portal.require_https and not request.secure:
            raise RestError("INVALID_REQUEST", "Https required.")
        params = await _params(request)
        name, auth = _who(portal, request, params)
        body, status = portal.answer(name, params, auth), 200
    except RestError as error:
        body, status = error.body(), error.status
    return _json(body, status)


def _json(body: Any, status: int) -> web.Response:
    text = json.dumps(to_php_json(body), ensure_ascii=False)
    return web.Response(text=text, status=status, content_type="application/json")


async def _params(request: web.Request) -> dict[str, Any]:
    """Merge the query and the body, whichever of the three forms it has; the body wins."""
    params = parse_pairs(request.query.items())
    if request.method != "POST":
        return params  # the body of a GET is not read: findbycomm's users learnt that the hard way
    if request.content_type == "application/json":
        return params | await _json_body(request)
    form = await request.post()
    return params | parse_pairs((key, value) for key, value in form.items() if isinstance(value, str))


async def _json_body(request: web.Request) -> dict[str, Any]:
    text = await request.text()
    try:
        data = json.loads(text) if text.strip() else {}
    except ValueError:
        return {}  # PHP drops a body it cannot decode
    if isinstance(data, list):
        data = {str(index): item for index, item in enumerate(data)}
    return {str(key): value for key, value in data.items()} if isinstance(data, dict) else {}


def _who(portal: Portal, request: web.Request, params: dict[str, Any]) -> tuple[str, Auth]:
    steps = request.match_info["path"].strip("/").split("/")
    name = steps[-1].removesuffix(".json")
    address = request.remote or ""
    if len(steps) == 1 and steps[0]:
        return name, _application(portal, params, address)
    if len(steps) != 3 or not steps[0].isdigit():
        # without the user's number the code is read as the method
        raise RestError("ERROR_METHOD_NOT_FOUND", "Method not found!", status=404)
    if int(steps[0]) != portal.user_id or steps[1] != portal.webhook_code:
        raise RestError("INVALID_CREDENTIALS", "Invalid request credentials", status=portal.invalid_credentials_status)
    return name, Auth(portal.user_id, f"webhook:{steps[1]}", portal.scopes, address=address)


def _application(portal: Portal, params: dict[str, Any], address: str) -> Auth:
    token = params.pop("auth", None)
    if not token:
        raise RestError("NO_AUTH_FOUND", "Wrong authorization data", status=401)
    if token != portal.access_token:
        raise RestError("invalid_token", "Unable to get application by token", status=401)
    if portal.is_token_expired:
        raise RestError("expired_token", "The access token provided has expired.", status=401)
    return Auth(portal.user_id, "app", portal.scopes | APP_SCOPES, is_app=True, address=address)

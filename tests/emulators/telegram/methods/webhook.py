"""setWebhook, deleteWebhook, getWebhookInfo. getUpdates waits, so it lives beside the server in `polling.py`."""

import re
from typing import Any
from urllib.parse import urlsplit

from ..refusals import bad_request
from ..world import Json, Webhook
from .call import Call, method

PORTS = {443, 80, 88, 8443}
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
MAX_SECRET = 256


@method("setWebhook")
def set_webhook(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setwebhook"""
    call.limits.admit_webhook(bot_id=call.bot.id, now=call.now)
    url = call.params.text("url")
    if not url:
        return _unset(call)
    _check_url(url, lenient=call.lenient)
    wanted = Webhook(
        url, _secret(call), _connections(call), _certificate(call), call.params.text("ip_address") or "127.0.0.1"
    )
    allowed = _allowed(call)
    same = wanted == call.bot.webhook and allowed == call.bot.allowed_updates
    call.bot.webhook, call.bot.allowed_updates = wanted, allowed
    _drop_pending(call)
    call.description = "Webhook is already set" if same else "Webhook was set"
    if not same:
        call.bot.last_error_date, call.bot.last_error_message, call.bot.gone_since = 0, "", 0.0
    return True


def _check_url(url: str, *, lenient: bool) -> None:
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise bad_request("bad webhook: invalid port number") from None
    if not parts.hostname:
        raise bad_request("bad webhook: URL host is empty")
    if lenient and parts.hostname in LOOPBACK and parts.scheme in {"http", "https"}:
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _secret(call: Call) -> str:
    secret = call.params.text("secret_token")
    if len(secret) > MAX_SECRET:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    return secret


def _connections(call: Call) -> int:
    return min(max(call.params.integer("max_connections", 40), 1), 100)


def _certificate(call: Call) -> str:
    upload = call.params.uploads.get("certificate")
    if upload is None:
        return ""
    if b"BEGIN CERTIFICATE" not in upload.data:
        raise bad_request("bad webhook: invalid certificate")
    return upload.data.decode()


def _allowed(call: Call) -> list[str]:
    if not call.params.has("allowed_updates"):
        return call.bot.allowed_updates
    asked: Any = call.params.nested("allowed_updates")
    if asked is not None and not isinstance(asked, list):
        raise bad_request("can't parse allowed updates: expected an Array of String")
    return [str(kind) for kind in asked or []]


def _drop_pending(call: Call) -> None:
    if call.params.flag("drop_pending_updates"):
        call.bot.updates.clear()


@method("deleteWebhook")
def delete_webhook(call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletewebhook"""
    return _unset(call)


def _unset(call: Call) -> bool:
    call.description = "Webhook was deleted" if call.bot.webhook else "Webhook is already deleted"
    call.bot.webhook = None
    _drop_pending(call)
    return True


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getwebhookinfo"""
    bot, hook = call.bot, call.bot.webhook
    pending = sum(len(queue) for queue in bot.updates.values())
    info: Json = {"url": hook.url if hook else "", "has_custom_certificate": False, "pending_update_count": pending}
    if hook:
        info["has_custom_certificate"] = bool(hook.certificate)
        info |= {"max_connections": hook.max_connections, "ip_address": hook.ip_address}
    if bot.last_error_date and hook:
        info |= {"last_error_date": bot.last_error_date, "last_error_message": bot.last_error_message}
    if bot.allowed_updates:
        info["allowed_updates"] = bot.allowed_updates
    return info

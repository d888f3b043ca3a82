"""Checking `reply_markup` as strictly as the server does, because a permissive fake hides bugs."""

import json
import re
from typing import Any

from .refusals import ApiError, bad_request
from .world import Json

CALLBACK_DATA_BYTES = 64
MAX_BUTTONS = 100
MAX_MARKUP_BYTES = 10_000
ACTIONS = (
    "callback_data", "url", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
)  # fmt: skip
INLINE, REPLY, REMOVE, FORCE = "inline_keyboard", "keyboard", "remove_keyboard", "force_reply"


def read_markup(value: Any, *, private: bool, invoice: bool = False, lenient: bool = False) -> Json | None:
    """Return the checked markup or None; `lenient` lets a Mini App live on plain http (loopback)."""
    if value in (None, "", {}):
        return None
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    if len(json.dumps(value, ensure_ascii=False).encode()) > MAX_MARKUP_BYTES:
        raise bad_request("reply markup is too long")
    if INLINE in value:
        return {INLINE: _inline_rows(value[INLINE], invoice=invoice, lenient=lenient)}
    if REPLY in value:
        rows = _reply_rows(value[REPLY], private=private)
        return {**value, REPLY: rows}
    if value.get(REMOVE) or value.get(FORCE):
        return value
    return None


def _rows(rows: Any, what: str) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f'field "{what}" must be an Array of Arrays')
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return [row for row in rows if row]


def _inline_rows(rows: Any, *, invoice: bool, lenient: bool) -> list[list[Json]]:
    kept = _rows(rows, INLINE)
    for number, button in enumerate(button for row in kept for button in row):
        _check_inline(button, lenient=lenient)
        if button.get("pay") and not (invoice and number == 0):
            raise bad_request("BUTTON_TYPE_INVALID")
    return kept


def _check_inline(button: Any, *, lenient: bool) -> None:
    _check_label(button, "inline keyboard button")
    used = [action for action in ACTIONS if button.get(action)]
    if not used:
        raise _broken("text buttons are unallowed in the inline keyboard")
    if len(used) > 1:
        raise _broken("exactly one optional field must be used")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button:
        _check_url(str(button["url"]))
    if "web_app" in button:
        check_web_app(button["web_app"], "inline keyboard button", lenient=lenient)


def _check_label(button: Any, what: str) -> None:
    if not isinstance(button, dict):
        raise bad_request(f"can't parse {what}: expected an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request(f"can't parse {what}: can't find field \"text\"")
    if not button["text"].strip():
        raise bad_request(f"{what} text must be non-empty")


def _broken(text: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {text}")


def _check_url(url: str) -> None:
    protocol = re.match(r"([a-z][a-z0-9+.-]*)://", url, re.I)
    if protocol and protocol.group(1).lower() not in {"http", "https", "tg", "ton", "tonsite"}:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: unsupported URL protocol")
    if not re.match(r"((https?|tg|ton|tonsite)://)?[^\s/.]+[^\s]*$", url, re.I) or (
        not url.lower().startswith("tg:") and not re.search(r"[\w\]]\.\w|localhost|\[", url)
    ):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: wrong HTTP URL")


def check_web_app(web_app: Any, what: str, *, lenient: bool) -> None:
    """Refuse a page that Telegram would not open; `what` names where it stands."""
    url = web_app.get("url", "") if isinstance(web_app, dict) else ""
    allowed = ("https://", "http://127.0.0.1", "http://localhost") if lenient else ("https://",)
    if not str(url).startswith(allowed):
        raise bad_request(f"{what} Web App URL '{url}' is invalid: only HTTPS links are allowed")


def _reply_rows(rows: Any, *, private: bool) -> list[list[Json]]:
    kept = [[{"text": key} if isinstance(key, str) else key for key in row] for row in _rows(rows, REPLY)]
    for button in (button for row in kept for button in row):
        _check_label(button, "keyboard button")
        if button.get("request_contact") and not private:
            raise bad_request("phone number can be requested in private chats only")
        if button.get("request_location") and not private:
            raise bad_request("location can be requested in private chats only")
    return kept

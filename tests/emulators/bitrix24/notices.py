"""Notifications to employees: im.notify.*, where a tag replaces the earlier notification with the same tag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.emulators.bitrix24.methods import Call, RestError, method, to_int

if TYPE_CHECKING:
    from tests.emulators.bitrix24.portal import Portal

ATTACH_LIMIT = 60_000


def notify(portal: Portal, user_id: int, text: str, *, by: int = 0, tag: str = "") -> int:
    """Store a notification (in place of the one with the same tag) and return its id."""
    table = portal.store["notifications"]
    if tag:
        for number in [row["id"] for row in table.values() if row["tag"] == tag and row["userId"] == user_id]:
            del table[number]
    return table.add({"userId": user_id, "by": by, "text": text, "tag": tag, "date": portal.clock.iso()})


def _send(call: Call, *, by: int, message: Any, recipient: Any) -> int | bool:
    if to_int(recipient) <= 0:
        raise RestError("USER_ID_EMPTY", "User ID can't be empty")
    text = str(message or "").strip()
    if not text:
        raise RestError("MESSAGE_EMPTY", "Message can't be empty")
    if len(str(call.get("ATTACH") or "")) > ATTACH_LIMIT:
        raise RestError("ATTACH_OVERSIZE", "You have exceeded the maximum allowable size of attach")
    tag = str(call.get("TAG") or call.get("SUB_TAG") or "")
    client = str(call.get("CLIENT_ID") or "")
    if tag and not client and not call.auth.is_app:
        raise RestError("CLIENT_ID_EMPTY", "CLIENT_ID is required to use TAG with a webhook")
    user = call.portal.store["users"].get(to_int(recipient))
    if user is None or not user["active"]:
        return False
    return notify(call.portal, user["id"], text, by=by, tag=f"{client}|{tag}" if tag else "")


@method("im.notify.personal.add", "im")
def personal(call: Call) -> Any:
    """Notify on behalf of the webhook's owner."""
    return _send(call, by=call.auth.user_id, message=call.get("MESSAGE"), recipient=call.get("USER_ID"))


@method("im.notify.system.add", "im")
def system(call: Call) -> Any:
    """Notify without a sender."""
    return _send(call, by=0, message=call.get("MESSAGE"), recipient=call.get("USER_ID"))


@method("im.notify", "im")
def merged(call: Call) -> Any:
    """The merged form: TYPE is USER or SYSTEM."""
    by = 0 if str(call.get("TYPE", "USER")).upper() == "SYSTEM" else call.auth.user_id
    return _send(call, by=by, message=call.get("MESSAGE"), recipient=call.get("TO") or call.get("USER_ID"))

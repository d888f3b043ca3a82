"""crm.duplicate.findbycomm: who else has this phone or e-mail."""

import re
from typing import Any

from tests.emulators.bitrix24.fields import CONTACT, LEAD
from tests.emulators.bitrix24.methods import Call, RestError, as_list, method
from tests.emulators.bitrix24.multifields import values

VALUES_LIMIT = 20
HITS_LIMIT = 20
_TYPES = {"LEAD": LEAD, "CONTACT": CONTACT}


@method("crm.duplicate.findbycomm", "crm")
def find_by_comm(call: Call) -> Any:
    """Return ids by kind of object; nothing found is an empty map, which in JSON is `[]`."""
    kind = str(call.get("type") or "").upper()
    if kind not in {"PHONE", "EMAIL"}:
        raise RestError("", "Communication type is not defined.")
    wanted = {_key(kind, value) for value in as_list(call.get("values"))[:VALUES_LIMIT]} - {""}
    if not wanted:
        raise RestError("", "Communication values is not defined.")
    only = str(call.get("entity_type") or "").upper()
    if only and only not in {*_TYPES, "COMPANY"}:
        raise RestError("", "Entity type is not supported.")
    result: dict[str, list[int]] = {}
    for name, entity in _TYPES.items():
        rows = call.portal.store[entity.table].values()
        hits = [row["id"] for row in rows if wanted & {_key(kind, value) for value in values(row, kind)}]
        if hits and only in {"", name}:
            result[name] = hits[:HITS_LIMIT]
            if len(hits) >= HITS_LIMIT:
                return {name: result[name]}  # one kind with so many hits leaves the others out
    return result


def _key(kind: str, value: Any) -> str:
    """Return what is compared: the whole number without its extension, or the e-mail in small letters."""
    if kind == "EMAIL":
        return str(value).strip().lower()
    number = re.split(r"(?i)\s*(?:ext|доб|;|#|,)", str(value), maxsplit=1)[0]
    digits = re.sub(r"\D", "", number)
    return "7" + digits[1:] if len(digits) == 11 and digits.startswith("8") else digits

"""GetCourse's API, one function a call. Failures come with HTTP 200 too: both `success` flags and `error` are looked at."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from payments.errors import AccessDenied, Busy, NotReady, ProviderError, Rejected, Unavailable
from payments.providers.getcourse.transport import ask

NOT_READY, EXPORT_RUNS, TOO_MANY = 909, 905, 904
# Where one deal is read in the new API; a school behind another address sets the account's option `fields_path`.
FIELDS_PATH = "/pl/api/v1/deals/getDealFields"
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no", "", "none", "null")


@dataclass(frozen=True, slots=True)
class School:
    """How one school is reached."""

    url: str
    api_key: str = ""
    developer_key: str = ""
    school_key: str = ""
    fields_path: str = FIELDS_PATH


def is_true(value: Any) -> bool:
    """Read a flag that may come as true, "true", "True", 1 or "1"; what is none of these is no."""
    if isinstance(value, str):
        return value.strip().casefold() in _TRUE
    return value is True or value == 1


def add_deal(school: School, params: Mapping[str, Any]) -> dict[str, Any]:
    """Make or update the deal with our `deal_number` and return its `result`.

    https://getcourse.ru/help/api (Импорт заказов)
    """
    packed = base64.b64encode(json.dumps(params, ensure_ascii=False).encode()).decode()
    form = {"action": "add", "key": school.api_key, "params": packed}
    answer = ask("POST", f"{school.url}/pl/api/deals", data=form)
    result = answer.get("result")
    result = result if isinstance(result, dict) else {}
    told = str(result.get("error_message") or answer.get("error_message") or "")
    if not is_true(answer.get("success")):
        raise _refusal(told or "the call was not accepted")
    if is_true(result.get("error")) or not is_true(result.get("success", False)):
        raise Rejected(_short(told or "the deal was not made"))
    return result


def deal_fields(school: School, deal_id: str) -> dict[str, Any]:
    """Return the fields of one deal. https://getcourse.ru/pl/postback/redoc (getDealFields)"""
    headers = {"Authorization": f"Bearer {school.developer_key}:{school.school_key}"}
    answer = ask("GET", f"{school.url}{school.fields_path}", headers=headers, params={"dealId": deal_id})
    if not is_true(answer.get("success", True)) or is_true(answer.get("error")):
        raise _refusal(str(answer.get("error_message") or "the deal cannot be read"))
    data = answer.get("data", answer.get("result"))
    if not isinstance(data, dict):
        raise Unavailable("GetCourse answered a deal without fields")
    return data


def begin_export(school: School, *, since: str) -> str:
    """Ask for the deals made since a day; return the export's id. At most 100 requests in two hours, one export at a time.

    https://getcourse.ru/help/api (Экспорт)
    """
    query = {"key": school.api_key, "created_at[from]": since}
    info = _info_of(ask("GET", f"{school.url}/pl/api/account/deals", params=query))
    export_id = str(info.get("export_id") or "")
    if not export_id:
        raise Unavailable("GetCourse began no export")
    return export_id


def fetch_export(school: School, export_id: str) -> tuple[list[str], list[list[Any]]]:
    """Return headings and rows of an export; raises `NotReady` while it is being made."""
    info = _info_of(ask("GET", f"{school.url}/pl/api/account/exports/{export_id}", params={"key": school.api_key}))
    fields, items = info.get("fields"), info.get("items")
    if not isinstance(fields, list) or not isinstance(items, list):
        raise NotReady("the export has no rows yet")
    return [str(field) for field in fields], [row for row in items if isinstance(row, list)]


def _info_of(answer: Mapping[str, Any]) -> dict[str, Any]:
    if is_true(answer.get("success")) and not is_true(answer.get("error")):
        info = answer.get("info")
        return info if isinstance(info, dict) else {}
    code, told = str(answer.get("error_code") or ""), str(answer.get("error_message") or "")
    if code == str(NOT_READY):
        raise NotReady("the export is being made")
    if code == str(EXPORT_RUNS):
        raise Busy("another export runs", retry_after=120)
    if code == str(TOO_MANY):
        raise Busy("the school's limit of requests is used up", retry_after=1800)
    raise _refusal(told or f"error {code}")


def _refusal(told: str) -> ProviderError:
    """A refused key is the account's fault, anything else may pass."""
    words = told.casefold()
    if any(word in words for word in ("ключ", "key", "access", "доступ", "тариф")):
        return AccessDenied(_short(told))
    return Unavailable(_short(told))


def _short(told: str) -> str:
    return f"GetCourse: {told[:200]}"

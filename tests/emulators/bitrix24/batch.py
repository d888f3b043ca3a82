"""batch: up to 50 commands in sequence, each a urlencoded call that may use the results before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.emulators.bitrix24.methods import Auth, RestError, as_map, is_yes
from tests.emulators.bitrix24.shapes import parse_query, to_php_json

if TYPE_CHECKING:
    from tests.emulators.bitrix24.portal import Portal

LIMIT = 50
_REFERENCE = re.compile(r"\$result((?:\[[^\]]*\])+)")
_PARTS = ("result", "result_error", "result_total", "result_next", "result_time")


def run_batch(portal: Portal, auth: Auth, params: dict[str, Any]) -> dict[str, Any]:
    """Run the commands and return the answer's `result`; failed commands do not fail the batch."""
    names = {key.lower(): value for key, value in params.items()}
    halt = is_yes(names.get("halt", 0))
    answer: dict[str, dict[str, Any]] = {part: {} for part in _PARTS}
    for position, (key, command) in enumerate(as_map(names.get("cmd")).items()):
        try:
            if position >= LIMIT:
                raise RestError("ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded")
            _run_one(portal, auth, key, str(command), answer)
        except RestError as error:
            answer["result_error"][key] = error.body()
            if halt:
                break
    return dict(answer)


def _run_one(portal: Portal, auth: Auth, key: str, command: str, answer: dict[str, dict[str, Any]]) -> None:
    name, _, query = command.partition("?")
    name = name.strip().removesuffix(".json")
    if name.lower() == "batch":
        raise RestError("ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage", status=405)
    params = resolve(parse_query(query), answer["result"])
    reply = portal.run(name, params, auth, in_batch=True)
    answer["result"][key] = to_php_json(reply["result"])
    answer["result_time"][key] = reply["time"]
    for part in ("total", "next"):
        if part in reply:
            answer[f"result_{part}"][key] = reply[part]


def resolve(value: Any, results: dict[str, Any]) -> Any:
    """Put earlier results in place of `$result[key][0][FIELD]`; what is not there becomes an empty string."""
    if isinstance(value, dict):
        return {_insert(str(key), results): resolve(item, results) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, results) for item in value]
    if isinstance(value, str):
        whole = _REFERENCE.fullmatch(value)
        return _look_up(whole, results) if whole else _insert(value, results)
    return value


def _insert(text: str, results: dict[str, Any]) -> str:
    def print_value(match: re.Match[str]) -> str:
        found = _look_up(match, results)
        return "" if isinstance(found, dict | list) else str(found)

    return _REFERENCE.sub(print_value, text)


def _look_up(match: re.Match[str], results: dict[str, Any]) -> Any:
    found: Any = results
    for step in match.group(1)[1:-1].split("]["):
        if isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        elif isinstance(found, dict) and step in found:
            found = found[step]
        else:
            return ""
    return "" if found is None else found

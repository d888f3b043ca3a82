"""Up to fifty calls in one request. The HTTP status is 200 even when commands fail, so failures are looked for here.

https://apidocs.bitrix24.com/settings/how-to-call-rest-api/batch.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crm.bitrix24 import errors
from crm.bitrix24.answers import Asked, error_of, missing_answer
from crm.bitrix24.client import Bitrix24
from crm.bitrix24.php import as_map, build_query

MAX_COMMANDS = 50


@dataclass(frozen=True, slots=True)
class Command:
    """One call inside a batch. Values may refer to earlier results: `$result[name][0][ID]`."""

    method: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def line(self) -> str:
        """Return the command as the portal reads it: `method?query`."""
        return f"{self.method}?{build_query(dict(self.params))}"


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """What became of each command: every name is in exactly one of the two."""

    results: dict[str, Any]
    failures: dict[str, errors.Bitrix24Error]

    def require(self) -> dict[str, Any]:
        """Return all results; raises the first failure if there is one."""
        for error in self.failures.values():
            raise error
        return self.results


def run_batch(client: Bitrix24, commands: Mapping[str, Command], *, is_write: bool) -> BatchOutcome:
    """Run the commands in order, fifty a request; one that fails does not stop the others.

    Names must not be numbers: PHP would turn such maps into lists and the answers would lose their names.
    """
    if wrong := [name for name in commands if not name.isidentifier()]:
        raise ValueError(f"batch commands need names like 'lead_7', not {wrong[0]!r}")
    outcome = BatchOutcome({}, {})
    names = list(commands)
    for start in range(0, len(names), MAX_COMMANDS):
        chunk = {name: commands[name] for name in names[start : start + MAX_COMMANDS]}
        part = _run_chunk(client, chunk, is_write=is_write)
        outcome.results.update(part.results)
        outcome.failures.update(part.failures)
    return outcome


def _run_chunk(client: Bitrix24, commands: Mapping[str, Command], *, is_write: bool) -> BatchOutcome:
    params = {"halt": 0, "cmd": {name: command.line() for name, command in commands.items()}}
    inner = tuple(command.method for command in commands.values())
    body = as_map(client.call("batch", params, is_write=is_write, inner=inner).result)
    results, refused = as_map(body.get("result")), as_map(body.get("result_error"))
    failures: dict[str, errors.Bitrix24Error] = {}
    for name, command in commands.items():
        if name in refused or name not in results:
            asked = Asked(command.method, is_write, client.clock())
            failures[name] = _failure(refused.get(name), asked)
            client.note_failure(failures[name])
    return BatchOutcome({name: results[name] for name in commands if name not in failures}, failures)


def _failure(refusal: Any, asked: Asked) -> errors.Bitrix24Error:
    """Return the error of one command; a command without result and without error may or may not have run."""
    if not isinstance(refusal, dict):
        return missing_answer("the batch answered nothing for this command", asked, method=asked.method)
    code, description = str(refusal.get("error", "")), str(refusal.get("error_description") or "")
    return error_of(code, description, asked=asked, status=200, body=refusal)

"""The table of REST methods: what each is called, which scope it needs, who may call it, and what a call looks like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.emulators.bitrix24.portal import Portal


class RestError(Exception):
    """An error answer: the code (often empty on a real portal), the words and the HTTP status."""

    def __init__(self, code: str, description: str = "", *, status: int = 400, **extra: Any) -> None:
        super().__init__(code, description)
        self.code = code
        self.description = description
        self.status = status
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """Return the JSON body; there is no `time` in errors."""
        return {"error": self.code, "error_description": self.description, **self.extra}


@dataclass(slots=True)
class Page:
    """A list answer: `total` and `next` stand beside `result`."""

    result: Any
    total: int | None = None
    next: int | None = None


@dataclass(slots=True)
class Auth:
    """Who calls: the user they act as, their scopes, and whether this is an application (OAuth) or a webhook."""

    user_id: int
    key: str
    scopes: frozenset[str]
    is_app: bool = False
    address: str = ""


@dataclass(slots=True)
class Call:
    """One call of one method."""

    portal: Portal
    auth: Auth
    params: dict[str, Any] = field(default_factory=dict)
    exact: bool = False

    def get(self, name: str, default: Any = None) -> Any:
        """Return a top-level parameter, in any letter case unless the method reads names exactly."""
        if name in self.params:
            return self.params[name]
        if not self.exact:
            for key, value in self.params.items():
                if key.lower() == name.lower():
                    return value
        return default

    def need(self, name: str) -> Any:
        """Return a parameter or raise the portal's error 100."""
        value = self.get(name)
        if value is None:
            raise RestError("100", f"Could not find value for parameter {{{name}}}", argument=name)
        return value

    def integer(self, name: str, default: int = 0) -> int:
        """Return a parameter as PHP's (int) would: nonsense is 0."""
        return to_int(self.get(name, default))

    def mapping(self, name: str) -> dict[str, Any]:
        """Return a map parameter; a list becomes a map with its indexes as keys, anything else an empty one."""
        return as_map(self.get(name))

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a Y/N (or true/1) parameter."""
        value = self.get(name)
        return default if value is None else is_yes(value)


Handler = Callable[[Call], Any]


@dataclass(slots=True, frozen=True)
class Method:
    """One row of the table. `scopes`: any of them is enough; empty means the basic scope everyone has."""

    name: str
    scopes: tuple[str, ...]
    handler: Handler
    app_only: bool = False
    exact: bool = False


METHODS: dict[str, Method] = {}


def method(name: str, *scopes: str, app_only: bool = False, exact: bool = False) -> Callable[[Handler], Handler]:
    """Enter a handler into the table."""

    def enter(handler: Handler) -> Handler:
        METHODS[name.lower()] = Method(name, scopes, handler, app_only, exact)
        return handler

    return enter


def to_int(value: Any) -> int:
    """Return what PHP's (int) cast would."""
    try:
        return int(float(value)) if value not in (None, "") else 0
    except (OverflowError, TypeError, ValueError):
        return 0


def is_yes(value: Any) -> bool:
    """Return whether a flag in any of its spellings is set."""
    return str(value).upper() in {"Y", "1", "TRUE"}


def as_map(value: Any) -> dict[str, Any]:
    """Return a PHP array as a map with text keys."""
    if isinstance(value, dict):
        return {str(key): item for key, item in value.items()}
    if isinstance(value, list):
        return {str(index): item for index, item in enumerate(value)}
    return {}


def as_list(value: Any) -> list[Any]:
    """Return a PHP array as a list; a scalar is a list of one, nothing an empty one."""
    if value is None or value == "":
        return []
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple) else [value]

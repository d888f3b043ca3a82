"""What PHP does to data on its way in and out: bracketed form keys, and JSON that cannot tell a map from a list."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl


class PhpObject(dict[str, Any]):
    """A map that stays `{}` in JSON even when empty (PHP's stdClass); a few answers contain it."""


def to_php_json(value: Any) -> Any:
    """Return `value` as json_encode would shape it: empty maps and maps with keys 0..n-1 are lists."""
    if isinstance(value, PhpObject):
        return PhpObject({key: to_php_json(item) for key, item in value.items()})
    if isinstance(value, dict):
        if [str(key) for key in value] == [str(index) for index in range(len(value))]:
            return [to_php_json(item) for item in value.values()]
        return {str(key): to_php_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_php_json(item) for item in value]
    return value


def parse_query(text: str) -> dict[str, Any]:
    """Return a urlencoded string as PHP's parse_str reads it."""
    return parse_pairs(parse_qsl(text, keep_blank_values=True))


def parse_pairs(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return bracketed pairs (`a[b][]=1`) as nested maps; maps with keys 0..n-1 become lists."""
    tree: dict[str, Any] = {}
    for key, value in pairs:
        _put(tree, _path(key), value)
    return {key: _listed(value) for key, value in tree.items()}


def to_pairs(value: Any, prefix: str = "") -> list[tuple[str, str]]:
    """Return nested data as bracketed pairs, every scalar a string: true is 1, false 0, null empty."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        pairs = []
        for key, item in items:
            pairs += to_pairs(item, f"{prefix}[{key}]" if prefix else str(key))
        return pairs
    return [(prefix, _scalar(value))]


def _path(key: str) -> list[str]:
    head, bracket, rest = key.partition("[")
    if not bracket or not rest.endswith("]"):
        return [key]
    return [head, *rest[:-1].split("][")]


def _put(tree: dict[str, Any], path: list[str], value: Any) -> None:
    for step in path[:-1]:
        key = step or str(len(tree))
        if not isinstance(tree.get(key), dict):
            tree[key] = {}
        tree = tree[key]
    tree[path[-1] or str(len(tree))] = value


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    filled = {key: _listed(item) for key, item in value.items()}
    if list(filled) == [str(index) for index in range(len(filled))]:
        return list(filled.values())
    return filled


def _scalar(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)

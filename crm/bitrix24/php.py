"""The portal is written in PHP, where a list and a map are one thing. Here its shapes become Python's.

An empty map arrives as `[]`, a map with the keys 0..n-1 as a list; forms carry nested data in bracket keys.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, quote_plus

MAX_PAIRS = 1000
MAX_DEPTH = 10


class MalformedForm(ValueError):
    """The form's keys do not make a tree."""


def as_map(value: Any) -> dict[str, Any]:
    """Return a PHP array that is meant as a map, whatever JSON shape it came in."""
    if isinstance(value, dict):
        return {str(key): item for key, item in value.items()}
    if isinstance(value, list):
        return {str(index): item for index, item in enumerate(value)}
    return {}


def as_list(value: Any) -> list[Any]:
    """Return a PHP array that is meant as a list, whatever JSON shape it came in."""
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def parse_form(body: str) -> dict[str, Any]:
    """Return the tree that a form body with PHP bracket keys describes; every leaf is a string."""
    try:
        pairs = parse_qsl(body, keep_blank_values=True, strict_parsing=True, max_num_fields=MAX_PAIRS, errors="strict")
    except (ValueError, UnicodeDecodeError) as error:
        raise MalformedForm(str(error)) from None
    return build_tree(pairs)


def build_tree(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return nested maps from pairs like `("data[FIELDS][ID]", "7")`; `a[]` takes the next free number."""
    tree: dict[str, Any] = {}
    for key, value in pairs:
        *parents, leaf = _split_key(key)
        node = tree
        for name in parents:
            child = node.setdefault(_fill(name, node), {})
            if not isinstance(child, dict):
                raise MalformedForm("a key is used both as a value and as a branch")
            node = child
        name = _fill(leaf, node)
        if isinstance(node.get(name), dict):
            raise MalformedForm("a key is used both as a branch and as a value")
        node[name] = value
    return tree


def _fill(name: str, node: dict[str, Any]) -> str:
    """Return `name`, or the next number of `node` for an empty one: `a[]=x&a[]=y` is 0 and 1."""
    return name or str(1 + max((int(key) for key in node if key.isdecimal()), default=-1))


def _split_key(key: str) -> list[str]:
    """Return `["data", "FIELDS", "ID"]` for `data[FIELDS][ID]`."""
    head, bracket, rest = key.partition("[")
    if not head or (bracket and not rest.endswith("]")):
        raise MalformedForm("a key is not of the form a[b][c]")
    names = rest[:-1].split("][") if bracket else []
    if len(names) >= MAX_DEPTH or any("[" in name or "]" in name for name in names):
        raise MalformedForm("a key is not of the form a[b][c]")
    return [head, *names]


def build_query(params: dict[str, Any]) -> str:
    """Return `params` as PHP's `http_build_query` would write them: brackets, 1 and 0 for booleans, no `None`."""
    return "&".join(f"{quote_plus(key)}={quote_plus(value)}" for key, value in _flatten(params))


def _flatten(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _flatten(item, f"{key}[{name}]" if key else str(name))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _flatten(item, f"{key}[{index}]")
    elif value is not None:
        yield key, str(int(value)) if isinstance(value, bool) else str(value)

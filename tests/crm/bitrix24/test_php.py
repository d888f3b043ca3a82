"""PHP's shapes and Python's."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.bitrix24.php import MalformedForm, as_list, as_map, build_query, parse_form

LEAD_ADDED = (
    "event=ONCRMLEADADD&event_handler_id=707&data%5BFIELDS%5D%5BID%5D=1000983&ts=1742807175"
    "&auth[domain]=x.bitrix24.ru&auth[application_token]=51856fefc120afa4b628cc82d3935cce"
)


def test_an_event_becomes_a_tree() -> None:
    assert parse_form(LEAD_ADDED) == {
        "event": "ONCRMLEADADD",
        "event_handler_id": "707",
        "data": {"FIELDS": {"ID": "1000983"}},
        "ts": "1742807175",
        "auth": {"domain": "x.bitrix24.ru", "application_token": "51856fefc120afa4b628cc82d3935cce"},
    }


def test_an_empty_form_is_an_empty_tree() -> None:
    assert parse_form("") == {}


def test_unnamed_keys_take_the_next_number() -> None:
    assert parse_form("a[]=x&a[]=y&a[7]=z&a[]=w") == {"a": {"0": "x", "1": "y", "7": "z", "8": "w"}}
    assert parse_form("rows[][id]=1&rows[][id]=2") == {"rows": {"0": {"id": "1"}, "1": {"id": "2"}}}


@pytest.mark.parametrize(
    "body",
    [
        "no pair",
        "a[b=1",
        "a[b]c=1",
        "[b]=1",
        "a[b[c]]=1",
        "a=1&a[b]=2",
        "a[b]=2&a=1",
        "a" + "[b]" * 11 + "=1",
        "&".join(f"a{number}=1" for number in range(1001)),
        "a=%ff",
    ],
)
def test_what_is_not_a_tree_is_refused(body: str) -> None:
    with pytest.raises(MalformedForm):
        parse_form(body)


@pytest.mark.parametrize(
    ("value", "expected"),
    [([], {}), ({"a": 1}, {"a": 1}), ([5, 6], {"0": 5, "1": 6}), ({7: 1}, {"7": 1}), (None, {}), (False, {})],
)
def test_a_map_in_any_shape(value: Any, expected: dict[str, Any]) -> None:
    assert as_map(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [([1], [1]), ({"3": 1, "9": 2}, [1, 2]), ([], []), ("", []), (None, [])]
)
def test_a_list_in_any_shape(value: Any, expected: list[Any]) -> None:
    assert as_list(value) == expected


def test_a_query_is_written_as_php_would() -> None:
    params = {"filter": {">=ID": 5, "ACTIVE": True, "X": None, "OFF": False}, "select": ["ID", "Имя & я"]}
    assert build_query(params) == (
        "filter%5B%3E%3DID%5D=5&filter%5BACTIVE%5D=1&filter%5BOFF%5D=0&select%5B0%5D=ID&"
        "select%5B1%5D=%D0%98%D0%BC%D1%8F+%26+%D1%8F"
    )


names = st.text("abcXYZ_>=", min_size=1, max_size=6)
trees = st.recursive(
    st.text(max_size=8), lambda inner: st.dictionaries(names, inner, min_size=1, max_size=4), max_leaves=12
)


@given(st.dictionaries(names, trees, min_size=1, max_size=4))
def test_what_is_written_can_be_read(tree: dict[str, Any]) -> None:
    assert parse_form(build_query(tree)) == tree


@given(st.text(max_size=60))
def test_any_text_is_a_tree_or_a_refusal(text: str) -> None:
    try:
        parse_form(text)
    except MalformedForm:
        return

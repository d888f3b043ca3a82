"""Whatever is sent to the shop's doors, by a stranger or by a guest, gets an answer that the OpenAPI page promises."""

import json
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.models import Channel
from payments.storefront.api import api
from tests.payments.storefront.visitor import Shop

pytestmark = pytest.mark.django_db
ROUNDS = 25  # of each door
PROMISED = {200, 201, 304, 400, 401, 404, 405, 409, 422, 429}
BUSY = settings(
    max_examples=ROUNDS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
doors: dict[str, Any] = {
    f"{method.upper()} {path}": operation
    for path, methods in api.get_openapi_schema()["paths"].items()
    for method, operation in methods.items()
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(autouse=True)
def generous(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is shut out here."""
    monkeypatch.setattr("payments.storefront.admission.seconds_to_wait", lambda *_, **__: 0)


@pytest.mark.parametrize("door", doors)
def test_any_json_at_any_door_is_answered_and_never_breaks_it(shop: Shop, door: str) -> None:
    shop.enters()
    method, _, path = door.partition(" ")

    @BUSY
    @given(JSON, st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=12))
    def knock(body: Any, word: str) -> None:
        address = path.replace("{channel_id}", str(shop.channel.pk)).replace("{number}", word)
        answer = shop.client.generic(
            method,
            f"{address}?place={word}",
            data=_bytes(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {shop.token}"},
        )
        assert answer.status_code in PROMISED, (door, body, answer.content)

    knock()


@pytest.mark.parametrize("door", doors)
def test_what_fits_the_schema_is_answered_as_the_schema_says(shop: Shop, door: str) -> None:
    shop.enters()
    method, _, path = door.partition(" ")
    schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
    operation = schema[path.replace("{channel_id}", "{channel_id}")][method]

    @BUSY
    @given(operation.as_strategy())
    def knock(case: Any) -> None:
        address = path.replace("{channel_id}", str(shop.channel.pk)).replace("{number}", "ABC")
        body = b"" if case.method in ("GET", "HEAD") else _bytes(case.body if _is_json(case.body) else {})
        answer = shop.client.generic(
            method,
            address,
            data=body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {shop.token}"},
        )
        assert answer.status_code in PROMISED, (door, case.body, answer.content)
        assert str(answer.status_code) in {str(code) for code in doors[door]["responses"]} | {"405", "422"}

    knock()


def test_a_channel_number_beyond_all_numbers_is_nobodys(client: Client) -> None:
    for number in (0, 2**63, 10**40):
        assert client.get(f"/shop/api/{number}/menu").status_code == 404
        assert client.get(f"/shop/{number}/").status_code == 404
    assert Channel.objects.count() == 0


def _is_json(value: Any) -> bool:
    return isinstance(value, dict | list | str | int | float | bool) or value is None


def _bytes(value: Any) -> bytes:
    return json.dumps(value).encode()

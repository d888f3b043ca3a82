"""Print a scenario's draft as a script file."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dialogs.drafts import export_yaml
from dialogs.models import Scenario


class Command(BaseCommand):
    """`manage.py export_scenario KEY`"""

    help = "Print a scenario's draft as YAML; `import_scenario` of it gives the same draft."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key")

    def handle(self, *_args: Any, **options: Any) -> None:
        scenario = Scenario.objects.filter(key=options["key"]).first()
        if scenario is None:
            raise CommandError(f"There is no scenario {options['key']!r}.")
        self.stdout.write(export_yaml(scenario), ending="")

"""Import a scenario file as a draft, and publish it if asked."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dialogs.drafts import import_draft, parse_yaml
from dialogs.engine.problems import ScriptError
from dialogs.management.commands.check_scenario import read_script
from dialogs.publishing import publish


class Command(BaseCommand):
    """`manage.py import_scenario FILE [--publish]`"""

    help = "Replace a scenario's draft by a file; --publish makes it the current version if it is fit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--publish", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            scenario = import_draft(parse_yaml(read_script(options["file"])))
            self.stdout.write(f"Draft of {scenario.key!r} imported: {scenario.steps.count()} steps.")
            if options["publish"]:
                version = publish(scenario, note=f"imported from {options['file'].name}")
                self.stdout.write(self.style.SUCCESS(f"Version {version.number} is current."))
        except ScriptError as error:
            raise CommandError("\n".join(str(problem) for problem in error.problems), returncode=1) from error

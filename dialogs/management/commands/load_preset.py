"""Load a product: its scenario, published, and the texts that go with it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dialogs.preset_loading import available, load_preset


class Command(BaseCommand):
    """`manage.py load_preset KEY …`"""

    help = "Load presets; what an admin has edited since is left as it is. Without a key: all of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("keys", nargs="*")

    def handle(self, *_args: Any, **options: Any) -> None:
        for key in options["keys"] or available():
            try:
                scenario = load_preset(key)
            except LookupError as error:
                raise CommandError(str(error)) from error
            version = scenario.current
            self.stdout.write(f"{scenario.key}: version {version.number if version else '—'} is current.")

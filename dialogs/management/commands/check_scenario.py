"""Check a scenario file without importing it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dialogs.drafts import parse_yaml, problems_of
from dialogs.engine.problems import ScriptError


class Command(BaseCommand):
    """`manage.py check_scenario FILE`"""

    help = "Check a scenario file; each finding names the step and the cure. Exit status 1 when there is one."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            problems = problems_of(parse_yaml(read_script(options["file"])))
        except ScriptError as error:
            problems = error.problems
        if problems:
            raise CommandError("\n".join(str(problem) for problem in problems), returncode=1)
        self.stdout.write(self.style.SUCCESS("The scenario is fit to be published."))


def read_script(path: Path) -> str:
    """Return the file's text; an unreadable one is a clear error."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"Cannot read {path}: {error}") from error

"""Screen replies from stdin: one a line in, one JSON object a line out."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dialogs.safety.policies import SHIPPED, BadPolicies, read_policies
from dialogs.safety.screening import screen


class Command(BaseCommand):
    """`manage.py screen_reply`"""

    help = "Reads one reply a line and prints one JSON object a line: verdict, rules, replacement."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--policies", type=Path, default=SHIPPED, help="another file of rules, to try it out")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            policies = read_policies(options["policies"])
        except (OSError, BadPolicies) as error:
            raise CommandError(f"{options['policies']}: {error}") from error
        for line in sys.stdin:
            found = screen(line.rstrip("\r\n"), policies=policies)
            answer = {"verdict": found.verdict, "rules": list(found.rules), "replacement": found.replacement}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            self.stdout.flush()

"""`manage.py doctor`: what is wrong here, and the cure."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.doctor import Finding, examine


class Command(BaseCommand):
    """Exits with 1 when something is wrong; advice alone is no fault."""

    help = (
        "Check settings, database, broker, beat, queues, backups, channels and portals; say what is wrong and the cure."
    )
    requires_system_checks = ()  # they are part of what it reports

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--offline", action="store_true", help="do not ask the channels and portals themselves")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = []
        for finding in examine(with_network=not options["offline"]):
            findings.append(finding)
            self._show(finding)
        wrong = sum(not finding.ok and not finding.is_advice for finding in findings)
        self.stdout.write(f"\n{wrong} wrong" if wrong else "\nAll is well.")
        if wrong:
            sys.exit(1)

    def _show(self, finding: Finding) -> None:
        mark, style = ("✓", self.style.SUCCESS) if finding.ok else ("✗", self.style.ERROR)
        if not finding.ok and finding.is_advice:
            mark, style = "!", self.style.WARNING
        note = f": {finding.note}" if finding.note else ""
        self.stdout.write(style(f"{mark} {finding.what}") + note)
        if not finding.ok and finding.cure:
            self.stdout.write(f"    {finding.cure}")

"""Judge the assistant's turns again, offline."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dialogs.assistant.verifying import Finding, verify_all


class Command(BaseCommand):
    """`manage.py verify_turns [--newest N] [--strict]`"""

    help = (
        "Judge every recorded turn of the assistant again from its facts and raw output. Exit status 1 when one that the same "
        "rules judged comes out otherwise."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--newest", type=int, default=None, metavar="N", help="only so many, the newest")
        parser.add_argument("--strict", action="store_true", help="turns judged by other rules must agree, too")

    def handle(self, *_args: Any, **options: Any) -> None:
        findings = list(verify_all(newest=options["newest"]))
        judged = [finding for finding in findings if finding.has_record]
        for finding in judged:
            self._tell(finding)
        wrong = [finding for finding in judged if finding.differences and (finding.same_rules or options["strict"])]
        older = [finding for finding in judged if not finding.same_rules]
        agreeing = sum(not finding.differences for finding in judged)
        self.stdout.write(f"turns judged again: {len(judged)}, agree: {agreeing}, disagree: {len(judged) - agreeing}")
        self.stdout.write(f"of them judged by other rules than today's: {len(older)}")
        self.stdout.write(f"without a record (erased, or never decided): {len(findings) - len(judged)}")
        if wrong:
            raise CommandError(f"{len(wrong)} turns come out otherwise", returncode=1)
        self.stdout.write(self.style.SUCCESS("Every turn comes out as it was recorded."))

    def _tell(self, finding: Finding) -> None:
        rules = "" if finding.same_rules else " (other rules)"
        for difference in finding.differences:
            self.stdout.write(f"turn {finding.turn}{rules}: {difference}")

"""Reads conversations from standard input, one a line, and prints what the phone search finds in each."""

import json
import re
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bot.streams import answer_in_lines, input_lines
from crm.phones import find_phones, is_region

_SEPARATOR = re.compile(r"\s*\|\|\s*")


class Command(BaseCommand):
    """`manage.py find_phone [--region RU] < conversations.txt`."""

    help = "Finds phone numbers: one conversation a line, its messages parted by ' || '; prints one JSON object a line."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--region", default="RU", help="the customer's country, two letters (default: RU)")

    def handle(self, *args: Any, **options: Any) -> None:
        region = str(options["region"]).upper()
        if not is_region(region):
            raise CommandError(f"Unknown region {region!r}: use two letters, for example RU, KZ, BY, DE, US.")
        answer_in_lines()
        for line in input_lines():
            found = find_phones(_SEPARATOR.split(line), region=region)
            self.stdout.write(json.dumps(asdict(found), ensure_ascii=False))

"""Reads messages of customers from standard input, one a line, and prints what a scenario makes of each."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bot.streams import answer_in_lines, input_lines
from dialogs.first_reaction import set_stage


class Command(BaseCommand):
    """`manage.py first_reaction KEY < messages.txt`."""

    help = (
        "Understands messages: one a line from standard input; prints one JSON object a line with the intents, FAQ keys "
        "and phones recognised, and what the bot would say at the scenario's first question."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", help="the scenario's key, or a preset's")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            stage = set_stage(options["key"], timezone.now())
        except LookupError as error:
            raise CommandError(str(error)) from error
        answer_in_lines()
        for line in input_lines():
            self.stdout.write(json.dumps(stage.react(line), ensure_ascii=False))

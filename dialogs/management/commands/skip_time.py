"""Let dialogues believe that time has passed: for demonstrations and trials of a scenario."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import F
from django.utils import timezone

from bot.nudges import nudge_turns
from crm.attendance import send_reminders
from crm.models import AppointmentReminder
from dialogs.engine.durations import seconds_of
from dialogs.models import Timer
from dialogs.timers import fire_due


class Command(BaseCommand):
    """`manage.py skip_time 1h`"""

    help = "Bring all waiting timers of all dialogues nearer by a length of time (15m, 1h, 2d) and fire those now due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("by", help="15m, 1h, 2d")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            by = dt.timedelta(seconds=seconds_of(options["by"]))
        except ValueError as error:
            raise CommandError(str(error)) from error
        waiting = Timer.objects.filter(fired_at=None, canceled_at=None)
        moved = waiting.update(due_at=F("due_at") - by)
        AppointmentReminder.objects.filter(sent_at=None).update(due_at=F("due_at") - by)
        send_reminders(timezone.now())
        fired = fire_due()
        nudge_turns()
        self.stdout.write(f"{moved} timers are nearer by {options['by']}, {fired} came due.")

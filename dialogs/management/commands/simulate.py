"""Talk to a scenario's draft in the terminal: nothing is written, nobody is told."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dialogs.drafts import compile_draft
from dialogs.engine.effects import Say
from dialogs.engine.problems import ScriptError
from dialogs.engine.script import load
from dialogs.models import Scenario
from dialogs.prompts.choice import versions_of_scenario
from dialogs.prompts.expanding import expanded, wordings_of
from dialogs.simulator import Moment, Simulation, Simulator
from dialogs.surroundings import look_around

HELP = (
    "Write as a customer. /start begins, +2h skips time, >data presses a button, !phone shares the contact, empty ends."
)


class Command(BaseCommand):
    """`manage.py simulate KEY`"""

    help = "Talk to a scenario's draft; state and effects are shown after each turn, `+2h` skips time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="the scenario's key")
        parser.add_argument("--quiet", action="store_true", help="show only what is said")

    def handle(self, *_args: Any, **options: Any) -> None:
        scenario = Scenario.objects.filter(key=options["key"]).first()
        if scenario is None:
            raise CommandError(f"There is no scenario {options['key']!r}.")
        try:
            script = load(expanded(compile_draft(scenario), wordings_of(versions_of_scenario(scenario))))
        except ScriptError as error:
            raise CommandError("\n".join(str(problem) for problem in error.problems)) from error
        self.stdout.write(HELP)
        simulator, sim = Simulator(script, look_around(timezone.now(), scenario.key)), Simulation(timezone.now())
        while line := self._read():
            sim, moments = simulator.write(sim, line)
            for moment in moments:
                self._show(moment, quiet=options["quiet"])

    def _read(self) -> str:
        try:
            return input("> ").strip()
        except EOFError:
            return ""

    def _show(self, moment: Moment, *, quiet: bool) -> None:
        self.stdout.write(f"[{moment.at:%d.%m %H:%M}] {moment.what}")
        for effect in moment.effects:
            if isinstance(effect, Say):
                self.stdout.write(f"  🤖 {effect.text}")
                for row in effect.keys:
                    self.stdout.write(
                        "     " + "  ".join(f"[{key.text}]{'>' + key.data if key.data else ''}" for key in row)
                    )
            elif not quiet:
                self.stdout.write(f"  · {effect}")
        if not quiet:
            state = moment.state
            self.stdout.write(
                f"  = step {state.step or '—'}, {state.mode}, values {dict(state.values)}, tries {state.tries}"
            )

"""What is wrong with a script, said so that its author can mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: where, what, and the cure. `code` is stable; `what` and `cure` are shown to the editor."""

    code: str
    step: str  # empty: the scenario as a whole
    what: str
    cure: str

    def __str__(self) -> str:
        where = f"step {self.step!r}" if self.step else "scenario"
        return f"{where}: {self.what} → {self.cure} [{self.code}]"


class ScriptError(ValueError):
    """A script that cannot be run; `problems` says why, step by step."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


class LoopLimitExceeded(RuntimeError):
    """A turn went through more steps than `MAX_STEPS` without asking anything: the script runs in a circle."""

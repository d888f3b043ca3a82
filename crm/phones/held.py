"""The numbers held so far, in order, and the one given last: corrections speak of it even after it was dropped."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Held:
    """Numbers in E.164, each once. A number that replaces another takes its place."""

    numbers: list[str] = field(default_factory=list)
    old: set[str] = field(default_factory=set)  # called former by the customer: kept only when nothing else is
    last: str | None = None
    _place: int = 0  # where the next number goes

    def current(self) -> tuple[str, ...]:
        """Return the numbers to call."""
        return tuple([number for number in self.numbers if number not in self.old] or self.numbers)

    def hold(self, e164: str) -> None:
        """Add the number, or remember that it was said again."""
        if e164 not in self.numbers:
            self.numbers.insert(min(self._place, len(self.numbers)), e164)
        self.last = e164
        self._place = len(self.numbers)

    def drop(self, e164: str | None) -> None:
        """Take the number out; the next one may come in its place."""
        if e164 in self.numbers:
            self._place = self.numbers.index(e164)
            self.numbers.remove(e164)

    def drop_place(self, place: int) -> None:
        """Take out the first (0), second (1) or last (-1) number; the next one still goes to the end."""
        if -len(self.numbers) <= place < len(self.numbers):
            del self.numbers[place]
        self._place = len(self.numbers)

    def drop_all(self) -> None:
        """Take out every number."""
        self.numbers.clear()
        self._place = 0

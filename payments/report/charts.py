"""Bars as numbers for a template: no script, no foreign server, and a table under it that says the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from payments.report.parts import Part

HEIGHT = 140  # of the tallest bar
STEP = 34  # from bar to bar
WIDTH = 22
FOOT = 22  # under the bars, for their names
LABELS = 16  # names shown at most


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, and the pale one behind it that shows what was before."""

    x: int
    y: int
    height: int
    before_y: int
    before_height: int
    name: str
    label: str  # the name under the bar; empty where there is no room
    count: int
    sum: Decimal


@dataclass(frozen=True, slots=True)
class Chart:
    """A row of bars in a box of its own units."""

    bars: Sequence[Bar]
    width: int
    height: int = HEIGHT + FOOT
    base: int = HEIGHT


def chart_of(found: Sequence[Part], before: Sequence[Part] = ()) -> Chart:
    """Return the bars of these parts; the tallest, now or before, fills the height."""
    earlier: Mapping[str, Part] = {part.name: part for part in before}
    tallest = max([part.count for part in (*found, *before)], default=0) or 1
    every = -(-len(found) // LABELS)
    bars = []
    for number, part in enumerate(found):
        was = earlier[part.name].count if part.name in earlier else 0
        height, before_height = part.count * HEIGHT // tallest, was * HEIGHT // tallest
        label = part.name if number % every == 0 else ""
        x = number * STEP + (STEP - WIDTH) // 2
        bars.append(
            Bar(
                x,
                HEIGHT - height,
                height,
                HEIGHT - before_height,
                before_height,
                part.name,
                label,
                part.count,
                part.sum,
            )
        )
    return Chart(bars, max(len(bars), 1) * STEP)

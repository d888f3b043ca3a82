"""What people really type, line by line."""

import pytest

from crm.phones import find_phones
from tests.crm.phones.lines import Line, read_lines

LINES = read_lines("real_life.tsv")
LIMITS = read_lines("known_limits.tsv")


def test_there_are_enough_lines() -> None:
    assert len(LINES) >= 850


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.text[:60])
def test_a_line_is_understood(line: Line) -> None:
    assert find_phones(line.text.split(" || "), region=line.region) == line.found


@pytest.mark.xfail(reason="a known limit")
@pytest.mark.parametrize("line", LIMITS, ids=lambda line: line.text[:60])
def test_a_known_limit_still_is_one(line: Line) -> None:
    assert find_phones(line.text.split(" || "), region=line.region) == line.found

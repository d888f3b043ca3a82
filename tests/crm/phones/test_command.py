"""`manage.py find_phone`: one conversation a line in, one JSON object a line out."""

import io
import json

import pytest
from django.core.management import CommandError, call_command


def _run(lines: str, monkeypatch: pytest.MonkeyPatch, **options: str) -> list[dict[str, object]]:
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    out = io.StringIO()
    call_command("find_phone", stdout=out, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_line_is_one_conversation(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = _run("8916 || 1234567\nпривет\n8 495 123-45-67 доб. 12\n", monkeypatch)
    assert answers == [
        {"numbers": ["+79161234567"], "extension": None, "reason": None},
        {"numbers": [], "extension": None, "reason": "none"},
        {"numbers": ["+74951234567"], "extension": "12", "reason": None},
    ]


def test_an_empty_line_keeps_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [answer["numbers"] for answer in _run("\n89161234567", monkeypatch)] == [[], ["+79161234567"]]


def test_the_region_decides_how_national_numbers_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _run("(415) 555-2671\n", monkeypatch, region="us")[0]["numbers"] == ["+14155552671"]


def test_an_unknown_region_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="XX"):
        _run("", monkeypatch, region="XX")

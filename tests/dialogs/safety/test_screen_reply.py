"""manage.py screen_reply: a reply a line in, a verdict a line out."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


def screened(monkeypatch: pytest.MonkeyPatch, lines: str, **options: object) -> list[dict[str, object]]:
    """Return the verdicts on the lines."""
    out = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    call_command("screen_reply", stdout=out, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_line_gets_its_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    promise, empty, question = screened(monkeypatch, "Гарантируем доход!\n\nКакая у вас цель?\n")
    assert (promise["verdict"], promise["rules"]) == ("block", ["income_promise"])
    assert promise["replacement"]
    assert empty == question == {"verdict": "allow", "rules": [], "replacement": ""}


def test_another_file_of_rules_can_be_tried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "rules.txt"
    file.write_text("[правило cats]\nнельзя: кот\nзамена: Мяу.\n", encoding="utf-8")
    assert screened(monkeypatch, "Вижу кота\n", policies=file) == [
        {"verdict": "block", "rules": ["cats"], "replacement": "Мяу."}
    ]


def test_a_broken_file_is_told_with_its_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "rules.txt"
    file.write_text("[правило cats]\nнельзя: @коты\nзамена: Мяу.\n", encoding="utf-8")
    with pytest.raises(CommandError, match="line 2: there is no group @коты"):
        screened(monkeypatch, "Вижу кота\n", policies=file)

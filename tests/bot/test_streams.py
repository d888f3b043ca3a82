"""Lines come in as they were meant, whatever bytes and locale they come with."""

import io
import sys

import pytest

from bot.streams import answer_in_lines, input_lines


def standard_input(monkeypatch: pytest.MonkeyPatch, raw: bytes, encoding: str = "ascii") -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), encoding=encoding, errors="strict"))


def test_broken_bytes_marks_and_ends_cost_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    standard_input(
        monkeypatch, "\ufeffпривет\r\n\nдве\rчасти\n".encode() + b"\xff\xfe 1\n" + "без конца\x0b\u2028".encode()
    )
    assert list(input_lines()) == ["привет", "", "две\rчасти", "\ufffd\ufffd 1", "без конца\x0b\u2028"]


def test_the_answer_leaves_at_once_and_in_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding="latin-1"))
    answer_in_lines()
    sys.stdout.write("привет\n")
    assert written.getvalue() == "привет\n".encode()

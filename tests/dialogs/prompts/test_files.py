"""Prompts as files: read at run time, checked, versioned, never written over."""

import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from dialogs.prompts.catalogue import KINDS, PLACEHOLDER, problems_in, sections_of
from dialogs.prompts.files import BrokenPrompt, MissingPrompt, PromptsReadOnly, fill, read, save_next, versions_of

SHIPPED = Path(__file__).resolve().parents[3] / "prompts"
REQUIRED = [
    *("system_manager", "sales_spin_aida", "safety_policies", "materials_selector", "summarizer"),
    *("followups", "consult_offer", "payment_offer", "help_faq"),
]


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """An empty place for prompts that belongs to the test."""
    settings.PROMPTS_DIR, settings.BASE_DIR = tmp_path / "saved", tmp_path
    (tmp_path / "saved").mkdir()
    (tmp_path / "prompts").mkdir()
    yield tmp_path / "saved"


def test_the_nine_prompts_of_the_specification_are_known() -> None:
    assert list(KINDS) == REQUIRED


@pytest.mark.parametrize("name", REQUIRED)
def test_a_shipped_prompt_is_plain_text_that_says_something(name: str) -> None:
    raw = (SHIPPED / f"{name}.txt").read_bytes()
    text = raw.decode()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert len(text) > 500
    assert list(problems_in(name, text, thoroughly=True)) == []
    assert not any(mark in text for mark in ("**", "```", "\n## ", "\n- "))


def test_what_is_said_to_people_holds_no_unknown_name_and_several_wordings() -> None:
    for name in ("followups", "consult_offer", "payment_offer", "help_faq"):
        sections = sections_of((SHIPPED / f"{name}.txt").read_text())
        assert set(KINDS[name].sections) <= set(sections)
        assert all(wording for wordings in sections.values() for wording in wordings)
    assert len(sections_of((SHIPPED / "consult_offer.txt").read_text())["offer"]) >= 2


def test_a_changed_file_is_read_anew_at_once(folder: Path) -> None:
    file = folder / "summarizer.txt"
    file.write_text("Сводка о {{customer_name}}.")
    assert read("summarizer").text == "Сводка о {{customer_name}}."
    assert read("summarizer") is read("summarizer")
    file.write_text("Сводка.")
    os.utime(file, ns=(1, 1))
    assert read("summarizer").text == "Сводка."


def test_lines_may_end_as_on_windows_and_the_content_counts_as_the_same(folder: Path) -> None:
    (folder / "summarizer.txt").write_bytes("Раз\r\nДва\r\n".encode())
    (folder / "summarizer-v2.txt").write_bytes("Раз\nДва\n".encode())
    assert read("summarizer").text == read("summarizer", 2).text == "Раз\nДва\n"
    assert read("summarizer").content_hash == read("summarizer", 2).content_hash


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (
            b"\xef\xbb\xbf" + "Сводка".encode(),
            "summarizer.txt begins with a byte order mark; save it as UTF-8 without one",
        ),
        ("Сводка".encode("cp1251"), "summarizer.txt is not UTF-8: byte 1 is no letter"),
        (b" \n", "summarizer.txt: it is empty"),
        ("Я {{nobody}}.".encode(), "summarizer.txt: {{nobody}} is not known here; use: business_name, customer_name"),
        ("Я {{customer_name}.".encode(), "a {{placeholder}} is not closed"),
        (("Ы" * 40_001).encode(), "summarizer.txt: it is longer than 40000 characters"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_reason(folder: Path, raw: bytes, complaint: str) -> None:
    (folder / "summarizer.txt").write_bytes(raw)
    with pytest.raises(BrokenPrompt, match="summarizer") as told:
        read("summarizer")
    assert complaint in str(told.value)


def test_a_section_the_code_reads_may_not_be_missing(folder: Path) -> None:
    (folder / "help_faq.txt").write_text("Справка.\n\n[help]\n\n[Вопрос?]\nОтвет")
    with pytest.raises(BrokenPrompt, match=r"the section \[help\] is missing or empty"):
        read("help_faq")


def test_what_is_not_there_is_said_by_name(folder: Path) -> None:
    with pytest.raises(MissingPrompt, match=r"summarizer-v7\.txt is not in"):
        read("summarizer", 7)
    with pytest.raises(MissingPrompt, match="there is no prompt 'sumarizer'; there are: system_manager"):
        read("sumarizer")
    (folder / "summarizer.txt").mkdir()
    with pytest.raises(BrokenPrompt, match=r"summarizer\.txt cannot be read"):
        read("summarizer")


def test_placeholders_are_filled_once_and_never_from_what_was_put_in(folder: Path) -> None:
    (folder / "summarizer.txt").write_text("{{ customer_name }}, {{segment}}, {{goal}}")
    values = {"customer_name": "{{goal}}", "goal": "рост"}
    assert fill(read("summarizer"), values) == "{{goal}}, нет данных, рост"


def test_words_for_people_begin_well_without_a_name() -> None:
    prompt = read("followups")
    wording = prompt.sections["24 cold"][0]
    assert fill(prompt, {"customer_name": "Анна"}, text=wording).startswith("Анна, добрый день!")
    assert fill(prompt, {}, text=wording).startswith("Добрый день! Вы вчера")


def test_saving_writes_the_next_version_and_touches_no_other(folder: Path) -> None:
    (folder.parent / "prompts" / "summarizer.txt").write_text("Первая.")
    assert save_next("summarizer", "Вторая.\r\n\r\n").version == 2
    assert save_next("summarizer", "Третья.").version == 3
    assert versions_of("summarizer") == [1, 2, 3]
    assert (folder / "summarizer-v2.txt").read_bytes() == "Вторая.\n".encode()
    assert (read("summarizer").text, read("summarizer", 3).text) == ("Первая.", "Третья.\n")
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_two_who_save_at_the_same_moment_get_two_versions(folder: Path) -> None:
    start = threading.Barrier(8)

    def save(number: int) -> None:
        start.wait()
        save_next("summarizer", f"Слова {number}.")

    threads = [threading.Thread(target=save, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert versions_of("summarizer") == [*range(1, 9)]
    assert len({read("summarizer", version).text for version in range(1, 9)}) == 8


def test_what_cannot_be_a_prompt_is_not_saved(folder: Path) -> None:
    with pytest.raises(BrokenPrompt, match="nobody"):
        save_next("summarizer", "Я {{nobody}}.")
    with pytest.raises(MissingPrompt, match="there is no prompt 'other'"):
        save_next("other", "Я.")
    assert list(folder.iterdir()) == []


def test_safety_rules_that_cannot_be_compiled_are_not_saved(folder: Path) -> None:
    with pytest.raises(BrokenPrompt, match="line 1: the rule 'empty' has no `замена:`"):
        save_next("safety_policies", "[правило empty]")
    assert list(folder.iterdir()) == []


def test_a_disk_that_cannot_be_written_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Tests may run as root, whom no permission stops: the refusal of a read-only disk is made by hand.
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    with pytest.raises(PromptsReadOnly, match="Read-only file system"):
        save_next("summarizer", "Слова.")
    assert versions_of("summarizer") == []


def test_every_placeholder_that_may_be_used_is_a_word() -> None:
    assert all(PLACEHOLDER.fullmatch(f"{{{{{name}}}}}") for kind in KINDS.values() for name in kind.placeholders)

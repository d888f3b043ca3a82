"""Reading a script and judging it: every finding names the step and the cure."""

import re
from pathlib import Path
from typing import Any

import pytest

from dialogs.engine.problems import Problem, ScriptError
from dialogs.engine.script import load
from dialogs.engine.validation import check
from tests.dialogs.engine.play import ask, quiz, script, shipped

ROOT = Path(__file__).resolve().parents[3]
LONG = "к" * 40  # 80 bytes


def branching(step: dict[str, Any]) -> dict[str, Any]:
    return script({"a": step}, start="a")


# code, step it is reported at, the broken script
UNREADABLE: list[tuple[str, str, dict[str, Any]]] = [
    ("unknown-setting", "", script(colour="red")),
    ("unknown-setting", "phone", script({"phone": ask(colour="red")})),
    ("no-steps", "", {"key": "x"}),
    ("no-steps", "", {"key": "x", "steps": ["phone"]}),
    ("unknown-kind", "odd", script({"odd": {"kind": "dance"}})),
    ("unknown-kind", "odd", script({"odd": "say"})),
    ("bad-value", "phone", script({"phone": ask(timeout="soon")})),
    ("bad-value", "phone", script({"phone": ask(tries="many")})),
    ("bad-value", "phone", script({"phone": ask(reminders=["10m"])})),
    ("unknown-text", "", script(texts={"hello": "Привет"})),
    ("empty-text", "", script(texts={"help": ["", None]})),
]
UNFIT: list[tuple[str, str, dict[str, Any]]] = [
    ("no-start", "", script(start="nowhere")),
    ("no-start", "", {"key": "x", "steps": {}}),
    ("unknown-step", "phone", script({"phone": ask(next="nowhere")})),
    ("unknown-step", "", script(person="nowhere")),
    ("bad-value", "", script(leads_to="anybody")),
    ("unreachable", "island", script({"island": {"kind": "say", "text": "О", "next": "done"}})),
    ("unknown-variable", "phone", script({"phone": ask(text="{{customer.age}}?")})),
    ("unknown-variable", "", script(texts={"help": "{{weather}}"})),
    ("loop-without-input", "a", script({"a": {"kind": "say", "text": "а", "next": "a"}}, start="a")),
    ("dead-end", "a", script({"a": {"kind": "wait", "for": "1m", "next": "a"}}, start="a")),
    ("dead-end", "a", script({"a": {"kind": "say", "text": "а"}}, start="a")),
    ("empty-text", "a", script({"a": {"kind": "say", "next": "phone"}}, start="a")),
    ("unknown-field", "phone", script({"phone": ask(field="shoe")})),
    ("empty-text", "phone", script({"phone": ask(text="")})),
    ("dead-end", "phone", script({"phone": ask(next="")})),
    ("dead-end", "phone", script({"phone": ask(on_refusal="")})),
    ("no-consent", "phone", script({"phone": ask(consent=False)})),
    ("long-key", LONG, script({LONG: ask()}, start=LONG)),
    ("missing-timeout", "phone", script({"phone": ask(timeout=0)})),
    ("missing-timeout", "phone", script({"phone": ask(on_timeout="")})),
    ("late-reminder", "phone", script({"phone": ask(reminders=[{"after": "2h", "text": "Ау"}])})),
    ("empty-text", "phone", script({"phone": ask(reminders=[{"after": "1m"}])})),
    ("unknown-action", "a", script({"a": {"kind": "action", "action": "dance", "next": "phone"}}, start="a")),
    ("dead-end", "a", script({"a": {"kind": "action", "action": "tag"}}, start="a")),
    ("missing-timeout", "a", script({"a": {"kind": "wait", "next": "phone"}}, start="a")),
    ("dead-end", "a", script({"a": {"kind": "wait", "for": "1m"}}, start="a")),
    ("dead-end", "a", branching({"kind": "branch", "rules": [{"when": {"is_open": True}, "next": "phone"}]})),
    ("dead-end", "a", branching({"kind": "branch", "rules": [{"when": {"is_open": True}}], "otherwise": "phone"})),
    ("unknown-variable", "a", branching({"kind": "branch", "rules": [{"when": {"rain": 1}, "next": "a"}]})),
    ("long-key", "done", {"key": "x", "steps": {"done": {"kind": "end", "outcome": "x" * 49}}}),
]  # fmt: skip


def menu(**settings: Any) -> dict[str, Any]:
    choices = [{"key": "a", "text": "А", "next": "phone"}]
    step = {"kind": "menu", "text": "?", "choices": choices, "timeout": "1h", "on_timeout": "silent", **settings}
    return script({"menu": step}, start="menu")


UNFIT += [
    ("empty-text", "menu", menu(text="")),
    ("no-choices", "menu", menu(choices=[])),
    ("choice-key", "menu", menu(choices=[{"text": "А", "next": "phone"}])),
    ("choice-key", "menu", menu(choices=[{"key": "a", "text": "А", "next": "phone"}] * 2)),
    ("empty-text", "menu", menu(choices=[{"key": "a", "next": "phone"}])),
    ("dead-end", "menu", menu(choices=[{"key": "a", "text": "А"}])),
    ("long-key", "menu", menu(choices=[{"key": LONG, "text": "А", "next": "phone"}])),
    ("missing-timeout", "menu", menu(timeout=0)),
]


def survey(**settings: Any) -> dict[str, Any]:
    return script({"quiz": quiz(**settings)}, start="quiz")


ONE = {"key": "q1", "text": "?", "answers": [{"key": "a", "text": "А"}, {"key": "b", "text": "Б", "points": 2}]}
AND = {"text": "Ещё", "data": "more"}

UNREADABLE += [
    ("unknown-setting", "", script(shortcuts={"more": {"colour": "red"}})),
    ("unknown-setting", "", script(shortcuts={"more": "done"})),
    ("bad-value", "", script(shortcuts=["more"])),
    ("bad-value", "", script(menu=["Ещё"])),
    ("bad-value", "", script(menu={**AND, "colour": "red"})),
    ("bad-value", "", script(stages=["talk"])),
    ("bad-value", "", script(stages={"key": "talk", "steps": "phone"})),
    ("bad-value", "quiz", survey(segments={"cold": "few"})),
    ("bad-value", "quiz", survey(questions=[{**ONE, "answers": [{"key": "a", "text": "А", "points": "many"}]}])),
]
UNFIT += [
    ("dead-end", "", script(shortcuts={"more": {}})),
    ("dead-end", "", script(shortcuts={"more": {"next": "done", "show": "done"}})),
    ("unknown-step", "", script(shortcuts={"more": {"next": "nowhere"}})),
    ("shortcut-shows", "", script(shortcuts={"more": {"show": "phone"}})),
    ("long-key", "", script(shortcuts={LONG: {"next": "done"}})),
    ("empty-text", "", script(menu=[{**AND, "text": "!"}], shortcuts={"more": {"next": "done"}})),
    ("menu-key", "", script(menu=[AND])),
    ("menu-key", "", script(menu=[AND], shortcuts={"more": {"next": "done"}, "b": {"next": "done", "words": "ещё"}})),
    ("unknown-step", "", script(stages=[{"key": "talk", "steps": ["nowhere"]}])),
    ("unknown-shelf", "a", branching({"kind": "say", "text": "а", "show": "attic", "next": "phone"})),
    ("no-questions", "quiz", survey(questions=[])),
    ("choice-key", "quiz", survey(questions=[ONE, ONE])),
    ("choice-key", "quiz", survey(questions=[{**ONE, "key": "back"}])),
    ("choice-key", "quiz", survey(questions=[{**ONE, "answers": [ONE["answers"][0]] * 2}])),
    ("empty-text", "quiz", survey(questions=[{**ONE, "text": ""}])),
    ("empty-text", "quiz", survey(questions=[{**ONE, "answers": [{"key": "a"}, {"key": "b", "text": "Б"}]}])),
    ("no-choices", "quiz", survey(questions=[{**ONE, "answers": []}])),
    ("segment-gap", "quiz", survey(segments={"cold": "0", "hot": "2+"})),
    ("segment-gap", "quiz", survey(segments={})),
    ("segment-gap", "quiz", survey(segments={"cold": "0-3"})),
    ("segment-overlap", "quiz", survey(segments={"cold": "0-5", "hot": "5+"})),
    ("unknown-answer", "quiz", survey(personas=[{"key": "x", "when": {"q9": "a"}}, {"key": "y"}])),
    ("unknown-answer", "quiz", survey(personas=[{"key": "x", "when": {"q1": ["z"]}}, {"key": "y"}])),
    ("no-persona", "quiz", survey(personas=[{"key": "x", "when": {"q1": "a"}}])),
    ("dead-end", "quiz", survey(next="")),
    ("long-key", "quiz", survey(questions=[{**ONE, "key": LONG}])),
]


@pytest.mark.parametrize(("code", "step", "raw"), UNREADABLE)
def test_a_script_that_cannot_be_read_says_where_and_how_to_mend_it(code: str, step: str, raw: dict[str, Any]) -> None:
    with pytest.raises(ScriptError) as caught:
        load(raw)
    assert (code, step) in {(problem.code, problem.step) for problem in caught.value.problems}
    assert all(problem.what and problem.cure for problem in caught.value.problems)
    assert f"[{code}]" in str(caught.value)


@pytest.mark.parametrize(("code", "step", "raw"), UNFIT)
def test_a_script_that_is_unfit_says_where_and_how_to_mend_it(code: str, step: str, raw: dict[str, Any]) -> None:
    problems = check(load(raw))
    assert (code, step) in {(problem.code, problem.step) for problem in problems}
    assert all(problem.what and problem.cure for problem in problems)


def test_every_code_in_the_source_is_provoked_here() -> None:
    sources = (path.read_text() for path in (ROOT / "dialogs" / "engine").rglob("*.py"))
    known = {code for text in sources for code in re.findall(r'Problem\(\s*"([a-z-]+)"', text)}
    assert known == {code for code, _, _ in (*UNREADABLE, *UNFIT)}


def test_a_good_script_has_no_findings_and_the_first_step_starts_it() -> None:
    assert check(load(script())) == []
    assert check(load(menu())) == []
    assert check(load(survey())) == []
    assert load(script()).start == "phone"


@pytest.mark.parametrize("name", ["first-contact", "sales"])
def test_the_shipped_scripts_are_fit(name: str) -> None:
    assert check(load(shipped(name))) == []


def test_a_script_replaces_the_words_it_wants_to() -> None:
    texts = load(script(texts={"help": ["Раз", " ", "Два"]})).texts
    assert texts["help"] == ("Раз", "Два") and texts["stop"]
    assert load(script(texts=["odd"])).texts["stop"]


def test_a_finding_reads_as_a_sentence() -> None:
    assert str(Problem("dead-end", "a", "nothing follows it", "set `next`")) == (
        "step 'a': nothing follows it → set `next` [dead-end]"
    )
    assert str(Problem("no-start", "", "no start", "set it")).startswith("scenario: ")

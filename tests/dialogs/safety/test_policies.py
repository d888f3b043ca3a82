"""The file of rules: what a person writes there is checked, and each finding names its line."""

import pytest

from dialogs.safety.policies import BadPolicies, parse, shipped
from dialogs.safety.screening import screen

PROMISES = "[группа доход]\nдоход, прибыл*\n[правило promise]\nнельзя: обещать @доход\nзамена: Не обещаю.\n"


def test_every_example_of_the_shipped_rules_is_judged_as_it_says() -> None:
    for rule in shipped().rules.values():
        assert [text for text in rule.bad_examples if rule.name not in screen(text).rules] == []
        assert [text for text in rule.good_examples if not screen(text).is_allowed] == []


def test_every_safe_replacement_is_safe() -> None:
    for rule in shipped().rules.values():
        assert rule.replacements
        assert [text for text in rule.replacements if not screen(text).is_allowed] == []


def test_a_new_rule_works_as_written() -> None:
    rules = parse(PROMISES)
    assert screen("Обещаем прибыль", policies=rules).rules == ("promise",)
    assert screen("Не обещаем прибыли", policies=rules).is_allowed
    assert screen("Обещаем прибыль", policies=rules).replacement == "Не обещаю."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[правло x]\n", "line 1: '[правло x]' is no header"),
        ("[правило x]\nнльзя: а\nзамена: б\n", "line 2: 'нльзя: а'"),
        ("[правило x]\nнельзя: @нету\nзамена: б\n", "line 2: there is no group @нету"),
        ("[правило x]\nнельзя: дом&&\nзамена: б\n", "line 2: 'дом&&' is no word"),
        ('[правило x]\nнельзя: "а б\nзамена: б\n', "line 2: a quotation mark"),
        ("[правило x]\nнельзя: [2]\nзамена: б\n", "line 2: there is nothing to look for"),
        ("[правило x]\nнельзя: дом\n", "line 1: the rule 'x' has no `замена:`"),
        ("[правило x]\nнельзя: дом\nзамена: Привет, {{name}}\n", "line 3: {{name}}"),
        ("[правило x]\nзамена: б\n[правило x]\nзамена: б\n", "line 3: the rule 'x' is there already"),
        ("[группа x]\nа\n[группа x]\nб\n[правило y]\nзамена: б\n", "line 3: the group 'x' is there already"),
        ("[группа x]\nдом;кот\n[правило y]\nзамена: б\n", "line 2: 'дом;кот' is no word"),
        ("просто слова\n", "line 1: there is no rule"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(BadPolicies) as caught:
        parse(text)
    assert any(problem.startswith(said) for problem in caught.value.problems), caught.value.problems

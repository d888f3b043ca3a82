"""The red-team file: no promise slips through, harmless look-alikes are let be."""

from tests.dialogs.safety.scoring import MOST_FALSE, cases, score


def test_no_forbidden_reply_is_missed_and_at_most_one_harmless_one_in_a_hundred_is_blocked() -> None:
    found = score(cases())
    assert [case.text for case in found.missed] == []
    assert found.false_rate <= MOST_FALSE, [case.text for case in found.blocked]


def test_the_file_is_large_and_half_of_it_is_harmless() -> None:
    judged = cases()
    harmless = sum(case.verdict == "allow" for case in judged)
    assert len(judged) >= 600
    assert 0.4 <= harmless / len(judged) <= 0.6
    assert len({case.text for case in judged}) == len(judged)
    assert {case.language for case in judged} == {"ru", "en"}

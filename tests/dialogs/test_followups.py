"""The words of follow-ups for one person, and the clock they live by."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from crm.models import Customer, Lead
from crm.phones.zones import zone_of_number
from dialogs import followups
from dialogs.prompts.files import MissingPrompt, read


def words(segment: str, name: str = "Вера Ким", **profile: str) -> followups.Words:
    return followups.words_for(None, Customer(name=name, segment=segment), Lead(profile=profile), "Школа")


@pytest.mark.parametrize("segment", ["cold", "warm", "hot"])
def test_each_segment_has_its_own_words_for_each_time(segment: str) -> None:
    first, second = words(segment, goal="сохранить накопления")
    sections = read("followups").sections
    assert (len(first), len(second)) == (len(sections[f"24 {segment}"]), len(sections[f"72 {segment}"]))
    assert not any("{{" in text for text in (*first, *second)) and any("Вера" in text for text in (*first, *second))


def test_who_was_asked_nothing_yet_is_taken_for_a_beginner() -> None:
    assert words("") == words("cold") != words("hot")


def test_a_name_nobody_knows_leaves_no_hole() -> None:
    assert not any(text.startswith((",", " ")) or ", ," in text for group in words("hot", "") for text in group)


def test_a_prompt_that_cannot_be_read_writes_to_nobody() -> None:
    with patch.object(followups, "read", side_effect=MissingPrompt("gone")):
        assert words("hot") == ()


@pytest.mark.parametrize(
    ("fields", "zone"),
    [
        ({"time_zone": "Asia/Omsk", "phone": "+74951234567"}, "Asia/Omsk"),  # what they told comes first
        ({"phone": "+73832123456"}, "Asia/Novosibirsk"),
        ({"phone": "+79161234567"}, None),  # a mobile is good in all of Russia
        ({"time_zone": "Mars/Base"}, None),
        ({}, None),
    ],
)
def test_the_clock_is_the_customer_s_as_far_as_it_is_known(fields: dict[str, Any], zone: str | None) -> None:
    found = followups.zone_of(Customer(**fields))
    assert (found.key if found else None) == zone


def test_what_is_no_number_tells_no_zone() -> None:
    assert zone_of_number("nonsense") is None


def test_the_shipped_scenario_follows_up_after_a_day_and_after_three() -> None:
    text = (Path(followups.__file__).parent / "presets/sales.yaml").read_text(encoding="utf-8")
    assert "{after: 24h}" in text and "{after: 72h}" in text

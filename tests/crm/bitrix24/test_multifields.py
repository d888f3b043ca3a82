"""A phone is added to a lead once, and nothing else is touched."""

import pytest

from crm.bitrix24.multifields import Multifield, addition_of, has_phone, read_multifields, same_number

LEAD = {
    "id": 1,
    "fm": [
        {"id": 5, "typeId": "PHONE", "valueType": "WORK", "value": "8 (999) 123-45-67"},
        {"id": 6, "typeId": "EMAIL", "valueType": "WORK", "value": "a@b.ru"},
    ],
}


def test_phones_are_read_in_both_shapes_of_php() -> None:
    expected = [Multifield(5, "PHONE", "WORK", "8 (999) 123-45-67")]
    assert read_multifields(LEAD) == expected
    assert read_multifields({"fm": {"5": LEAD["fm"][0], "6": LEAD["fm"][1]}}) == expected  # type: ignore[index]
    assert read_multifields({"fm": []}) == []


def test_a_new_number_is_added_under_a_new_key() -> None:
    assert addition_of("+79161112233", LEAD) == {
        "fm": {"n0": {"typeId": "PHONE", "valueType": "MOBILE", "value": "+79161112233"}}
    }


def test_a_number_that_is_there_is_not_added_again() -> None:
    assert addition_of("+79991234567", LEAD) == {}


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("+7 999 123-45-67", "89991234567", True),
        ("+79991234567 доб. 12", "+79991234567", True),
        ("+79991234567", "+79991234568", False),
        ("+442071838750", "442071838750", True),
        ("", "", False),
    ],
)
def test_numbers_are_compared_by_digits(left: str, right: str, same: bool) -> None:
    assert same_number(left, right) is same


def test_a_phone_is_seen_by_flag_or_by_entry() -> None:
    assert has_phone({"hasPhone": "Y"})
    assert has_phone(LEAD)
    assert not has_phone({"hasPhone": "N", "fm": [LEAD["fm"][1]]})  # type: ignore[index]

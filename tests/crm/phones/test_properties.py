"""What must hold for every number and every text, not only for those somebody thought of."""

import phonenumbers
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from crm.phones import Reason, digits_key, find_phones, readable
from crm.phones.plans import is_test_number

_OPERATORS = ("900", "903", "905", "910", "916", "921", "926", "937", "950", "965", "977", "981", "985", "999")
_UNITS = ["ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять"]
_TEENS = (
    "десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
)
_TENS = ["двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто"]
_HUNDREDS = ["сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот"]
_FORMATS = (
    "8{a}{b}{c}{d}",
    "8 {a} {b} {c} {d}",
    "8-{a}-{b}-{c}-{d}",
    "8 ({a}) {b}-{c}-{d}",
    "8({a}){b}{c}{d}",
    "8.{a}.{b}.{c}.{d}",
    "8 {a} {b}{c}{d}",
    "8{a} {b} {c}{d}",
    "+7{a}{b}{c}{d}",
    "+7 {a} {b}-{c}-{d}",
    "+7 ({a}) {b} {c} {d}",
    "+7({a}){b}-{c}-{d}",
    "+7-{a}-{b}-{c}-{d}",
    "7{a}{b}{c}{d}",
    "{a}{b}{c}{d}",
    "{a} {b} {c} {d}",
    "({a}) {b}-{c}-{d}",
    "{a}-{b}-{c}{d}",
    "+7\u00a0{a}\u00a0{b}\u2011{c}\u2011{d}",
    "8 / {a} / {b} / {c} / {d}",
)
_BEFORE = (
    "",
    "мой номер ",
    "Здравствуйте! ",
    "тел. ",
    "пишите на ",
    "меня зовут Анна, ",
    "хочу записаться на завтра, ",
    "да, конечно: ",
    "удобно с 9 до 18, ",
    "бюджет 50 000 руб. ",
    "Ленина 5 кв. 12, ",
)
_AFTER = (
    "",
    ".",
    " спасибо",
    ", звоните после 18:00",
    " Олег",
    " (ватсап)",
    "!!!",
    ", жду",
    " - это мой",
    "\nАнна",
    " до 21:00",
)

mobiles = st.builds(
    lambda operator, tail: operator + tail, st.sampled_from(_OPERATORS), st.text("0123456789", min_size=7, max_size=7)
).filter(
    lambda digits: phonenumbers.is_valid_number(phonenumbers.parse(f"+7{digits}")) and not is_test_number(f"7{digits}")
)
conversations = st.lists(st.text(max_size=60), max_size=4)
pieces = st.sampled_from(
    [
        *_BEFORE,
        *_AFTER,
        "8",
        "+",
        "916",
        "1234567",
        "89161234567",
        " доб. ",
        "12",
        "не ",
        " а ",
        "ой",
        "восемь ",
        "два нуля ",
        "***",
        "код ",
    ]
)


def _written(national: str, form: str) -> str:
    return form.format(a=national[:3], b=national[3:6], c=national[6:8], d=national[8:])


def _spoken(group: str) -> str:
    """Write two or three digits as people say them."""
    zeros = len(group) - len(group.lstrip("0"))
    value = int(group)
    words = ["ноль"] * zeros
    if value >= 100:
        words.append(_HUNDREDS[value // 100 - 1])
        value %= 100
    if value >= 20:
        words.append(_TENS[value // 10 - 2])
        value %= 10
    if value >= 10:
        words.append(_TEENS.split(" ")[value - 10])
    elif value > 0:
        words.append(_UNITS[value])
    return " ".join(words)


@settings(max_examples=300, deadline=None)
@given(mobiles, st.sampled_from(_FORMATS), st.sampled_from(_BEFORE), st.sampled_from(_AFTER))
def test_a_mobile_number_is_found_however_it_is_written(national: str, form: str, before: str, after: str) -> None:
    assert find_phones([before + _written(national, form) + after]).numbers == (f"+7{national}",)


@settings(max_examples=200, deadline=None)
@given(mobiles, st.sampled_from(("восемь ", "плюс семь ", "8 ", "+7 ", "")), st.sampled_from((" ", ", ", " - ")))
def test_a_mobile_number_is_found_in_words(national: str, prefix: str, gap: str) -> None:
    groups = [national[:3], national[3:6], national[6:8], national[8:]]
    # "сто десять" said without a pause is 110: whether 100 and 10 were meant nobody can hear.
    assume(not (gap == " " and groups[1].endswith("00") and int(groups[1]) and int(groups[2]) >= 10))
    assert find_phones([prefix + gap.join(map(_spoken, groups))]).numbers == (f"+7{national}",)


@settings(max_examples=200, deadline=None)
@given(mobiles, st.integers(1, 10))
def test_a_number_may_be_cut_in_two_messages_anywhere(national: str, cut: int) -> None:
    whole = f"8{national}"
    assert find_phones([whole[:cut], whole[cut:]]).numbers == (f"+7{national}",)


@settings(max_examples=100, deadline=None)
@given(mobiles, mobiles, st.sampled_from((", ", " ", " и ", "\n", " / ", "; ", " или ", " || ")))
def test_two_numbers_stay_two(first: str, second: str, gap: str) -> None:
    assume(first != second)
    found = find_phones(f"8{first}{gap}8{second}".split(" || "))
    assert found.numbers == (f"+7{first}", f"+7{second}")


@settings(max_examples=100, deadline=None)
@given(mobiles, st.sampled_from(_FORMATS), st.sampled_from(_FORMATS))
def test_the_same_number_written_twice_is_one(national: str, form: str, other: str) -> None:
    assert find_phones([_written(national, form), _written(national, other)]).numbers == (f"+7{national}",)


@settings(max_examples=200, deadline=None)
@given(
    st.text("0123456789", min_size=9, max_size=9),
    st.sampled_from(("ИНН {}", "инн: {}", "мой ИНН {}", "ИНН организации {}", "{} - ИНН")),
)
def test_an_inn_with_its_word_is_never_a_phone(stem: str, form: str) -> None:
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    check = sum(w * int(d) for w, d in zip(weights, stem, strict=True)) % 11 % 10
    assert find_phones([form.format(f"{stem}{check}")]).numbers == ()


@settings(max_examples=300, deadline=None)
@given(st.one_of(conversations, st.lists(st.lists(pieces, max_size=8).map("".join), max_size=4)))
@example(["²³½①⑳🔟", "0\u0660\U0001d7d8" * 20])
@example(["8" * 9_000, "9 " * 4_000])
def test_no_text_breaks_the_search(messages: list[str]) -> None:
    found = find_phones(messages)
    assert (found.reason is None) == bool(found.numbers)
    assert found.reason is None or found.reason in Reason.__members__.values()
    assert len(set(found.numbers)) == len(found.numbers)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(number)) for number in found.numbers)
    assert found.numbers or found.extension is None


@settings(max_examples=100, deadline=None)
@given(mobiles)
def test_what_is_read_back_is_found_again(national: str) -> None:
    e164 = f"+7{national}"
    assert find_phones([readable(e164)]).numbers == (e164,)
    assert find_phones([e164]).numbers == find_phones([e164, readable(e164), digits_key(e164)]).numbers


_UNLIKELY = {"KR": "the example number ends in zeros only", "NC": "the example number is also a date"}


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS - _UNLIKELY.keys()))
def test_a_foreign_number_with_its_code_is_found_from_russia(region: str) -> None:
    for kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE):
        number = phonenumbers.example_number_for_type(region, kind)
        if number is None:
            continue
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        written = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
        for text in (e164, written, f"мой номер {written}, звоните", f"00 {written[1:]}", f"8-10-{written[1:]}"):
            assert find_phones([text]).numbers == (e164,), text


@pytest.mark.parametrize("region", ["BY", "KZ", "UZ", "AM", "GE", "KG", "UA", "DE", "US", "GB", "FR", "IL", "TR", "AE"])
def test_a_national_number_is_found_in_its_own_region(region: str) -> None:
    for kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE):
        number = phonenumbers.example_number_for_type(region, kind)
        assert number is not None
        written = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        assert find_phones([f"call {written}"], region=region).numbers == (e164,), written

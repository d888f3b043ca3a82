"""What the search answers with: the numbers, and why there are none."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why no number is held. The values are stored and printed: rename none of them."""

    NONE = "none"  # nothing like a phone was written
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NO_AREA_CODE = "no_area_code"  # a local number without the code of its city
    NOT_VALID = "not_valid"  # the right length, but no network has such numbers
    FOREIGN_WITHOUT_CODE = "foreign_without_code"  # would be a number abroad if a "+" stood before it
    MASKED = "masked"  # some digits are hidden by stars or crosses
    TEST_NUMBER = "test_number"  # +7 999 999-99-99 and the like
    LOOKS_LIKE_INN = "looks_like_inn"
    LOOKS_LIKE_CARD = "looks_like_card"
    LOOKS_LIKE_DOCUMENT = "looks_like_document"  # passport, SNILS, OGRN, bank account
    LOOKS_LIKE_ORDER = "looks_like_order"  # the number of an order, a contract, a parcel, an advertisement
    UNCLEAR_CORRECTION = "unclear_correction"  # "not 6 but 7" where several sixes stand
    WITHDRAWN = "withdrawn"  # the customer took the number back


REASON_TEXTS: dict[str, str] = {
    Reason.NONE: "Напишите, пожалуйста, номер телефона — например, +7 916 123-45-67.",
    Reason.TOO_SHORT: "Похоже, в номере не хватает цифр. Напишите его, пожалуйста, целиком.",
    Reason.TOO_LONG: "Кажется, в номере есть лишняя цифра. Проверьте его, пожалуйста, и напишите ещё раз.",
    Reason.NO_AREA_CODE: "Добавьте, пожалуйста, код города — без него мы не сможем дозвониться.",
    Reason.NOT_VALID: "Такого номера, кажется, не существует. Проверьте, пожалуйста, цифры.",
    Reason.FOREIGN_WITHOUT_CODE: "Если это номер другой страны, напишите его, пожалуйста, с «+» и кодом страны.",
    Reason.MASKED: "Часть цифр скрыта. Напишите, пожалуйста, номер полностью: он нужен только для связи с вами.",
    Reason.TEST_NUMBER: "Похоже на номер для примера. Напишите, пожалуйста, тот, по которому вам можно позвонить.",
    Reason.LOOKS_LIKE_INN: "Это похоже на ИНН. А по какому номеру телефона с вами связаться?",
    Reason.LOOKS_LIKE_CARD: "Это похоже на номер карты — его присылать не нужно. Напишите, пожалуйста, номер телефона.",
    Reason.LOOKS_LIKE_DOCUMENT: "Это похоже на номер документа или счёта. Нам нужен только номер телефона.",
    Reason.LOOKS_LIKE_ORDER: "Это похоже на номер заказа или объявления. А какой у вас номер телефона?",
    Reason.UNCLEAR_CORRECTION: "Не удалось понять, какую цифру исправить. Напишите, пожалуйста, номер целиком.",
    Reason.WITHDRAWN: "Хорошо, этот номер мы убрали. Если хотите, напишите другой.",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What the bot should hold after the last message."""

    numbers: tuple[str, ...]  # E.164, in the order they were given, each once
    extension: str | None  # digits to dial after the answer; belongs to the last number that had one
    reason: str | None  # a `Reason`; None exactly when a number is held

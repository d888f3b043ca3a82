"""Takes out of the text what has many digits and is no phone. Each digit is blanked in place, so positions stay."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from crm.phones.values import Reason

BLANK = "\u25a0"
_CADASTRAL = 14  # characters of the shortest, longer than a phone parted by colons
_WORTH_A_REASON = 6  # "заказ 4567" is no try at a phone
_PHONE_WORD = re.compile(
    r"\b(?:тел\b|телеф\w*|моб\w*|сот\b|сотов\w*|звон\w*|позвон\w*|перезвон\w*|набер\w*|ватс?ап\w*|вотс?ап\w*|whats\w*|viber|"
    r"вайбер\w*|контакт\w*|связ\w+|номер (?:мой|телефон)|мой номер|городской|phone|mobile|call|cell)",
    re.IGNORECASE,
)
_NUMBER = (
    r"(?:\W{0,3}\b(?:номер\w*|ном|no|это|мой|наш|за|код|серия|у меня|под|сдэк|cdek|почт\w+|озон|ozon|wb|вб|авито|"
    r"вайлдберри[сз]|яндекс\w*|dpd|пэк|боксберри)\b)*[\s.:=№#()\-]{0,5}"
)
# "ИНН организации 77…", but not "ИНН нет, тел 916…".
_OTHER_WORDS = r"(?:\W{1,3}(?!не|тел|моб|сот|звон|пиш|мой тел)[а-яё]{2,}){0,2}"
_SPOKEN_LINK = re.compile(
    r"(?:https?://)?(?:www\.)?(?:wa\.me/|t\.me/(?=\+)|viber\.click/|(?:api\.)?whatsapp\.com/\S*?phone=|tel:|viber://\S*?number=)"
    r"(?:%2B|\+)?(\d{10,15})(?!\d)\S*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w.+\-])[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,5}|(?<![\w/])@\w+|"
    r"(?<![\w.\-])[a-z][\w\-]{0,62}(?:\.[\w\-]{1,63}){0,5}\.(?:ru|com|net|org|рф|su|io|me|by|kz)/\S*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clean:
    """The text without its noise, and what the noise looked like."""

    text: str
    reasons: tuple[Reason, ...]


def has_phone_word(text: str) -> bool:
    """Tell whether the text speaks of a phone at all."""
    return _PHONE_WORD.search(text) is not None


def blank(text: str) -> str:
    """Return as many blanks as there are digits, other characters as they are."""
    return re.sub(r"\d", BLANK, text)


def clean(text: str) -> Clean:
    """Return the text with addresses, documents, orders, dates, sums and amounts blanked."""
    text = _SPOKEN_LINK.sub(lambda match: f" +{match.group(1)} ", text)
    text = _ADDRESS.sub(lambda match: blank(match.group()), text)
    reasons: list[Reason] = []
    called = has_phone_word(text)
    for pattern, reason, is_meant in _RULES:

        def take(match: re.Match[str], reason: Reason = reason, is_meant: _Check = is_meant) -> str:
            if not is_meant(match, called):
                return match.group()
            if reason is not Reason.NONE and sum(ch.isdigit() for ch in match.group()) >= _WORTH_A_REASON:
                reasons.append(reason)
            return blank(match.group())

        text = pattern.sub(take, text)
    return Clean(text, tuple(reasons))


_Check = Callable[[re.Match[str], bool], bool]


def _always(_match: re.Match[str], _called: bool) -> bool:
    return True


def _is_inn(match: re.Match[str], called: bool) -> bool:
    """Bare digits are an INN when the checksum agrees and nothing speaks of a phone, not even their beginning."""
    digits = match.group()
    begins_as_mobile = len(digits) == 10 and digits.startswith(("9", "89", "79"))
    return not called and not begins_as_mobile and _inn_checksum(digits)


def _inn_checksum(digits: str) -> bool:
    """Tell whether the check digits agree: one for a company (10 digits), two for a person (12)."""
    weights = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]
    values = [int(digit) for digit in digits]

    def check(length: int) -> int:
        return sum(w * v for w, v in zip(weights[-length:], values[:length], strict=True)) % 11 % 10

    if len(digits) == 10:
        return check(9) == values[9]
    return check(10) == values[10] and check(11) == values[11]


def _is_snils(match: re.Match[str], _called: bool) -> bool:
    digits = re.sub(r"\D", "", match.group())
    total = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(9, 0, -1), strict=True))
    return digits[0] != "9" or total % 101 % 100 == int(digits[9:])


def _is_order(match: re.Match[str], _called: bool) -> bool:
    """Tell "номер заказа 8916…" from "хочу сделать заказ 8916…" and from a mobile after "по заказу"."""
    if match["by"]:
        return re.search(r"(?<!\d)[78]?9\d{9}\Z", match.group()) is None
    return match["verb"] is None


def _rule(pattern: str, reason: Reason, is_meant: _Check = _always) -> tuple[re.Pattern[str], Reason, _Check]:
    return re.compile(pattern, re.IGNORECASE), reason, is_meant


_ORDER = (
    r"заказ(?:а|у|ом|е|ы)?|договор\w*|трек(?!\w*л)\w*|track\w*|order|накладн\w+|квитанц\w+|артикул\w*|арт|лот|шпи|объявлени\w+|"
    r"(?:авито )?id|айди|заявк\w+|заявлени\w+|тикет\w*|ticket|invoice|брон[ьи]\w*|бронировани\w+|полис\w*|чек[ау]?|"
    r"посылк\w+|отправлени\w+|обращени\w+|сертификат\w*|купон\w*|лицев\w+ сч[её]т\w*|л/с|"
    r"карт[аыеу] лояльности|бонусн\w+ карт\w+|"
    r"счетчик\w*|партнерск\w+ номер|табельн\w+|штрих-?код\w*|серийн\w+|имей|imei|"
    r"код\w* (?:отслежив|заказ|товар|подтвержд|брон)\w*|дел[оа] №"
)
_UNITS = (
    r"₽|руб\w*|р\b|коп\w*|тыс\w*|т\.? ?р\b|млн\w*|миллион\w*|usd|\$|€|евро|долл\w+|тенге|сум\b|бел\. ?руб|"
    r"%|процент\w*|шт\w*|кг|гр?\b|тонн\w*|км|м2|м²|кв\.? ?м|метр\w*|м\b|см|мм|л\b|литр\w*|мл|лет\b|год\w*|г\.|мин\w*|"
    r"час\w*|сек\w*|чел\w*|дн\w+|ден[ья]\w*|сут\w*|мес\w*|недел\w*|этаж\w*|комнат\w*|раз[а]?\b|штук\w*|"
    r"уп\b|упак\w*|порци\w+"
)
_ALONE = r"(?<![\d■])(?<!\d[ \-.()/])"
_RULES = (
    _rule(
        rf"\bинн\b(?:/кпп)?{_OTHER_WORDS}{_NUMBER}(?:\d(?:[ \-]?\d){{11}}|\d(?:[ \-]?\d){{9}})(?!\d)",
        Reason.LOOKS_LIKE_INN,
    ),
    _rule(r"(?<![\d+])(?:\d{12}|\d{10})(?!\d)\W{0,4}(?:это\W{1,3})?(?:(?:мой|наш)\W)?инн\b", Reason.LOOKS_LIKE_INN),
    _rule(
        rf"\b(?:огрн(?:ип)?|снилс|кпп|бик|окпо|паспорт\w*|загран\w*|р/?сч?|к/?с|сч[её]т\w*|омс|птс|стс|дул|ву|"
        rf"водительск\w+){_NUMBER}\d(?:[ \-]?\d){{5,19}}(?!\d)",
        Reason.LOOKS_LIKE_DOCUMENT,
        lambda match, _called: not re.search(r"\D[78][ \-(]*9\d\d[ \-)]*\d{3}[ \-]*\d\d[ \-]*\d\d\Z", match.group()),
    ),
    _rule(
        r"\b(?:паспорт\w*|серия)\D{0,20}\d\d ?\d\d\W{0,3}(?:номер|ном|№|n)?\W{0,3}\d{6}(?!\d)",
        Reason.LOOKS_LIKE_DOCUMENT,
    ),
    _rule(r"(?<![\d+])(?<!\d[ \-])\d{4}([ \-])\d{4}\1\d{4}\1\d{4}(?:\1\d{2,3})?(?![\d])", Reason.LOOKS_LIKE_CARD),
    _rule(
        rf"(?P<verb>(?:сдела\w+|оформ\w+|хо(?:чу|тим|тел\w*)|нуж\w+|делал\w*)\W+)?(?P<by>по(?:воду)?\W+)?"
        rf"\b(?:{_ORDER})(?:\W+от\W+\d[\d.■]{{4,9}})?{_NUMBER}(?![78][ \-]?\(?\d{3}\)?[ \-]\d{3}[ \-]\d\d)\d+(?:[\-/]\d+)*",
        Reason.LOOKS_LIKE_ORDER,
        _is_order,
    ),
    _rule(r"(?<![\d+])\d{16}(?!\d)", Reason.LOOKS_LIKE_CARD),
    _rule(
        r"(?<![\d+])(?:\d{13}|\d{15}|\d{20})(?!\d)",
        Reason.LOOKS_LIKE_DOCUMENT,
        lambda m, _c: not m.group().startswith(("810", "00")),
    ),
    _rule(r"(?<![\d+\-])\d{3}-\d{3}-\d{3}[ \-]\d{2}(?![\d\-])", Reason.LOOKS_LIKE_DOCUMENT, _is_snils),
    _rule(
        r"(?<![\d+])\d[\d\-]{4,20}\W{0,4}(?:это\W{1,3}(?:(?:мой|наш)\W{1,3})?(?:номер\w*\W)?|номер\W{1,3})"
        r"(?:заказ\w*|договор\w*|трек\w*|заявк\w+|накладн\w+|объявлени\w+|брон\w+)(?!\W*\d)",
        Reason.LOOKS_LIKE_ORDER,
    ),
    _rule(r"(?<![\d+])(?:\d{12}|\d{10})(?!\d)(?![ \-]?\d)", Reason.LOOKS_LIKE_INN, _is_inn),
    _rule(
        r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])",
        Reason.NONE,
        lambda m, _c: len(m.group()) > 9 and m.group()[:2] != "8.",
    ),
    _rule(r"(?<![\d.])-?\d{1,3}\.\d{4,}[,; ]+-?\d{1,3}\.\d{4,}", Reason.NONE),
    _rule(r"\d{1,3}°[\d'\"′″.,\s]*", Reason.NONE),
    _rule(r"\b[авекмнорстухabekmhopctyx]\d{3}[авекмнорстухabekmhopctyx]{2}\d{2,3}(?!\w)", Reason.NONE),
    _rule(r"(?<![\d:])\d{1,3}(?::\d{1,8}){3}(?![\d:])", Reason.NONE, lambda m, _c: len(m.group()) > _CADASTRAL),
    _rule(r"(?<![^\W\d_])код(?:\W{1,3}[а-я]+){0,3}\W{0,3}\d{6}(?!\d)", Reason.NONE),
    _rule(
        r"(?<![\d./])(?<!\d-)(?:[0-2]?\d|3[01])([./\-])(?:0?[1-9]|1[0-2])\1(?:19|20)\d{2}(?: ?- ?\d\d?\.\d\d?\.\d{4})?(?![\d])",
        Reason.NONE,
    ),
    _rule(r"(?<![\d.\-/])(?:[0-2]?\d|3[01])([./])(?:0?[1-9]|1[0-2])\1\d{2}(?![\d.])", Reason.NONE),
    _rule(r"(?<![\d.\-/])(?:19|20)\d\d[.\-/](?:0?[1-9]|1[0-2])[.\-/](?:[0-2]?\d|3[01])(?![\d])", Reason.NONE),
    _rule(r"(?<![\d:])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?![\d:])", Reason.NONE),
    _rule(rf"{_ALONE}(?:\d{{1,3}}(?:[ .,]\d{{3}})+|\d{{1,9}})(?:[.,]\d{{1,2}})?\s?(?:{_UNITS})", Reason.NONE),
    _rule(
        rf"{_ALONE}\d+(?:[.,]\d+)?\s?[xх×*]\s?\d+(?:[.,]\d+)?(?:\s?[xх×*]\s?\d+)?(?![\dxх×*])",
        Reason.NONE,
        lambda m, _c: len(m.group()) < 14,
    ),
    _rule(
        r"\b(?:бюджет\w*|стоимост\w+|сумм\w+|цен[аеуы])\W{1,3}(?:(?:до|от|в|около|примерно)\W)?"
        r"\d{1,3}(?:[ .,]\d{3}){1,3}(?![ \-]?\d)",
        Reason.NONE,
        lambda m, called: not called,
    ),
    _rule(r"\bиндекс\W{0,3}\d{6}\b", Reason.NONE),
    _rule(r"(?<![^\W\d_])[a-zA-Z]{2}\d{9}[a-zA-Z]{2}(?!\w)", Reason.NONE),
    _rule(r"(?<!\w)(?=[A-HJ-NPR-Z\d]*[A-HJ-NPR-Z][A-HJ-NPR-Z\d]*)[A-HJ-NPR-Z\d]{17}(?!\w)", Reason.NONE),
)

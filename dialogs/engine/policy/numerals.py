"""Numbers written in Russian words, as digits: "пятьдесят процентов" is compared like "50 процентов"."""

import re
from decimal import Decimal

_STEMS: tuple[tuple[str, str], ...] = (
    ("полтор\\w*", "1.5"), ("полмиллион\\w*", "500000"), ("полтысяч\\w*", "500"),
    ("одиннадцат\\w*", "11"), ("двенадцат\\w*", "12"), ("тринадцат\\w*", "13"), ("четырнадцат\\w*", "14"),
    ("пятнадцат\\w*", "15"), ("шестнадцат\\w*", "16"), ("семнадцат\\w*", "17"), ("восемнадцат\\w*", "18"),
    ("девятнадцат\\w*", "19"), ("двадцат\\w*", "20"), ("тридцат\\w*", "30"), ("сорок[а]?", "40"),
    ("пят[ьи]десят\\w*", "50"), ("шест[ьи]десят\\w*", "60"), ("сем[ьи]десят\\w*", "70"),
    ("вос(?:ем|ьми|емь)десят\\w*", "80"), ("девяност\\w*", "90"),
    ("двести|двухсот|двумстам", "200"), ("триста|тр[её]хсот", "300"), ("четыреста|четыр[её]хсот", "400"),
    ("пят[ьи]сот", "500"), ("шест[ьи]сот", "600"), ("сем[ьи]сот", "700"), ("вос(?:емь|ьми)сот", "800"),
    ("девят[ьи]сот", "900"), ("сто|ста|сотн[яюи]", "100"),
    ("один|одна|одно|одну|одного|одной", "1"), ("два|две|двух|двум|двумя", "2"), ("три|тр[её]х|тр[её]м|тремя", "3"),
    ("четыр(?:е|ех|ёх|ем|ём|ьмя)", "4"), ("пят(?:ь|и|ью)", "5"), ("шест(?:ь|и|ью)", "6"), ("сем(?:ь|и|ью)", "7"),
    ("вос(?:емь|ьми|емью)", "8"), ("девят(?:ь|и|ью)", "9"), ("десят(?:ь|и|ью|ка|ок)", "10"),
)  # fmt: skip
_NUMERAL = re.compile("|".join(f"(?P<n{number}>{stem})" for number, (stem, _) in enumerate(_STEMS)))
_WORD = re.compile(r"[а-яё]+", re.IGNORECASE)


def in_digits(text: str) -> str:
    """Return the text with its numerals as digits; neighbours are added up: "двадцать пять" is 25."""
    done: list[str] = []
    end = 0
    sum_so_far: Decimal | None = None
    for match in _WORD.finditer(text):
        value = _value(match[0].casefold())
        gap = text[end : match.start()]
        if sum_so_far is not None and (value is None or gap.strip()):
            done.append(f"{sum_so_far:f}")
            sum_so_far = None
        if sum_so_far is None:
            done.append(gap)
        if value is None:
            done.append(match[0])
        else:
            sum_so_far = value + (sum_so_far or 0)
        end = match.end()
    if sum_so_far is not None:
        done.append(f"{sum_so_far:f}")
    return "".join(done) + text[end:]


def _value(word: str) -> Decimal | None:
    match = _NUMERAL.fullmatch(word)
    return Decimal(_STEMS[int(str(match.lastgroup)[1:])][1]) if match else None

"""City and country names a customer gives instead of a code."""

import re

# Cities whose name means exactly one area code. Moscow is not here: it has 495 and 499, and a guess would be wrong.
_CITIES = {
    r"питер\w*|петербург\w*|спб|санкт-петербург\w*": "812",
    r"екатеринбург\w*|екб": "343",
    r"новосибирск\w*|нск": "383",
    r"казан[ьи]\w*": "843",
    r"нижн\w+ новгород\w*|нн": "831",
    r"челябинск\w*": "351",
    r"самар[аеуы]": "846",
    r"ростов\w*": "863",
    r"уф[аеуы]": "347",
    r"красноярск\w*": "391",
    r"перм[ьи]\w*": "342",
    r"воронеж\w*": "473",
    r"краснодар\w*": "861",
    r"волгоград\w*": "8442",
    r"саратов\w*": "8452",
    r"тюмен[ьи]\w*": "3452",
    r"омск\w*": "3812",
    r"томск\w*": "3822",
    r"иркутск\w*": "3952",
    r"владивосток\w*": "423",
    r"ярославл\w+": "4852",
    r"владимир[еа]?": "4922",
    r"ижевск\w*": "3412",
    r"барнаул\w*": "3852",
    r"кемеров\w+": "3842",
    r"калининград\w*": "4012",
    r"тул[аеуы]": "4872",
}
_COUNTRIES = {
    "KZ": r"казах\w*|kazakhstan|алмат\w*|астан[аыеу]|қазақстан\w*",
    "BY": r"белорус\w*|беларус\w*|belarus|минск\w*|гомел\w+|витебск\w*",
    "UA": r"украин\w*|ukraine|киев\w*",
    "UZ": r"узбек\w*|ташкент\w*|uzbekistan",
    "AM": r"армени\w*|армян\w*|ереван\w*|armenia",
    "GE": r"грузи\w*|тбилиси|georgia|батуми",
    "KG": r"киргиз\w*|кыргыз\w*|бишкек\w*",
    "TJ": r"таджик\w*|душанбе",
    "AZ": r"азербайджан\w*|баку",
    "MD": r"молд[ао]в\w*|кишин[её]в\w*",
    "TM": r"туркмен\w*|ашхабад\w*",
    "DE": r"герман\w+|немецк\w+|germany|берлин\w*",
    "US": r"сша|америк\w+|usa|united states",
    "IL": r"израил\w+|israel",
    "TR": r"турц\w+|турецк\w+|turkey|стамбул\w*",
    "AE": r"оаэ|эмират\w*|дуба[йеия]\w*|uae|dubai",
    "GB": r"англи\w+|великобритан\w+|лондон\w*|uk",
    "FR": r"франци\w+|париж\w*|france",
    "IT": r"итали\w+|italy",
    "ES": r"испани\w+|spain",
    "PL": r"польш\w+|польск\w+|poland",
    "CZ": r"чехи\w+|чешск\w+|прага|праге",
    "RS": r"серби\w+|белград\w*|serbia",
    "CN": r"кита[йеяю]\w*|china",
    "IN": r"инди[яию]|india",
    "TH": r"таиланд\w*|тайланд\w*|thailand",
    "LV": r"латви\w+|рига|риге",
    "LT": r"литв[аеуы]|вильнюс\w*",
    "EE": r"эстони\w+|таллин\w*",
    "FI": r"финлянди\w+|хельсинки",
    "CY": r"кипр\w*|cyprus",
    "ME": r"черногори\w+",
    "VN": r"вьетнам\w*",
    "MN": r"монголи\w+",
    "RU": r"росси\w+|russia|рф",
}
# One look at where a word begins before sixty at what it is; of lower case, which is compared at once.
_CITY = re.compile(rf"\b(?:{'|'.join(rf'(?P<c{code}>{names})' for names, code in _CITIES.items())})\b")
_COUNTRY = re.compile(rf"\b(?:{'|'.join(rf'(?P<{code}>{names})' for code, names in _COUNTRIES.items())})\b")


def city_code(text: str) -> str | None:
    """Return the area code of the one city named in the text."""
    return only_one(city_codes(text))


def city_codes(text: str) -> frozenset[str]:
    """Return the area codes of all cities named in the text."""
    return frozenset(match.lastgroup[1:] for match in _CITY.finditer(text.lower()) if match.lastgroup)


def only_one(codes: frozenset[str]) -> str | None:
    """Return the code, if there is one and no other."""
    return next(iter(codes)) if len(codes) == 1 else None


def countries(text: str) -> tuple[str, ...]:
    """Return the regions named in the text, in order, each once."""
    return tuple(dict.fromkeys(match.lastgroup for match in _COUNTRY.finditer(text.lower()) if match.lastgroup))

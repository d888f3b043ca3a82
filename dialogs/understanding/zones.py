"""Which clock a person lives by, when they say so: "по Екатеринбургу", "я в Новосибирске", "у меня +2 к Москве", "UTC+7".

Only what is said of oneself counts: "доставка в Омск" and "вы в Омске?" say nothing about the person. Nothing is guessed from a
language or a mobile number's code.
"""

import re
from functools import cache
from zoneinfo import ZoneInfo

# The stem of each city's name in all its cases -> its zone.
_CITIES = {
    "калининград": "Europe/Kaliningrad",
    "москв": "Europe/Moscow", "москов": "Europe/Moscow",
    "мск": "Europe/Moscow", "петербург": "Europe/Moscow", "питер": "Europe/Moscow",
    "спб": "Europe/Moscow", "казан": "Europe/Moscow", "нижн\\w+ новгород": "Europe/Moscow", "воронеж": "Europe/Moscow",
    "ростов": "Europe/Moscow", "краснодар": "Europe/Moscow", "сочи": "Europe/Moscow", "волгоград": "Europe/Volgograd",
    "минск": "Europe/Minsk", "саратов": "Europe/Saratov", "астрахан": "Europe/Astrakhan", "ульяновск": "Europe/Ulyanovsk",
    "самар": "Europe/Samara", "тольятти": "Europe/Samara", "ижевск": "Europe/Samara",
    "екатеринбург": "Asia/Yekaterinburg", "екб": "Asia/Yekaterinburg", "челябинск": "Asia/Yekaterinburg",
    "перм": "Asia/Yekaterinburg", "уф": "Asia/Yekaterinburg", "тюмен": "Asia/Yekaterinburg",
    "сургут": "Asia/Yekaterinburg", "оренбург": "Asia/Yekaterinburg", "магнитогорск": "Asia/Yekaterinburg",
    "омск": "Asia/Omsk", "новосибирск": "Asia/Novosibirsk", "нск": "Asia/Novosibirsk", "томск": "Asia/Tomsk",
    "барнаул": "Asia/Barnaul", "кемеров": "Asia/Novokuznetsk", "новокузнецк": "Asia/Novokuznetsk",
    "красноярск": "Asia/Krasnoyarsk", "абакан": "Asia/Krasnoyarsk", "иркутск": "Asia/Irkutsk", "улан-удэ": "Asia/Irkutsk",
    "якутск": "Asia/Yakutsk", "чит": "Asia/Chita", "благовещенск": "Asia/Yakutsk", "владивосток": "Asia/Vladivostok",
    "хабаровск": "Asia/Vladivostok", "сахалин": "Asia/Sakhalin", "южно-сахалинск": "Asia/Sakhalin",
    "магадан": "Asia/Magadan", "камчат": "Asia/Kamchatka", "петропавловск-камчатск": "Asia/Kamchatka",
    "алмат": "Asia/Almaty", "астан": "Asia/Almaty", "ташкент": "Asia/Tashkent", "бишкек": "Asia/Bishkek",
    "ереван": "Asia/Yerevan", "тбилиси": "Asia/Tbilisi", "баку": "Asia/Baku", "дуба": "Asia/Dubai",
}  # fmt: skip
_ENDING = r"(?:а|я|ы|и|е|у|ю|ой|ою|ом|ем|ь|ью|о|ске|ском|ского|ский|ское|скому|ская|ке|ка|ку|ое|ому|ий)?"
_CITY = "|".join(f"(?P<c{number}>{stem}){_ENDING}" for number, stem in enumerate(_CITIES))
_SELF = r"(?:я|мы|сам|сама|сами|живу|живем|нахожусь|находимся|сижу|у меня|у нас|я сейчас|сейчас я|пишу|звоню)"
# "я живу в Омске", "я из Омска", "мы в Омске"; a few small words may stand between.
_OF_ONESELF = re.compile(
    rf"(?<!\w){_SELF}(?: (?:же|ведь|то|тут|сейчас|сам|сама|сами|живу|живем|нахожусь|находимся|город|вообще|пока)){{0,3}}"
    rf" (?:в|во|из|с|на|город|г\.?) ?(?:городе |г\. ?)?(?:{_CITY})(?!\w)"
)
# "по Екатеринбургу", "по омскому времени", "время новосибирское".
_BY_CLOCK = re.compile(rf"(?<!\w)(?:по|время|времени) (?:{_CITY})(?!\w)(?! и (?:област|район))")
_CLOCK = re.compile(r"\d[:.]\d\d|(?<!\w)в \d{1,2}(?!\d)|(?<!\w)(?:час|врем|утр|вечер|обед|ноч|дн[яе]м?(?!\w))")
_ERRAND = re.compile(r"(?<!\w)(?:доставк|достав|выезд|выезж|работаете|офис|филиал|адрес|цен|сколько|самовывоз|курьер)")
_FROM_MOSCOW = re.compile(
    r"(?<!\w)(?:(?P<sign>[+−-]|плюс|минус) ?(?P<hours>\d{1,2})(?: ?(?:час\w*|ч))? (?:к|от|с|по сравнению с) (?:москв\w+|мск)"
    r"|(?:мск|москва) ?(?P<sign2>[+−-]|плюс|минус) ?(?P<hours2>\d{1,2})(?!\d)"
    r"|разниц\w+ с (?:москв\w+|мск) ?(?P<sign3>[+−-]|плюс|минус)? ?(?P<hours3>\d{1,2}))"
)
_FROM_UTC = re.compile(r"(?<!\w)(?:utc|gmt|гринвич\w*) ?(?P<sign>[+−-]|плюс|минус) ?(?P<hours>\d{1,2})(?!\d)")
_HINT = re.compile(r"мск|москв|utc|gmt|гринвич| в | во | из |по |врем", re.IGNORECASE)
_MOSCOW_HOURS = 3
_BY_OFFSET = {
    2: "Europe/Kaliningrad", 3: "Europe/Moscow", 4: "Europe/Samara", 5: "Asia/Yekaterinburg", 6: "Asia/Omsk",
    7: "Asia/Novosibirsk", 8: "Asia/Irkutsk", 9: "Asia/Yakutsk", 10: "Asia/Vladivostok", 11: "Asia/Magadan",
    12: "Asia/Kamchatka",
}  # fmt: skip


def find_zone(text: str) -> ZoneInfo | None:
    """Return the zone a person says they live by; None when they say nothing of it."""
    if not _HINT.search(text):
        return None
    plain = " ".join(re.sub(r"[,;:()«»\"!]", " ", text.lower().replace("ё", "е")).split())
    name = _by_offset(plain) or _by_city(plain)
    return _zone(name) if name else None


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _by_offset(plain: str) -> str | None:
    if found := _FROM_MOSCOW.search(plain):
        sign = next(filter(None, found.group("sign", "sign2", "sign3")), "+")
        hours = next(filter(None, found.group("hours", "hours2", "hours3")))
        return _BY_OFFSET.get(_MOSCOW_HOURS + _signed(sign, hours))
    if found := _FROM_UTC.search(plain):
        return _BY_OFFSET.get(_signed(found["sign"], found["hours"]))
    return None


def _signed(sign: str, hours: str) -> int:
    return int(hours) if sign in ("+", "плюс") else -int(hours)


def _by_city(plain: str) -> str | None:
    found = _OF_ONESELF.search(plain)
    if found is None:
        found = _BY_CLOCK.search(plain)
        # "По Омску" alone answers whose clock; among other words it may be where something is to be done.
        is_clock = found is not None and (found[0] == plain or bool(_CLOCK.search(plain)))
        if found is None or not is_clock or _ERRAND.search(plain):
            return None
    at = next(number for number in range(len(_CITIES)) if found[f"c{number}"])
    return tuple(_CITIES.values())[at]

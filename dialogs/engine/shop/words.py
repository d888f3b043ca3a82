"""What a guest asks of the shop in words, wherever the dialogue stands: "где мой заказ?", "повторить", "отмените заказ"."""

import datetime as dt
import re
from enum import StrEnum

from dialogs.engine.reading import Intent, Reading

MOST_WORDS = 7  # a longer message is no command


class Asked(StrEnum):
    """What was asked for."""

    STATUS = "status"
    CANCEL = "cancel"
    REPEAT = "repeat"
    MENU = "menu"
    CART = "cart"
    CLEAR = "clear"
    CHECKOUT = "checkout"
    FAVOURITES = "favourites"


_FILLERS = re.compile(
    r"\b(?:пожалуйста|плиз|давайте?|хочу|хотел(?:а)? бы|хотелось бы|можно|можете|ну|а|же|мне|нам|ли|уже|все-таки|бы|"
    r"прошу|будьте добры|тогда|сейчас|я|мы|вы|у вас|там|вообще|здравствуйте|привет|добрый день|скажите|подскажите)\b"
)
_SPACES = re.compile(r"\s+")
_ORDER = r"(?:(?:мой|свой|наш|этот|последний|прошлый) )?заказ(?:а|у|ом|ик)?(?: номер)?(?: \d+)?"
_READY = r"(?:готов(?:о|а)?|забирать|забрать)"
_SHOW = r"(?:покажи(?:те)?|посмотреть|открой(?:те)?|открыть|дай(?:те)?|пришли(?:те)?)"


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{phrase})" for phrase in phrases))


# Each is the whole of what was said, fillers left out.
_WHOLE: dict[Asked, re.Pattern[str]] = {
    Asked.STATUS: _any(
        rf"(?:где|что с|как там|скоро|готов|статус|что по|узнать(?: про)?|проверить) {_ORDER}",
        rf"{_ORDER} (?:готов|где|скоро)",
        r"мой заказ",
        r"статус|скоро",
        rf"(?:когда|скоро|во сколько|через сколько) (?:(?:он|будет|{_ORDER}) ){{0,2}}{_READY}(?: {_ORDER})?",
        r"(?:еще )?(?:долго|сколько) (?:еще )?ждать",
        r"(?:еще )?(?:не )?готово?",
        r"где (?:мой|наш|моя|мои) [\w ]{2,30}",
    ),
    Asked.CANCEL: _any(
        rf"отмен(?:и|ите|ить|а|яю|яем|ишь)(?: (?:{_ORDER}|все|его|это))?",
        rf"сними(?:те)? {_ORDER}",
        rf"(?:не (?:надо|нужно|нужен|готовьте|делайте)|передумал[аи]?)(?: (?:ничего|{_ORDER}|делать|готовить))?",
        rf"{_ORDER} (?:отмен(?:и|ите|ить|а)|не нужен|не надо)",
        rf"отказ(?:аться|ываюсь)? от {_ORDER}",
    ),
    Asked.REPEAT: _any(
        rf"повтор(?:и|ите|ить|им|яем)?(?: (?:{_ORDER}|все|прошлый|прошлое))?",
        r"(?:как|что) (?:в )?(?:прошлый раз|обычно|всегда|вчера)",
        r"то самое|то ?же(?: самое)?(?: что и (?:в прошлый раз|вчера|обычно))?",
        rf"(?:мой |наш )?(?:обычный|прошлый|последний) {_ORDER}",
    ),
    Asked.MENU: _any(
        r"меню",
        rf"{_SHOW} меню",
        r"что (?:есть|имеется|продаете|предложите|посоветуете|заказать|в меню)(?: (?:в меню|заказать|попить|поесть|вкусного))?",
        r"какое меню",
        r"какой (?:кофе|выбор)(?: есть)?",
        r"(?:сделать|новый) заказ",
        r"еще что-нибудь",
        r"ассортимент",
    ),
    Asked.CART: _any(
        r"корзин(?:а|у|е|ка|ку)",
        rf"(?:{_SHOW}|что в|что лежит в) корзин(?:у|е)",
        r"что я (?:заказал|выбрал|набрал)а?",
        r"сколько (?:получается|выходит|вышло|итого|всего|с меня)",
        r"итого",
    ),
    Asked.CLEAR: _any(
        r"(?:очисти|удали|сбрось|опустоши)(?:те|ть)? (?:мою )?корзину",
        r"(?:убери|удали)(?:те)? все",
        r"(?:начать|начнем) (?:заново|сначала)",
    ),
    Asked.CHECKOUT: _any(
        rf"(?:оформ(?:и|ите|ить|им|ляем|ляй|ляйте|ление)|подтвер(?:ди|дите|дить|ждаю)|разместить)(?: {_ORDER}| это| все)?",
        r"заказ(?:ать|ываю|ываем)",
        r"(?:это )?все(?: спасибо)?",
        r"больше ничего(?: не (?:надо|нужно))?",
        r"ничего больше",
        r"(?:перейти )?к оплате",
        r"оплатить",
        r"на этом все",
    ),
    Asked.FAVOURITES: _any(r"(?:мое |мои )?(?:любимое|любимые|избранное|избранные)(?: напитки)?"),
}
_TAKES = re.compile(
    r"(?:да |ок )?(?:добав(?:ь|ьте|ить|ляй)|беру|возьму|в корзину|положи(?:те)?|буду|годится|подходит)(?: (?:это|его|ее))?"
)
_PROMO = re.compile(
    r"(?:промо\s*-?\s*код|купон|скидочный код)[а-я]*\s*[:—-]?\s*[«\"]?([\w-]{2,40})[»\"]?", re.IGNORECASE
)
_WAYS = {
    "counter": re.compile(r"налич|на кассе|на месте|при получении|в кофейне|бариста"),
    "telegram": re.compile(r"телеграм|telegram|здесь|прямо тут|в чате"),
    "yookassa": re.compile(r"онлайн|сбп|юкасс|юмани|картой|по карте|ссылк"),
}
_MINUTES = re.compile(
    r"через\s+(?:(\d{1,3})\s*(мин\w*|м\b|час\w*|ч\b)|(полчаса|полчасика)|(полтора часа)|(час\w*)|(пару часов))"
)
_SOON = re.compile(
    r"(?:как можно (?:скорее|быстрее)|побыстрее|поскорее|сразу|прямо сейчас|сейчас|ближайшее|asap|поскорей)"
)


def asked_in(text: str) -> Asked | None:
    """Return what the words ask of the shop; None when they are about something else."""
    words = bare(text)
    if not words or len(words.split()) > MOST_WORDS:
        return None
    return next((asked for asked, pattern in _WHOLE.items() if pattern.fullmatch(words)), None)


def bare(text: str) -> str:
    """Return the words without marks, case and politeness."""
    plain = re.sub(r"[^\w\s-]", " ", text.casefold().replace("ё", "е"))
    return _SPACES.sub(" ", _FILLERS.sub(" ", plain)).strip()


def takes(reading: Reading) -> bool:
    """Tell whether the words take what is on the screen: "давай", "беру", "добавь"."""
    words = bare(reading.text)
    return _TAKES.fullmatch(words) is not None or (reading.has(Intent.AFFIRM) and not reading.has(Intent.DENY))


def promo_in(text: str, *, is_asked: bool = False) -> str:
    """Return the promo code in the words: after its name, or all of them when a code was asked for."""
    found = _PROMO.search(text)
    if found is not None:
        return found[1]
    code = text.strip().strip("«»\"'.")
    return code if is_asked and code and len(code) <= 40 and len(code.split()) <= 3 else ""


def way_in(text: str) -> str:
    """Return the way of payment that was named."""
    words = text.casefold()
    return next((way for way, pattern in _WAYS.items() if pattern.search(words)), "")


def is_soon(text: str) -> bool:
    """Tell whether the words say "as soon as possible"."""
    return _SOON.fullmatch(re.sub(r"[^\w\s]", "", text.casefold()).strip()) is not None


def moment_in(reading: Reading, now: dt.datetime, zone: dt.tzinfo) -> dt.datetime | None:
    """Return the moment named: "через полчаса", "к трём", "завтра в 9"; the next such hour when the day is left out."""
    local = now.astimezone(zone)
    if (found := _MINUTES.search(reading.text.casefold().replace("ё", "е"))) is not None:
        return local + dt.timedelta(minutes=_minutes(found))
    if reading.time is None:
        return None
    moment = dt.datetime.combine(reading.date or local.date(), reading.time, zone)
    if reading.date is None and moment <= local:
        # "к трём" after noon is fifteen o'clock; what has gone by today is tomorrow's.
        later = moment + dt.timedelta(hours=12)
        moment = later if reading.time.hour < 12 and later > local else moment + dt.timedelta(days=1)
    return moment


def _minutes(found: re.Match[str]) -> int:
    if found[1]:
        return int(found[1]) * (60 if found[2].startswith("ч") else 1)
    return 30 if found[3] else 90 if found[4] else 60 if found[5] else 120

"""What a customer doubts, by their words: codes that scripts answer and materials are tagged for."""

import re

# Code -> the stems it shows by. In this order: the first that is found leads the answer.
_STEMS = {
    "guarantee": r"гарант|обеща\w+ доход|точно заработа|без риска|безриск",
    "scam": r"обман|развод|пирамид|мошенн|скам|лохотрон|кида(?:ют|лов)|инфоцыган",
    "trust": r"не\s+верю|сомнева|не\s+доверя|почему я должен|докажи|отзыв|репутац|лицензи",
    "expensive": r"дорог|дорож|нет\s+денег|не\s+по\s+карману|денег\s+нет|скидк|дешевле|рассрочк|бюджет",
    "free": r"бесплатн|ютуб|youtube|сам(?:а|и)?\s+разбер|сам(?:а)?\s+научу|в\s+интернете\s+всё|зачем\s+платить",
    "time": r"нет\s+времени|некогда|времени\s+мало|времени\s+нет|не\s+успева|занят|работаю\s+много",
    "fear": r"боюсь|страшно|стрем|опасаюсь|потеря(?:ть|ю|л)|сложно|не\s+разберусь|не\s+пойму|не\s+справлюсь|возраст",
    "risk": r"риск|волатил|просад|обвал|рухн|упад[её]т",
    "think": r"подума|посоветуюсь|позже|потом|не\s+сейчас|не\s+готов|рано\s+ещё|ещё\s+рано",
    "refund": r"верн[её]те\s+деньг|возврат|не\s+понравится",
}
_PATTERNS = {code: re.compile(rf"(?<!\w)(?:{stems})", re.IGNORECASE) for code, stems in _STEMS.items()}
# Code -> the tags of the materials that answer it.
TAGS = {
    "guarantee": ("guarantee", "trust"),
    "scam": ("scam", "safety", "trust"),
    "trust": ("trust", "scam"),
    "expensive": ("price", "money", "value"),
    "free": ("value", "system"),
    "time": ("time",),
    "fear": ("fear", "safety", "basics"),
    "risk": ("risk", "safety", "reliability"),
    "think": ("consult", "value"),
    "refund": ("refund", "trust"),
}
CODES = tuple(_STEMS)
_ASKING = re.compile(
    r"\?|(?<!\w)(?:как\w*|сколько|поч[её]м|почему|зачем|ли|можно|есть|где|когда|что|чем|кто|подскажите|интересует)(?!\w)",
    re.IGNORECASE,
)


def doubts_in(text: str) -> tuple[str, ...]:
    """Return the codes of the doubts a text shows, the leading one first."""
    plain = text.replace("ё", "е").replace("Ё", "Е")
    return tuple(code for code, pattern in _PATTERNS.items() if pattern.search(text) or pattern.search(plain))


def stated_doubts(text: str) -> tuple[str, ...]:
    """Return the doubts of words that state them: "дорого" objects, "дорого у вас?" asks what it costs."""
    return () if _ASKING.search(text) else doubts_in(text)

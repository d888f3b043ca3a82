"""Amounts in words and figures put together: "20 процентов", "$500", "сто тысяч рублей", "в два раза"."""

import re
from collections.abc import Sequence

from dialogs.safety.words import Word

_DIGIT = re.compile(r"[+-]?\d")
_PERCENT = re.compile(r"(?:%|процент\w*|проц|percent|pct)$")
_MONEY = re.compile(
    r"(?:\$|к|k|тыс|тысяч\w*|тыщ\w*|тонн\w?|млн|миллион\w*|лям\w*|лимон\w*|косар\w*|штук\w?|млрд|миллиард\w*|рубл\w*|руб|р|доллар\w*"
    r"|бакс\w*|зелен\w{1,2}|евро|eur|usd|usdt|rub|dollars?|bucks|euros?|thousand|million|grand|m|btc|биткоин\w*|eth|тенге|грн)$"
)
_BIG = re.compile(
    r"(?:тысяч\w+|миллион\w*|лям\w*|косар\w*|сотк\w+|сотни|сотен|десятки|десятков"
    r"|полмиллион\w*|полляма|штуку|полтинник\w*"
    r"|thousands|millions?|six-figure|шестизначн\w+|семизначн\w+|пятизначн\w+)$"
)
_NUMBER = re.compile(
    r"(?:один|одного|два|две|двух|три|трех|четыре|пять|шесть|семь|восемь|девять|десять|десяти|пятнадцать|двадцать|двадцати"
    r"|тридцать|тридцати|сорок|пятьдесят|пятидесяти|шестьдесят|семьдесят|восемьдесят|девяносто|сто|ста|двести|триста|четыреста|пятьсот"
    r"|полтора|полторы|полтораста|пол|пара|пару|несколько|ten|twenty|thirty|forty|fifty|hundred|five|two|three|double-digit)$"
)
_TIMES = re.compile(
    r"(?:[xх]\W?\d+|\d\S*\s?[xх]|вдвое|втрое|вчетверо|впятеро|вдесятеро"
    r"|двукратн\w+|трехкратн\w+|десятикратн\w+|многократн\w+"
    r"|кратн\w+|икс(?:ы|ов|а|анет|нуть|нет|ануть|анете)|double[sd]?|doubling|triple[sd]?|tenfold|twofold)$"
)


def join_amounts(words: Sequence[Word]) -> list[Word]:
    """Return the words with each amount as one word of its kind."""
    found: list[Word] = []
    at = 0
    while at < len(words):
        taken, kinds = _amount(words, at)
        word = words[at]
        if kinds:
            text = " ".join(part.text for part in words[at : at + taken])
            keys = frozenset(kinds).union(*(part.keys for part in words[at : at + taken]))
            word = Word(text, keys, word.mark)
        found.append(word)
        at += max(1, taken)
    return found


def _amount(words: Sequence[Word], at: int) -> tuple[int, set[str]]:
    first = words[at].text
    if _TIMES.match(first):
        return 1, {"#раз"}
    if first in ("в", "во") and at + 1 < len(words) and (taken := _times(words, at + 1)):
        return 1 + taken, {"#раз"}
    size = _numbers(words, at + (first == "$")) + (first == "$")
    if size <= (first == "$"):
        return (1, {"#деньги"}) if _BIG.match(first) else (1, set())
    kinds, end = {"#число"}, at + size
    if first == "$":
        kinds.add("#деньги")
    if any("%" in word.text for word in words[at:end]):
        kinds.add("#процент")
    while end < len(words) and end - at < 7 and not words[end].mark:
        if _PERCENT.match(words[end].text):
            kinds.add("#процент")
        elif _MONEY.match(words[end].text):
            kinds.add("#деньги")
        else:
            break
        end += 1
    if first.startswith("+"):
        kinds.add("#плюс")
    return end - at, kinds


def _numbers(words: Sequence[Word], at: int) -> int:
    """Return how many words from here on are numbers."""
    size = 0
    while at + size < len(words) and size < 4 and (size == 0 or not words[at + size].mark):
        text = words[at + size].text
        if not (_DIGIT.match(text) or _NUMBER.match(text)):
            break
        size += 1
    return size


def _times(words: Sequence[Word], at: int) -> int:
    """Return how many words "два раза", "разы", "3 раза" take after "в"."""
    if words[at].text in ("разы", "сотни", "десятки"):
        return 1 + (at + 1 < len(words) and words[at + 1].text == "раз")
    size = _numbers(words, at)
    return size + 1 if size and at + size < len(words) and words[at + size].text in ("раза", "раз") else 0

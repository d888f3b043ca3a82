"""Rules about money and percentages: only those stand in an answer that the business's own texts hold."""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from dialogs.engine.policy.draft import Draft, Ruling, refused
from dialogs.engine.policy.facts import PolicyFacts
from dialogs.engine.policy.links import LINK
from dialogs.engine.policy.numerals import in_digits
from dialogs.engine.policy.pieces import REMEMBERED, without

Amount = tuple[Decimal, str]  # the number, and its unit; no unit: "стоит 50000"
PERCENT, ROUBLE = "%", "rub"
_UNITS = {
    PERCENT: r"%|процент\w*|пп\b|п\.п\.",
    ROUBLE: r"₽|руб(?:\w*|\.)|rub\b|р\.|р(?![\w])|т\.?\s?р\.?(?![\w])",
    "usd": r"\$|доллар\w*|долл\.|бакс\w*|usd[tc]?\b|у\.\s?е\.",
    "eur": r"€|евро\b|eur\b",
    "other": r"тенге|₸|грив\w+|₴|сум(?:ов)?\b|юан\w+|¥|£|фунт\w*|btc\b|биткоин\w*|eth\b|ton\b|тон(?:ов|а)?\b",
}
_NUMBER = r"\d(?:[ \u00a0.,'’]?\d)*"
_SCALE = r"тыс(?:яч\w*|\.)?|к(?![\w])|k(?![\w])|млн\.?|миллион\w*|лям\w*|млрд\.?|миллиард\w*"
_UNIT = "|".join(f"(?P<{'percent' if unit == PERCENT else unit}>{form})" for unit, form in _UNITS.items())
_AMOUNT = re.compile(
    rf"(?:(?P<low>{_NUMBER})\s*(?:{_SCALE})?\s*(?:[-–—/]|до|или|и)\s*)?"
    rf"(?P<number>{_NUMBER})\s*(?P<scale>{_SCALE})?\s*(?:{_UNIT})",
    re.IGNORECASE,
)
_UNIT_FIRST = re.compile(
    rf"(?:(?P<usd>\$)|(?P<eur>€)|(?P<rub>₽))\s*(?P<number>{_NUMBER})\s*(?P<scale>{_SCALE})?", re.IGNORECASE
)
_SELLING = re.compile(
    r"стои[тл]\w*|стоимост\w*|цен[аыуео]\w{0,2}\b|обойд[её]тся|прайс\w*|тариф\w*|доплат\w*|оплат\w*|плат[аиеёя]\w*|взнос\w*|"
    r"всего за",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?<![\w.,:/]){_NUMBER}(?:\s*(?P<scale>{_SCALE}))?(?![\w:/])", re.IGNORECASE)
_SMALLEST_PRICE = 100  # a bare number below it counts lessons, steps, people
_FRACTION = re.compile(
    r"(?:в\s?двое|втрое|вполовину|наполовину|полцены|половин\w+\s+(?:цен|стоимост|сумм)\w*)", re.IGNORECASE
)
_THEIR_MONEY = re.compile(r"\bваш\w*|\bу вас\b|\bвы (?:говорили|упоминали|упомянули|назвали|писали)", re.IGNORECASE)


@lru_cache(maxsize=REMEMBERED)
def amounts_in(text: str) -> frozenset[Amount]:
    """Return the sums and percentages a text names."""
    text = in_digits(LINK.sub(" ", text))
    found: set[Amount] = set()
    for match in (*_AMOUNT.finditer(text), *_UNIT_FIRST.finditer(text)):
        groups = match.groupdict()
        unit = next(name for name in ("percent", *list(_UNITS)[1:]) if groups.get(name))
        for number in (groups["number"], groups.get("low")):
            if number:
                found.add((_value(number, groups["scale"] or ""), PERCENT if unit == "percent" else unit))
    return frozenset(found)


def bare_prices_in(text: str) -> set[Decimal]:
    """Return the numbers of a text that speaks of prices without saying in what."""
    if not _SELLING.search(text):
        return set()
    text = in_digits(LINK.sub(" ", text))
    rest = _UNIT_FIRST.sub(" ", _AMOUNT.sub(" ", text))
    values = {_value(match[0][: match.start("scale") - match.start()] if match["scale"] else match[0], match["scale"] or "")
              for match in _BARE.finditer(rest)}  # fmt: skip
    return {value for value in values if value >= _SMALLEST_PRICE}


def _value(number: str, scale: str) -> Decimal:
    digits = re.sub(r"[ \u00a0'’]", "", number)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits):  # 50.000 is fifty thousand here
        digits = re.sub(r"[.,]", "", digits)
    try:
        value = Decimal(digits.replace(",", "."))
    except InvalidOperation:  # 1.2.3 is no number anybody knows
        return Decimal(-1)
    scales = {"т": 1_000, "к": 1_000, "k": 1_000, "ми": 1_000_000, "мл": 1_000_000, "ля": 1_000_000}
    big = 1_000_000_000 if scale.casefold().startswith(("млрд", "миллиард")) else 0
    folded = scale.casefold()
    return (value * (big or scales.get(folded[:2], scales.get(folded[:1], 1)))).normalize()


def known_amounts(facts: PolicyFacts) -> set[Amount]:
    """Return the sums and percentages that may be named: prices of the products, and what our own texts say."""
    known = {amount for text in facts.true_words for amount in amounts_in(text)}
    for product in facts.products:
        try:
            known.add((Decimal(product.price or "-1").normalize(), ROUBLE))
        except InvalidOperation:
            continue
    return known


def no_invented_amount(draft: Draft, facts: PolicyFacts) -> Ruling:
    """A sentence with a price, a sum or a percentage nobody gave us goes; the customer's own budget may be repeated to them."""
    known = known_amounts(facts)
    values = {value for value, _unit in known}
    theirs = amounts_in(facts.said)

    def is_invented(words: str) -> bool:
        allowed = known | theirs if _THEIR_MONEY.search(words) and not _SELLING.search(words) else known
        if _FRACTION.search(words) and not any(_FRACTION.search(text) for text in facts.true_words):
            return True
        return not amounts_in(words) <= allowed or not bare_prices_in(words) <= values

    text, dropped = without(draft.text, is_invented)
    return refused(draft, "unknown_amount", dropped, text=text) if dropped else Ruling(draft)

"""Rules about what the business would have to keep: no discount, gift, refund or instalment that our own texts do not offer."""

import re
from functools import lru_cache

from dialogs.engine.policy.draft import Draft, Ruling, refused
from dialogs.engine.policy.facts import PolicyFacts
from dialogs.engine.policy.pieces import REMEMBERED, Piece, pieces_of, text_of, without

PROMISES = {
    "discount": r"скид(?:к|оч)\w*|скину\b|скинем\b|промокод\w*|купон\w*|к[еэ]шб[еэ]к\w*|распродаж\w*|"
    r"спецпредложени\w*|спеццен\w*|"
    r"(?:по|действует|дей?ствующ\w+|нов\w+) акци[яи]\w*|акци\w+ (?:до|действ\w*|закан\w*)|"
    r"дешевле|уступ(?:лю|им)|\bdiscount\w*|\bpromo\w*",
    "gift": r"бесплатн\w*|даром\b|в подарок|подар(?:им|ю|ок|ки|ков|ком)\b|\bfree\b",
    "refund": r"верн[уеё]\w* (?:вам )?(?:все )?(?:деньги|средства|оплату)|возврат\w*|манибэк\w*|манибек\w*|money.?back|refund\w*|"
    r"деньги (?:вернем|вернём|назад|обратно)",
    "instalment": r"рассроч\w*|в кредит\b|отсрочк\w*|оплат\w+ частями|частями|\binstal+ment\w*",
}
_PATTERNS = {name: re.compile(rf"(?<!\w)(?:{form})", re.IGNORECASE) for name, form in PROMISES.items()}
_DENIED = re.compile(r"(?<!\w)(?:не|нет|без|никак\w+|ни)[\s,]+(?:\w+[\s,]+){0,3}$", re.IGNORECASE)


@lru_cache(maxsize=REMEMBERED)
def promises_in(text: str) -> frozenset[str]:
    """Return the names of what a text promises; what it denies is no promise."""
    return frozenset(
        name
        for name, pattern in _PATTERNS.items()
        if any(not _DENIED.search(text[: match.start()]) for match in pattern.finditer(text))
    )


def no_invented_promise(draft: Draft, facts: PolicyFacts) -> Ruling:
    """A sentence that promises what no text of ours offers goes."""
    offered = {name for text in facts.true_words for name in promises_in(text)}
    text, dropped = without(draft.text, lambda words: not promises_in(words) <= offered)
    return refused(draft, "unknown_promise", dropped, text=text) if dropped else Ruling(draft)


def one_product(draft: Draft, facts: PolicyFacts) -> Ruling:
    """One product is shown, by need: what is said of a second one goes."""
    shown = ""
    kept: list[Piece] = []
    for piece in pieces_of(draft.text):
        named = [
            item.title for item in facts.products if item.title and item.title.casefold() in piece.words.casefold()
        ]
        shown = shown or (named[0] if named else "")
        if all(title == shown for title in named):
            kept.append(piece)
    text = text_of(kept)
    return refused(draft, "second_product", text=text) if text != draft.text else Ruling(draft)

"""Does somebody say that they have paid? Believed by nobody: it only makes us look."""

import re

_PAID = re.compile(
    r"(?<!\w)(?:"
    r"(?:оплатил|заплатил|проплатил)[аи]?(?!\w)"
    r"|(?:вн[её]с(?:ла|ли)?|пер[еи]в[её]л[аи]?|скинул[аи]?|отправил[аи]?)\s+(?:[\w-]+\s+){0,3}?(?:деньги|оплату|сумму)"
    r"|оплата\s+(?:\w+\s+)?(?:прошла|сделана|отправлена|ушла|внесена)"
    r"|(?:деньги|плат[её]ж)\s+(?:\w+\s+)?(?:ушли|уш[её]л|прош[её]л|отправлены|списали|списались|списаны)"
    r"|(?:i|we)(?:'ve| have)? (?:already )?paid"
    r")",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"(?<!\w)(?:не|нет|никак|если|когда|только|чтобы|кто|кто-нибудь|сколько)\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
_NOT_YET = re.compile(
    r"(?<!\w)(?:не|ещё не|еще не)\s+(?:\w+\s+)?(?:оплат|заплат|проплат|прош|внес|внёс|перев)", re.IGNORECASE
)


def claims_payment(text: str) -> bool:
    """Tell whether the words say that the money has been paid; "ещё не оплатил" and "если оплачу" do not."""
    if _NOT_YET.search(text):
        return False
    return any(not _DENIED.search(text[: match.start()]) for match in _PAID.finditer(text))

"""What in a customer's words shows that they mean to act: to pay, to meet an expert, to begin."""

import re
from enum import StrEnum

from dialogs.engine.proposals import NextAction


class Signal(StrEnum):
    """One kind of intention."""

    PAY = "pay"
    CONSULT = "consult"
    BEGIN = "begin"


_CRYPTO = r"(?!\s+(?:\w+\s+)?(?:битк|btc|крипт|монет|токен|usdt|эфир|акци|доллар))"
_FORMS = {
    Signal.PAY: rf"оплат\w*|оплач\w*|куп(?:ить|лю|им){_CRYPTO}|приобре\w+{_CRYPTO}|сч[её]т на оплат\w*|выстав\w+ сч[её]т|"
    r"(?:сколько|почем|почём) (?:это |будет |у вас )?(?:стоит|выйдет)|стоимост\w*|цен[аеу]\b|прайс\w*|беру\b|"
    r"оформ\w*|реквизит\w*",
    Signal.CONSULT: r"запи[шс]\w*|записываюсь|консультаци\w*|созвон\w*|(?:по|пере)звон\w*|встре(?:ч|т)\w*|"
    r"(?:поговорить|пообщаться|связаться) с (?:эксперт|специалист|человек)\w*",
    Signal.BEGIN: r"готов\w* (?:начать|начинать|приступить|попробовать|учиться|вложи\w*|инвестировать|платить|к старту)|"
    r"хочу (?:начать|попробовать|участвовать|к вам|учиться|на курс|в программу|вложи\w*|инвестировать)|"
    r"как (?:начать|вступить|попасть|к вам)|что (?:дальше|нужно сделать|надо сделать)|давайте (?:начн|попроб|приступ)\w*|"
    r"\bпоехали\b|я в деле|согласен|согласна|мне подходит|меня устраивает",
}
_PATTERNS = {signal: re.compile(rf"(?<!\w)(?:{form})", re.IGNORECASE) for signal, form in _FORMS.items()}
_DENIED = re.compile(r"(?<!\w)(?:не|нет|без|передумал\w*|рано|против)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_ASKS_FOR = {NextAction.OFFER_PAYMENT: Signal.PAY, NextAction.OFFER_CONSULT: Signal.CONSULT}


def signals_in(text: str) -> frozenset[Signal]:
    """Return the intentions a text shows; "не готов начать" shows none."""
    return frozenset(
        signal
        for signal, pattern in _PATTERNS.items()
        if any(not _DENIED.search(text[: match.start()]) for match in pattern.finditer(text))
    )


def asks_for(offer: NextAction, said: str) -> bool:
    """Tell whether the customer asked for this very offer."""
    return _ASKS_FOR[offer] in signals_in(said)

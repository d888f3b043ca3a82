"""Reads a customer's messages: what they do, what they ask, and what they give."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crm.phones import Found, Reason, find_phones, readable
from dialogs.engine.reading import Intent, Reading
from dialogs.understanding import faq, knowledge
from dialogs.understanding.curses import Curses
from dialogs.understanding.dates import find_date, find_time
from dialogs.understanding.emails import FoundEmail, find_email
from dialogs.understanding.faq import FaqEntry
from dialogs.understanding.gibberish import LetterPairs, is_keyboard_run
from dialogs.understanding.intents import Findings, IntentBook
from dialogs.understanding.names import find_name
from dialogs.understanding.numbers import find_number
from dialogs.understanding.signs import looks_like_code, read_signs, without_smileys
from dialogs.understanding.spans import find_span
from dialogs.understanding.tokens import Words, split
from dialogs.understanding.verdict import drop_covered, weigh
from dialogs.understanding.zones import find_zone

_MAX_LENGTH = 4_000
_STRETCH = 3  # one letter so often is a nap on the keyboard
_ASKING = frozenset((
    "=сколько", "=как", "=где", "=когда", "=какой", "=какая", "=какие", "=какое", "=почему", "=кто", "=что", "=можно",
    "=куда", "=чем", "=подскажите", "=возможно", "=можете", "=делаете", "=бывает", "=how", "=what", "=where", "=when",
    "=can", "=which", "=какую", "=каком", "=зачем", "=кому", "=есть", "=подойдет",
))  # fmt: skip
# What does not yet say what the message is about.
_TUNE = frozenset((
    Intent.GREETING, Intent.THANKS, Intent.AFFIRM, Intent.DENY, Intent.GIVES_PHONE, Intent.GIVES_EMAIL,
    Intent.GIVES_NAME, Intent.FRUSTRATION, Intent.FAREWELL,
))  # fmt: skip
# A question which shares its words with one of these is not a question about the business.
_NOT_ASKING = frozenset((
    Intent.REFUSES, Intent.STOP, Intent.DELETE_DATA, Intent.WHY_PHONE, Intent.PRIVACY, Intent.IS_BOT, Intent.COMPLAINT,
    Intent.CALLBACK, Intent.MESSENGER, Intent.ALREADY_GAVE, Intent.CORRECTION, Intent.WRONG_ADDRESS,
    Intent.ASKS_PERSON, Intent.PRESENCE, Intent.CONFUSED, Intent.OFF_TOPIC, Intent.SMALL_TALK,
))  # fmt: skip
# "Сколько можно заработать?" sounds like a complaint, "Это законно?" like a worry about one's data: the editor knows better.
_RESEMBLED = frozenset((Intent.SPAM, Intent.PRIVACY, Intent.COMPLAINT, Intent.OFF_TOPIC))
# What merely resembles a question is not one when its words state a wish.
_WISHING = frozenset((Intent.LATER, Intent.AFFIRM, Intent.DENY))


@dataclass(frozen=True, slots=True)
class _Gifts:
    """What the messages hand over."""

    phones: Found
    is_new: bool  # the number was given now, not in an earlier message
    email: FoundEmail | None
    name: str | None


class Reader:
    """Understands messages to one business; made once, used for every message, keeps nothing of what it reads."""

    def __init__(self, entries: Sequence[FaqEntry] = (), *, business_name: str = "", region: str = "RU") -> None:
        shipped = knowledge.shipped()
        self._faq, self._words = faq.build(entries, shipped, [business_name])
        self._intents = IntentBook(shipped, self._words)
        self._curses = Curses(shipped.curses)
        self._letters = LetterPairs(shipped.words)
        self._region = region

    def read(
        self, messages: Sequence[str], *, today: dt.date | None = None, asked: str = "", earlier: Sequence[str] = ()
    ) -> Reading:
        """Return what the messages mean together; never raises on any text.

        `today` anchors dates; `asked` is the field of the open question ("name", "phone" …); `earlier` are messages
        read before, which only a phone number may continue.
        """
        text = "\n".join(messages)[:_MAX_LENGTH]
        gifts = self._gifts(text, messages, earlier, asked)
        words = split(without_smileys(text), self._words)
        found = self._without_verbatim(drop_covered(self._intents.find(words)), words)
        asks = self._questions(words, found)
        intents = self._verdict(text, words, found, asks, gifts)
        phones, email = gifts.phones, gifts.email
        return Reading(
            text=text,
            intents=tuple(intents),
            faq=self._faq.hits(asks) if Intent.FAQ in intents else (),
            phones=phones.numbers,
            shown_phones=tuple(map(readable, phones.numbers)),
            phone_reason=None if phones.reason in (None, Reason.NONE) else phones.reason,
            extension=phones.extension,
            email=email.address if email else None,
            email_suggestion=email.suggestion if email else None,
            name=gifts.name,
            number=find_number(text),
            date=find_date(text, today=today) if today else None,
            time=find_time(text),
            span=find_span(text),
            zone=find_zone(text),
        )

    def _gifts(self, text: str, messages: Sequence[str], earlier: Sequence[str], asked: str) -> _Gifts:
        phones = find_phones([*earlier, *messages], region=self._region)
        before = find_phones(earlier, region=self._region).numbers if earlier else ()
        is_new = bool(phones.numbers) and (
            phones.numbers != before or bool(find_phones(messages, region=self._region).numbers)
        )
        return _Gifts(phones, is_new, find_email(text), find_name(text, asked=asked == "name"))

    def _without_verbatim(self, found: Findings, words: Words) -> Findings:
        """Leave out what merely resembles something else in the words of a question the editor wrote down."""
        if not found.keys() & _RESEMBLED:
            return found
        asked = set().union(*(hit.used for hit in self._faq.find(words) if hit.is_verbatim))
        return {intent: used for intent, used in found.items() if intent not in _RESEMBLED or not used <= asked}

    def _questions(self, words: Words, found: Findings) -> list[faq.Found]:
        """Return the FAQ entries asked for, without those whose words already mean something else."""
        taken = set().union(*(used for intent, used in found.items() if intent in _NOT_ASKING))
        wished = taken.union(*(used for intent, used in found.items() if intent in _WISHING))
        asks = [hit for hit in self._faq.find(words) if not hit.used & (taken if hit.is_sure else wished)]
        if Intent.WANTS in found:  # "хочу записаться" does not ask how
            asks = [hit for hit in asks if hit.is_sure or self._faq.topic_of(hit.key) != "how_to_order"]
        if Intent.SPAM in found:
            return []
        aside = _sentences(words, found.get(Intent.OFF_TOPIC, ()))
        asks = [hit for hit in asks if not aside & _sentences(words, hit.used)]
        if Intent.COMPLAINT in found:  # "обманули с ценой" complains; "жду час, когда доставка?" also asks
            asks = [hit for hit in asks if self._is_asked(words, hit)]
        if Intent.JOB in found:
            return [hit for hit in self._faq.find(words) if self._faq.topic_of(hit.key) == "vacancies"]
        return asks

    def _is_asked(self, words: Words, hit: faq.Found) -> bool:
        tokens = [words.tokens[at] for at in hit.used]
        return any(token.sentence in words.asked or token.keys & _ASKING for token in tokens)

    def _verdict(
        self, text: str, words: Words, found: Findings, asks: Sequence[faq.Found], gifts: _Gifts
    ) -> list[Intent]:
        intents = set(found) | self._curses.read(words) | _given(gifts)
        if asks:
            intents.add(Intent.FAQ)
            intents -= _is_within(found, asks)
            intents -= {Intent.WANTS} if words.asked & _sentences(words, found.get(Intent.WANTS, ())) else set()
        if looks_like_code(text):
            return [Intent.OFF_TOPIC]
        sign = read_signs(text)
        if sign is not None:
            return weigh(intents | {sign} if not gifts.is_new else intents)
        intents = set(weigh(intents))
        if not intents - _TUNE:
            intents |= self._leftover(words, found, intents)
        return weigh(intents)

    def _leftover(self, words: Words, found: Findings, intents: Iterable[Intent]) -> set[Intent]:
        """Name what is left when nothing told what the message is about."""
        used = set().union(*found.values())
        left = [
            token
            for at, token in enumerate(words.tokens)
            if at not in used and token.keys.isdisjoint({"#num", "#email"})
        ]
        kinds = set(intents)
        if not left or (Intent.GIVES_NAME in kinds and len(left) <= 3) or (kinds and len(left) < 2):
            return set() if kinds else {Intent.STATEMENT}
        if all(self._is_gibberish(token.raw, token.text) for token in left):
            return set() if kinds else {Intent.GIBBERISH}
        asking = any(token.sentence in words.asked or token.keys & _ASKING for token in left)
        if (asking or words.skipped & {"ли", "ль"}) and (words.asked or Intent.FRUSTRATION not in kinds):
            return {Intent.QUESTION}
        return {Intent.STATEMENT} if not kinds else set()

    def _is_gibberish(self, raw: str, word: str) -> bool:
        if is_keyboard_run(raw) or (len(word) == 1 and len(raw) > _STRETCH):
            return True
        return not self._words.speller.knows(word) and self._letters.is_gibberish(word)


def _is_within(found: Findings, asks: Iterable[faq.Found]) -> set[Intent]:
    """Return LATER when its one word belongs to a question: "оплата сразу или потом"."""
    later = found.get(Intent.LATER, set())
    near = {at + step for hit in asks for at in hit.used for step in (-1, 0, 1, 2)}
    return {Intent.LATER} if len(later) == 1 and later <= near else set()


def _sentences(words: Words, places: Iterable[int]) -> set[int]:
    return {words.tokens[at].sentence for at in places}


def _given(gifts: _Gifts) -> set[Intent]:
    given = set()
    if gifts.is_new:
        given.add(Intent.GIVES_PHONE)
    if gifts.email:
        given.add(Intent.GIVES_EMAIL)
    if gifts.name:
        given.add(Intent.GIVES_NAME)
    return given

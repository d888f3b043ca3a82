"""What a customer's words mean, as values: the engine decides by these and never looks at the raw text again.

`dialogs.understanding` makes a `Reading`; everything in `dialogs.engine` only consumes it.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Intent(StrEnum):
    """One thing a message does; a message may do several, and `Reading.intents` keeps them in order of weight."""

    STOP = "stop"  # wants no more messages from us: "отпишитесь", "хватит писать"
    DELETE_DATA = "delete_data"  # wants stored personal data erased, or withdraws consent to keep it
    ASKS_PERSON = "asks_person"  # wants to talk to a human being: "позовите менеджера"
    GIVES_PHONE = "gives_phone"  # at least one valid phone number stands in the text
    GIVES_EMAIL = "gives_email"  # at least one e-mail address stands in the text
    GIVES_NAME = "gives_name"  # says what they are called
    REFUSES = "refuses"  # will not give a phone or other contact, or wants no call
    LATER = "later"  # not now: asks to come back, write or call at another time
    CALLBACK = "callback"  # asks to be rung: "перезвоните мне"
    MESSENGER = "messenger"  # wants to be written to rather than rung: WhatsApp, Telegram, "только переписка"
    ALREADY_GAVE = "already_gave"  # says the phone or answer was given before
    CORRECTION = "correction"  # takes back what was said: "ошиблась в номере", "это не мой номер"
    WHY_PHONE = "why_phone"  # asks what the phone is needed for
    PRIVACY = "privacy"  # asks who will see the data, whether it is safe, where we got it
    IS_BOT = "is_bot"  # asks whether a machine or a person is answering
    COMPLAINT = "complaint"  # is unhappy with the service: long wait, broken promise, bad quality
    INSULT = "insult"  # offends us: abuse aimed at the bot or the company
    FRUSTRATION = "frustration"  # swears or vents without aiming at us
    PRESENCE = "presence"  # checks that somebody is here: "алло", "вы тут?"
    CONFUSED = "confused"  # did not understand us: "?", "не понял", "чего?"
    FAQ = "faq"  # asks something `Reading.faq` answers
    QUESTION = "question"  # asks about the business something no FAQ entry answers
    WANTS = "wants"  # states interest in buying, ordering or booking: "хочу записаться"
    GREETING = "greeting"  # says hello
    THANKS = "thanks"  # says thank you
    FAREWELL = "farewell"  # says goodbye
    AFFIRM = "affirm"  # yes, agreed
    DENY = "deny"  # no, not agreed
    SMALL_TALK = "small_talk"  # is being sociable: "как дела?"
    JOB = "job"  # looks for work with us
    SPAM = "spam"  # offers us a service, an advertisement, easy money
    WRONG_ADDRESS = "wrong_address"  # thinks we are somebody else, or did not write to us at all
    OFF_TOPIC = "off_topic"  # readable, but no business of ours: jokes, code, orders to ignore the instructions
    GIBBERISH = "gibberish"  # letters without meaning: "asdfgh", "ывапр"
    NUMBER = "number"  # nothing but a number which is no phone
    EMOJI = "emoji"  # nothing but emoji
    EMPTY = "empty"  # nothing at all: blanks, invisible characters
    STATEMENT = "statement"  # readable text that does none of the above: a plain answer, a description of their need


@dataclass(frozen=True, slots=True)
class FaqHit:
    """One FAQ entry that answers the message; `score` runs from 0 to 1."""

    key: str
    answer: str
    score: float


@dataclass(frozen=True, slots=True)
class Named:
    """One thing of the menu as it was named in words: "два больших латте без сиропа"."""

    words: str = ""  # as written
    products: tuple[str, ...] = ()  # codes that the words fit; several: which one must be asked
    is_sure: bool = True  # else even a single fitting product is asked about: a likely misspelling, half a name
    quantity: int | None = None
    options: tuple[
        tuple[str, ...], ...
    ] = ()  # of each word everything it may mean, "milk:oat"; a product has one of them
    without: tuple[tuple[str, ...], ...] = ()  # … and what is not wanted
    denied: tuple[str, ...] = ()  # … in words, one for each
    notes: tuple[str, ...] = ()  # wishes the menu has no option for: "без сахара"
    is_more: bool = False  # "ещё один": of what was ordered last, unless it names something
    is_less: bool = False  # "уберите круассан", "не латте"
    is_asked: bool = False  # a question about it, no order: "сколько стоит латте?"


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything understood from one or several messages read together."""

    text: str
    intents: tuple[str, ...] = ()
    faq: tuple[FaqHit, ...] = ()
    phones: tuple[str, ...] = ()  # E.164, in the order written, each once
    shown_phones: tuple[str, ...] = ()  # the same numbers as people write them: "+7 916 123-45-67"
    phone_reason: str | None = None  # why what looks like a phone is none; a code of `crm.phones`
    extension: str | None = None
    email: str | None = None
    email_suggestion: str | None = None  # "gmial.com" was written: the likely address, never taken by itself
    name: str | None = None
    number: Decimal | None = None
    date: dt.date | None = None
    time: dt.time | None = None  # local time of day named with or without a date
    span: tuple[dt.time, dt.time] | None = (
        None  # … or a part of it: "после обеда", "с двух до пяти"; `time` is typical for it
    )
    zone: dt.tzinfo | None = None  # whose clock they say they live by: "я в Новосибирске"

    ordered: tuple[Named, ...] = ()  # things of the menu, for scripts that sell from one
    unknown: tuple[str, ...] = ()  # words beside them that the menu does not know

    def has(self, *intents: str) -> bool:
        """Tell whether any of the intents was recognised."""
        return any(intent in self.intents for intent in intents)

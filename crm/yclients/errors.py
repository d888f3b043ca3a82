"""What can go wrong with a call to YClients, sorted by what the caller should do next.

YclientsError
├── TryLater          nothing happened: the same call may be repeated after `wait` seconds
├── OutcomeUnknown    a write was sent and no answer came: look for it first, never repeat blindly
├── Busy              the time is not free (433, 436), or overlaps another visit of the client (437): offer others
├── Refused           this very request will never be taken: a phone, a name, a blacklist, a service
│   └── Gone          the record does not exist (any more)
└── NeedsOwner        no repetition helps until a person changes something: tokens, rights, company

Codes: https://developers.yclients.com/ru/#tag/Onlajn-zapis
"""

from typing import ClassVar

BUSY_CODES = (433, 436, 437)
WORDS = {
    431: "YClients не принял номер телефона",
    432: "YClients требует код из SMS: отключите его в настройках онлайн-записи",
    433: "время занято",
    434: "клиент в чёрном списке YClients",
    435: "YClients требует имя клиента",
    436: "нет свободных специалистов",
    437: "у клиента есть другая запись на это время",
    438: "услуга недоступна для записи",
}


class YclientsError(Exception):
    """Any failure of a call; `code` is the inner code of YClients, 0 without one."""

    words: ClassVar[str] = "Сбой YClients"

    def __init__(self, said: str = "", *, code: int = 0) -> None:
        super().__init__(said)
        self.said = said
        self.code = code

    def __str__(self) -> str:
        told = WORDS.get(self.code) or self.said
        return f"{self.words}: {told}" if told else self.words


class TryLater(YclientsError):
    """Nothing happened; repeat after `wait` seconds."""

    words = "YClients просит повторить позже"

    def __init__(self, said: str = "", *, wait: float = 5.0) -> None:
        super().__init__(said)
        self.wait = wait


class OutcomeUnknown(YclientsError):
    """A write may or may not have been done."""

    words = "YClients не ответил"


class Busy(YclientsError):
    """The time is not free."""

    words = "YClients"


class Refused(YclientsError):
    """YClients understood the request and will not do it."""

    words = "YClients отказал"


class Gone(Refused):
    """There is no such record."""


class NeedsOwner(YclientsError):
    """Access is wrong or missing."""

    words = "Доступ к YClients не работает"

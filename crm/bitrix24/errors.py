"""What can go wrong with a call to a portal, sorted by what the caller should do next.

Bitrix24Error
├── TryLater                 nothing happened: the very same call may be repeated, reads and writes alike
│   ├── Throttled            … after `retry_after` seconds
│   │   └── Overloaded       … all calls are blocked by hand by Bitrix24's support: wait long, tell the owner
│   ├── MethodPaused         … not before `until` (this method only)
│   └── Unavailable          … the portal or the road to it is down
├── OutcomeUnknown           a write was sent and no answer came: read back first, never repeat blindly
├── NeedsOwner               no repetition helps until a person changes something
│   ├── BadCredentials       the webhook is wrong, expired or belongs to a dismissed employee
│   ├── Denied               a scope, a right or the tariff plan is missing
│   ├── PortalMoved          the portal was renamed; `location` is its new address
│   ├── PortalGone           the portal was deleted
│   └── MethodMissing        the portal does not know the method (an old box, or our mistake)
└── Rejected                 the portal understood this request and refused it
    └── NotFound             the lead, chat or other thing does not exist (any more)

Codes: https://apidocs.bitrix24.com/error-codes.html
"""

from typing import ClassVar


class Bitrix24Error(Exception):
    """Any failure of a call; `code` is Bitrix24's own word, `outcome` the label used in metrics."""

    outcome: ClassVar[str] = "error"
    words: ClassVar[str] = "Сбой Битрикс24"  # for people; what Bitrix24 said stands behind it

    def __init__(self, description: str = "", *, method: str = "", code: str = "", status: int = 0) -> None:
        super().__init__(description)
        self.description = description
        self.method = method
        self.code = code
        self.status = status

    def __str__(self) -> str:
        facts = [self.method, str(self.status or ""), self.code]
        where = " ".join(fact for fact in facts if fact)
        said = ": ".join(part for part in (where, self.description) if part)
        return f"{self.words} ({said})" if said else self.words


class TryLater(Bitrix24Error):
    """Nothing happened in the portal; the same call may be repeated later."""

    outcome = "try_later"
    words = "Битрикс24 просит повторить позже"


class Throttled(TryLater):
    """The request rate is spent (ours, counted before sending, or the portal's); wait `retry_after` seconds."""

    outcome = "throttled"
    words = "Слишком много запросов к Битрикс24, ждём"

    def __init__(self, description: str = "", *, retry_after: float, method: str = "", code: str = "", status: int = 0):
        super().__init__(description, method=method, code=code, status=status)
        self.retry_after = retry_after


class Overloaded(Throttled):
    """Bitrix24's support has blocked the REST of this portal for overload."""

    outcome = "overloaded"
    words = "Портал Битрикс24 заблокирован за перегрузку, ждём"


class MethodPaused(TryLater):
    """This one method has used up its execution time; `until` is a Unix time."""

    outcome = "paused"
    words = "Битрикс24 приостановил этот метод, ждём"

    def __init__(self, description: str = "", *, until: float, method: str = "", code: str = "", status: int = 0):
        super().__init__(description, method=method, code=code, status=status)
        self.until = until


class Unavailable(TryLater):
    """The portal could not be reached, or a read got no usable answer."""

    outcome = "unavailable"
    words = "Битрикс24 не отвечает"


class OutcomeUnknown(Bitrix24Error):
    """A write was sent, and whether it was carried out cannot be known from here."""

    outcome = "unknown"
    words = "Битрикс24 не ответил на запись: неизвестно, выполнена ли она"


class NeedsOwner(Bitrix24Error):
    """The connection is set up wrongly; a person has to act."""

    outcome = "needs_owner"
    words = "Подключение к Битрикс24 нужно исправить"


class BadCredentials(NeedsOwner):
    """The portal does not accept the webhook."""

    outcome = "bad_credentials"
    words = "Битрикс24 не принимает вебхук: проверьте его адрес"


class Denied(NeedsOwner):
    """The webhook lacks a scope or a right, or the plan has no REST."""

    outcome = "denied"
    words = "Битрикс24 не даёт прав: проверьте права вебхука и тариф"


class PortalMoved(NeedsOwner):
    """The portal answers from another address: `location` (scheme and host only, never the webhook's path)."""

    outcome = "moved"
    words = "Портал Битрикс24 переехал: укажите новый адрес вебхука"

    def __init__(self, description: str = "", *, location: str, method: str = "", code: str = "", status: int = 0):
        super().__init__(description, method=method, code=code, status=status)
        self.location = location


class PortalGone(NeedsOwner):
    """The portal was deleted."""

    outcome = "gone"
    words = "Портал Битрикс24 удалён"


class MethodMissing(NeedsOwner):
    """The portal does not know this method."""

    outcome = "method_missing"
    words = "Портал Битрикс24 не знает этого метода"


class Rejected(Bitrix24Error):
    """The portal understood the request and refused it."""

    outcome = "rejected"
    words = "Битрикс24 отказал"


class NotFound(Rejected):
    """The thing asked for does not exist in the portal."""

    outcome = "not_found"
    words = "В Битрикс24 этого нет"

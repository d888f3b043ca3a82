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

    def __init__(self, description: str = "", *, method: str = "", code: str = "", status: int = 0) -> None:
        super().__init__(description)
        self.description = description
        self.method = method
        self.code = code
        self.status = status

    def __str__(self) -> str:
        facts = [self.method, str(self.status or ""), self.code]
        return f"{' '.join(fact for fact in facts if fact) or 'Bitrix24'}: {self.description or type(self).__doc__}"


class TryLater(Bitrix24Error):
    """Nothing happened in the portal; the same call may be repeated later."""

    outcome = "try_later"


class Throttled(TryLater):
    """The request rate is spent (ours, counted before sending, or the portal's); wait `retry_after` seconds."""

    outcome = "throttled"

    def __init__(self, description: str = "", *, retry_after: float, method: str = "", code: str = "", status: int = 0):
        super().__init__(description, method=method, code=code, status=status)
        self.retry_after = retry_after


class Overloaded(Throttled):
    """Bitrix24's support has blocked the REST of this portal for overload."""

    outcome = "overloaded"


class MethodPaused(TryLater):
    """This one method has used up its execution time; `until` is a Unix time."""

    outcome = "paused"

    def __init__(self, description: str = "", *, until: float, method: str = "", code: str = "", status: int = 0):
        super().__init__(description, method=method, code=code, status=status)
        self.until = until


class Unavailable(TryLater):
    """The portal could not be reached, or a read got no usable answer."""

    outcome = "unavailable"


class OutcomeUnknown(Bitrix24Error):
    """A write was sent, and whether it was carried out cannot be known from here."""

    outcome = "unknown"


class NeedsOwner(Bitrix24Error):
    """The connection is set up wrongly; a person has to act."""

    outcome = "needs_owner"


class BadCredentials(NeedsOwner):
    """The portal does not accept the webhook."""

    outcome = "bad_credentials"


class Denied(NeedsOwner):
    """The webhook lacks a scope or a right, or the plan has no REST."""

    outcome = "denied"


class PortalMoved(NeedsOwner):
    """The portal answers from another address: `location` (scheme and host only, never the webhook's path)."""

    outcome = "moved"

    def __init__(self, description: str = "", *, location: str, method: str = "", code: str = "", status: int = 0):
        super().__init__(description, method=method, code=code, status=status)
        self.location = location


class PortalGone(NeedsOwner):
    """The portal was deleted."""

    outcome = "gone"


class MethodMissing(NeedsOwner):
    """The portal does not know this method."""

    outcome = "method_missing"


class Rejected(Bitrix24Error):
    """The portal understood the request and refused it."""

    outcome = "rejected"


class NotFound(Rejected):
    """The thing asked for does not exist in the portal."""

    outcome = "not_found"

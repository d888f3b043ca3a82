"""What can go wrong with a provider, told as what the caller should do.

ProviderError
├── Unavailable        nothing came of it for sure, or repeating is harmless: try later
│   ├── NotReady       the provider works on it: ask again later
│   └── Busy           the account has used up what it may ask for now
├── Rejected           the provider understood and will not: never again with the same words
├── AccessDenied       the keys are wrong or the tariff has no API: a person must mend the account
└── Unsupported        this provider cannot do that at all
"""


class ProviderError(Exception):
    """Something a provider did not do. `str()` holds no secrets and no personal data."""


class Unavailable(ProviderError):
    """No answer, a broken one, or "too many": try later. All our requests may be repeated."""

    def __init__(self, reason: str, *, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after  # seconds; 0: as the caller likes


class NotReady(Unavailable):
    """The provider is still at it."""


class Busy(Unavailable):
    """The keys are right, but the account may not ask for more at the moment."""


class Rejected(ProviderError):
    """The provider refuses these very words."""


class AccessDenied(ProviderError):
    """The provider does not let this account in."""


class Unsupported(ProviderError):
    """The provider has no such thing."""

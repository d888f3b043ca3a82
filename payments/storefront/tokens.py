"""The session of an opened shop: which chat its bearer speaks for. Held by the page alone; we keep nothing."""

from dataclasses import dataclass

from django.core import signing

SALT = "payments.storefront.session"
SECONDS = 86_400  # Telegram keeps a minimised page alive for hours; after a day it is opened anew


@dataclass(frozen=True, slots=True)
class Session:
    """Whose cart and orders may be seen. The chat's row need not exist yet: looking stores nothing."""

    channel_id: int
    external_id: str
    name: str = ""  # as the channel told it; fills the field at checkout
    username: str = ""
    language: str = ""


def issue(session: Session) -> str:
    """Return the token that proves `session` for a day."""
    known = [session.channel_id, session.external_id, session.name, session.username, session.language]
    return signing.dumps(known, salt=SALT)


def read(channel_id: int, token: str) -> Session | None:
    """Return the session of a token issued for this channel, None for any other."""
    try:
        session = Session(*signing.loads(token, salt=SALT, max_age=SECONDS))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return session if session.channel_id == channel_id else None

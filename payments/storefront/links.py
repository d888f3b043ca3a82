"""The page's address: the same for everybody in Telegram, which says itself who opens it; signed for one chat elsewhere."""

from django.conf import settings
from django.core import signing

from bot.models import Channel, Chat

GUEST_SALT = "payments.storefront.guest"
GUEST_SECONDS = 30 * 86_400  # a link in an old message still opens the shop; after that it shows the menu only


def page_of(channel: Channel) -> str:
    """Return the address of a channel's shop."""
    return f"{settings.PUBLIC_URL}/shop/{channel.pk}/"


def shop_url(chat: Chat) -> str:
    """Return the address for a `web_app` button said in this chat.

    The token stands behind the `#`: browsers keep that part to themselves, so no log and no Referer ever has it.
    """
    page = page_of(chat.channel)
    return page if chat.channel.kind == "telegram" else f"{page}#guest={guest_token(chat)}"


def guest_token(chat: Chat) -> str:
    """Return what proves to the shop, and to nobody else, that its bearer was written to in this chat."""
    return signing.dumps([chat.channel_id, chat.external_id], salt=GUEST_SALT, compress=False)


def read_guest_token(channel: Channel, token: str) -> str | None:
    """Return the chat's external id, None when the token is not ours, not of this channel, or too old."""
    try:
        channel_id, external_id = signing.loads(token, salt=GUEST_SALT, max_age=GUEST_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(external_id) if channel_id == channel.pk else None

"""Errors of the mouth: each tells the caller what to do.

SendError
├── TakenOver          a human answers in the channel itself: the bot hands the chat over and is silent
├── RecipientGone      the person blocked us or does not exist: never again, mark the chat
├── ChatMoved          use `new_external_id` from now on, then try again
├── RateLimited        nothing was sent; try again after `retry_after` seconds
├── ChannelDown        token revoked, tariff ended: nothing was sent; the whole channel waits until a human looks
├── MessageRejected    this message can never be sent as it is
├── NotSent            the request did not reach the provider (no connection): safe to try again
└── OutcomeUnknown     the request left, the answer did not come: it may have been delivered; never blindly again
"""


class SendError(Exception):
    """Base of everything `Adapter.send` may raise; `str()` is safe to show and to store (no token, no phone)."""


class TakenOver(SendError):
    """A human of ours has the chat; nothing was sent."""


class RecipientGone(SendError):
    """The recipient is unreachable for good."""


class ChatMoved(SendError):
    """The chat lives under another id now."""

    def __init__(self, new_external_id: str) -> None:
        super().__init__("chat moved")
        self.new_external_id = new_external_id


class RateLimited(SendError):
    """The provider asks for a pause; `whole_channel` tells whether the pause is for one chat or for the bot."""

    def __init__(self, retry_after: float, *, whole_channel: bool = True) -> None:
        super().__init__(f"rate limited, retry after {retry_after:g} s")
        self.retry_after = retry_after
        self.whole_channel = whole_channel


class ChannelDown(SendError):
    """Nobody can be reached through this channel until someone mends its settings."""


class MessageRejected(SendError):
    """The provider refuses this very message."""


class NotSent(SendError):
    """Nothing left this machine."""


class OutcomeUnknown(SendError):
    """It may or may not have been delivered."""


class BadPayload(Exception):
    """The body of a webhook is not what its sender sends; answered with 400 and nothing is stored."""


class Refused(Exception):
    """An operator asked for what the row's state does not allow; `str()` is shown to them, nothing was changed."""

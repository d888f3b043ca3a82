"""Sentry, when SENTRY_DSN is set: errors with the fields of the work in progress, masked like the log."""

from typing import Any, cast

import sentry_sdk
from sentry_sdk.types import Event

from bot.context import current
from bot.masking import mask_value


def start(*, dsn: str, release: str, environment: str) -> None:
    """Switch error reports on; without a DSN nothing is loaded into the process's way."""
    if not dsn:
        return
    sentry_sdk.init(
        dsn=dsn,
        release=release or None,
        environment=environment,
        send_default_pii=False,
        include_local_variables=False,  # they hold what customers write
        max_request_body_size="never",
        before_send=scrub,
        before_breadcrumb=lambda crumb, _hint: cast(dict[str, Any], mask_value(crumb)),
    )


def scrub(event: Event, _hint: dict[str, Any]) -> Event:
    """Return the event with tags of the work in progress and everything masked."""
    tags = {key: str(value) for key, value in current().items() if value is not None}
    masked = cast(dict[str, Any], mask_value(event))
    masked["tags"] = {**(masked.get("tags") or {}), **tags}
    return cast(Event, masked)

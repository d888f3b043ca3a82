"""Whether a failed call is tried again at once, and after how long: a value, decided without waiting.

Throttling means "not carried out", so any method may be repeated. A broken road is repeated for reads only: for writes
it is `OutcomeUnknown`, which is never repeated here. Longer waits belong to the caller, who has a queue.
"""

from crm.bitrix24.errors import Bitrix24Error, Throttled, Unavailable

MAX_ATTEMPTS = 4
BACKOFF_SECONDS = 0.5


def wait_before_retry(error: Bitrix24Error, *, attempt: int, patience: float, is_write: bool) -> float | None:
    """Return the seconds to wait before the next attempt, or `None` to give up; `attempt` counts from 1.

    `patience` is how long the caller is still ready to wait.
    """
    if attempt >= MAX_ATTEMPTS:
        return None
    if isinstance(error, Throttled):
        wait = error.retry_after
    elif isinstance(error, Unavailable) and not is_write:
        wait = BACKOFF_SECONDS * 2 ** (attempt - 1)
    else:
        return None
    return wait if wait <= patience else None

"""Calls to one Bitrix24 portal: budget first, then the wire, then the judgement, then perhaps again.

A caller says whether it reads or writes, because that decides what a lost answer means. The methods themselves, one
thin function each with a link to its manual page, are in `crm/bitrix24/methods/`.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Self

import httpx

from crm.bitrix24 import errors
from crm.bitrix24.answers import Answer, Asked, judge
from crm.bitrix24.limiter import EVERY_METHOD, Budget, Limiter, NoRoom, Paused, Priority
from crm.bitrix24.php import as_list
from crm.bitrix24.retry import wait_before_retry
from crm.bitrix24.transport import send
from crm.bitrix24.webhook import Webhook

PAGE_SIZE = 50  # fixed by Bitrix24

# Called once per attempt with the method and the outcome: "ok" or an error class's `outcome`.
CountCall = Callable[[str, str], None]


def _ignore(method: str, outcome: str) -> None:
    """Count nothing."""


@dataclass(slots=True)
class Bitrix24:
    """One portal, seen through one webhook. Cheap to make; connections live in `http`, the budget in Redis."""

    webhook: Webhook
    http: httpx.Client
    limiter: Limiter
    budget: Budget = field(default_factory=Budget)
    priority: Priority = Priority.REPLY
    patience: float = 10.0  # seconds that one call may wait inside for room or for the portal to recover
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    count_call: CountCall = _ignore
    _resets: dict[str, float] = field(default_factory=dict, repr=False)

    def in_background(self) -> Self:
        """Return the same portal for polling: it leaves room in the bucket for answers to customers."""
        return replace(self, priority=Priority.BACKGROUND)

    def read(self, method: str, params: dict[str, Any] | None = None) -> Any:
        """Return the result of a method that changes nothing."""
        return self.call(method, params or {}, is_write=False).result

    def write(self, method: str, params: dict[str, Any] | None = None) -> Any:
        """Return the result of a method that changes something; raises `OutcomeUnknown` when it may have happened."""
        return self.call(method, params or {}, is_write=True).result

    def read_all(self, method: str, params: dict[str, Any], *, id_field: str = "id", rows: str = "") -> Iterator[Any]:
        """Yield every row of a list by keyset: `start=-1` spares the portal the counting, `>id` the skipping.

        `rows` names the key of the list inside the result (`items` for crm.item.list). Old methods want `ID`.
        https://apidocs.bitrix24.com/settings/performance/huge-data.html
        """
        last_id = 0
        while True:
            wanted = {**params, "start": -1, "order": {id_field: "ASC"}}
            wanted["filter"] = {**params.get("filter", {}), f">{id_field}": last_id}
            result = self.read(method, wanted)
            page = as_list(result.get(rows) if rows and isinstance(result, dict) else result)
            yield from page
            if len(page) < PAGE_SIZE:
                return
            newest = int(page[-1][id_field])
            if newest <= last_id:
                raise errors.Rejected("the list does not advance: the portal ignored the filter", method=method)
            last_id = newest

    def call(self, method: str, params: dict[str, Any], *, is_write: bool, inner: tuple[str, ...] = ()) -> Answer:
        """Return the full answer of one call; `inner` names the methods inside a batch."""
        attempt, patience = 1, self.patience
        while True:
            try:
                return self._attempt(method, params, is_write=is_write, inner=inner)
            except errors.Bitrix24Error as error:
                wait = wait_before_retry(error, attempt=attempt, patience=patience, is_write=is_write)
                if wait is None:
                    raise
            self.sleep(wait)
            attempt, patience = attempt + 1, patience - wait

    def _attempt(self, method: str, params: dict[str, Any], *, is_write: bool, inner: tuple[str, ...]) -> Answer:
        try:
            self._take_room(method, inner)
            asked = Asked(method, is_write, self.clock(), self._resets.get(method, 0.0))
            answer = judge(send(self.http, self.webhook, params, asked), asked)
        except errors.Bitrix24Error as error:
            self.note_failure(error)
            raise
        self._resets[method] = answer.operating_reset_at
        self.count_call(method, "ok")
        return answer

    def _take_room(self, method: str, inner: tuple[str, ...]) -> None:
        """Spend one request of the budget, or raise what keeps us from it, before anything is sent."""
        methods = list(dict.fromkeys(inner)) or [method]
        verdict = self.limiter.take(self.webhook.portal, methods, budget=self.budget, priority=self.priority)
        if isinstance(verdict, Paused) and verdict.method == EVERY_METHOD:
            wait = verdict.until - self.clock()
            raise errors.Overloaded("the portal is blocked for overload", retry_after=wait, method=method)
        if isinstance(verdict, Paused):
            raise errors.MethodPaused("waiting for execution time", until=verdict.until, method=verdict.method)
        if isinstance(verdict, NoRoom):
            raise errors.Throttled("our own request budget is spent", retry_after=verdict.wait, method=method)

    def note_failure(self, error: errors.Bitrix24Error) -> None:
        """Count a failure, and let every process know of a full bucket or a paused method."""
        self.count_call(error.method, error.outcome)
        if not error.code:
            return  # found by ourselves or on the road, not said by the portal
        now, portal = self.clock(), self.webhook.portal
        if isinstance(error, errors.MethodPaused):
            self.limiter.pause(portal, error.method, seconds=error.until - now, until=error.until)
        elif isinstance(error, errors.Overloaded):
            self.limiter.pause(portal, EVERY_METHOD, seconds=error.retry_after, until=now + error.retry_after)
        elif isinstance(error, errors.Throttled):
            self.limiter.fill(portal, budget=self.budget)

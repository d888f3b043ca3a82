"""What every write to a portal is: its parameters, the lead it is about, and how what it made is remembered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crm.bitrix24.client import Bitrix24
from crm.bitrix24.methods import bots, items
from crm.bitrix24.portals import ENTITY_TYPES, bot_of
from crm.models import Lead, Portal, RemoteLead


class NotYet(Exception):
    """Something this write stands on is not there yet; try again in `wait` seconds, or ever later when it is 0."""

    def __init__(self, reason: str, *, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Write:
    """One write about to be done: `params` as they were queued, `attempts` counting this one."""

    client: Bitrix24
    portal: Portal
    params: Mapping[str, Any]
    lead: Lead | None
    attempts: int = 1

    @property
    def own_lead(self) -> Lead:
        """Our lead; raises `NotYet` for a write that was queued without one."""
        if self.lead is None:
            raise NotYet("this write has no lead")
        return self.lead

    @property
    def remote(self) -> RemoteLead:
        """The lead or deal in the portal; raises `NotYet` while it is not known."""
        remote = RemoteLead.objects.filter(lead=self.lead).first() if self.lead else None
        if remote is None:
            raise NotYet("the lead is not in the portal yet")
        return remote

    @property
    def kind(self) -> items.EntityType:
        """The kind of the item in the portal."""
        return ENTITY_TYPES[Portal.Entity(self.remote.entity)]

    @property
    def bot(self) -> bots.Bot:
        """The open-line bot; raises `NotYet` before it is registered."""
        bot = bot_of(self.portal)
        if bot is None:
            raise NotYet("the portal has no bot yet")
        return bot


Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """A row of the table. `about_lead`: "not found" means that the lead is gone, not that this write is wrong."""

    run: Callable[[Write], Result]
    was_done: Callable[[Write], bool]
    about_lead: bool = True


def never_seen(write: Write) -> bool:
    """Return False: cannot be read back, and doing it twice is the same as once."""
    return False


def remember(remote: RemoteLead, item: items.Item, fields: Mapping[str, Any], *, has_phone: bool = False) -> None:
    """Keep what we have just made of the item, so that its own event is not taken for somebody else's change."""
    remote.stage = str(fields.get("stageId", remote.stage))
    remote.assigned_by_id = fields.get("assignedById", remote.assigned_by_id)
    remote.has_phone = remote.has_phone or has_phone
    remote.remote_updated_at = items.updated_at(item) or remote.remote_updated_at
    remote.save(update_fields=["stage", "assigned_by_id", "has_phone", "remote_updated_at"])

"""What an operator may do with a Bitrix24 row that failed. Each verb is one claim on the row's old state."""

from django.utils import timezone
from django.utils.translation import gettext as _

from bot.errors import Refused
from crm.models import RemoteLead, WriteBack

# What the error page shows: the same sets here, in the buttons and in the tests.
Status = WriteBack.Status


def retry_write(write_id: int) -> None:
    """Queue a failed or unknown write again: the operator has looked into the portal."""
    again = WriteBack.objects.filter(pk=write_id, status__in=WriteBack.RETRYABLE)
    if not again.update(status=Status.QUEUED, attempts=0, error="", run_after=timezone.now()):
        raise Refused(_("This write is not waiting for a decision any more."))


def dismiss_write(write_id: int) -> None:
    """Close a failed or unknown write; the lead's later writes go on."""
    if not WriteBack.objects.filter(pk=write_id, status__in=WriteBack.RETRYABLE).update(status=Status.CANCELED):
        raise Refused(_("This write is not waiting for a decision any more."))


def retry_remote(remote_id: int) -> None:
    """Look at a lead of the portal again now."""
    now = timezone.now()
    if not RemoteLead.objects.filter(pk=remote_id).update(noticed_at=now, retry_at=None, attempts=0, error=""):
        raise Refused(_("This lead is gone."))

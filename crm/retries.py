"""What an operator may do with a Bitrix24 row that failed. Each verb is one claim on the row's old state."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bot.errors import Refused
from crm.bitrix24 import noticing, writeback
from crm.models import RemoteLead, WriteBack


def retry_write(write_id: int) -> None:
    """Queue a failed write again; an unknown one is read back first and written only if it is missing."""
    write = WriteBack.objects.filter(pk=write_id).first()
    if write is None or not writeback.retry(write, now=timezone.now()):
        raise Refused(_("This write is not waiting for a decision any more."))


def dismiss_write(write_id: int) -> None:
    """Close a failed or unknown write; the lead's later writes go on."""
    waiting = WriteBack.objects.filter(pk=write_id, status__in=WriteBack.RETRYABLE)
    if not waiting.update(status=WriteBack.Status.CANCELED, done_at=timezone.now()):
        raise Refused(_("This write is not waiting for a decision any more."))


def retry_remote(remote_id: int) -> None:
    """Look at a lead of the portal again now."""
    with transaction.atomic():
        rows = RemoteLead.objects.filter(pk=remote_id, deleted_at=None)
        remote = rows.select_related("portal").first()
        if remote is None:
            raise Refused(_("This lead is gone."))
        rows.update(retry_at=None, attempts=0, error="")
        noticing.notice(remote.portal, remote.entity, remote.remote_id)

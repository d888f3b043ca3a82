"""Who has opened their working day in Bitrix24: asked before a rotation that wants to know, remembered on the manager's row."""

import datetime as dt
import logging

from crm.bitrix24.errors import Bitrix24Error
from crm.bitrix24.methods.users import get_shifts
from crm.bitrix24.portals import client_for
from crm.models import Manager, RotationRule
from crm.reports import default_portal

logger = logging.getLogger(__name__)
ASK_AGAIN = dt.timedelta(minutes=1)


def refresh(now: dt.datetime) -> int:
    """Ask about managers whose shift was last asked over a minute ago; return how many answers came.

    Nobody is asked about while no rule wants it. A portal that does not answer leaves the old word, which soon counts no more.
    """
    portal = default_portal()
    if portal is None or not RotationRule.objects.filter(is_active=True, uses_bitrix_shift=True).exists():
        return 0
    managers = Manager.objects.filter(is_active=True, bitrix_id__isnull=False).exclude(
        shift_checked_at__gt=now - ASK_AGAIN
    )
    ids = [bitrix_id for bitrix_id in managers.values_list("bitrix_id", flat=True) if bitrix_id is not None]
    if not ids:
        return 0
    try:
        answers = get_shifts(client_for(portal), ids)
    except Bitrix24Error as error:
        logger.warning("shifts not known", extra={"reason": type(error).__name__})
        return 0
    for bitrix_id, shift in answers.items():
        Manager.objects.filter(bitrix_id=bitrix_id).update(shift_status=shift.value, shift_checked_at=now)
    return len(answers)

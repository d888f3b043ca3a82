"""What a portal says about its failures may quote a customer's number: it is kept without it."""

from unittest.mock import patch

import pytest
from django.utils import timezone

from crm.bitrix24 import errors, noticing, polling, writeback
from crm.models import Portal, RemoteLead, WriteBack

pytestmark = pytest.mark.django_db
QUOTES = "PHONE +7 916 123-45-67 is wrong, 89161234567 too"


@pytest.fixture
def portal() -> Portal:
    return Portal.objects.create(title="Портал", webhook_url="https://b24.test/rest/1/sekret0/")


def test_a_lead_that_could_not_be_read_keeps_no_number(portal: Portal) -> None:
    remote = RemoteLead.objects.create(portal=portal, remote_id=7)
    noticing.put_off(remote, until=timezone.now(), reason=QUOTES)
    remote.refresh_from_db()
    assert "is wrong" in remote.error and "916" not in remote.error


def test_a_portal_that_failed_keeps_no_number(portal: Portal) -> None:
    with patch.object(polling, "poll", side_effect=errors.TryLater(QUOTES)):
        polling.poll_portals()
    portal.refresh_from_db()
    assert "is wrong" in portal.health_note and "916" not in portal.health_note


def test_nor_does_one_that_waits_for_its_owner(portal: Portal) -> None:
    row = WriteBack.objects.create(portal=portal, operation="comment", dedupe_key="1", status="running")
    verdict = writeback.Verdict(writeback.Status.QUEUED, QUOTES, writeback.OWNER_WAIT)
    writeback.record(row, verdict, timezone.now())
    portal.refresh_from_db()
    assert "is wrong" in portal.health_note and "916" not in portal.health_note

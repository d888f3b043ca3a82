"""The queue of writes to the portal: once, in order per lead, whatever the road does. Against the emulated portal over HTTP."""

from datetime import timedelta

import pytest
from django.db import connection

from crm import reports
from crm.bitrix24 import writeback
from crm.bitrix24.writeback import drain
from crm.models import Lead, Portal, RemoteLead, WriteBack
from crm.reports import enqueue
from tests.crm.bitrix24.houses import IVAN, House, Later, known_lead, statuses
from tests.emulators.bitrix24 import Fault, FaultKind, orders

Status = WriteBack.Status


def test_a_lead_created_before_the_connection_dropped_is_found_not_created_again(house: House, later: Later) -> None:
    lead = house.lead_in()
    reports.report_lead(lead, key="k")
    house.remote.faults.order(orders.act_then_drop(match="crm.item.add"))

    drain(clock=later)
    assert statuses() == {"create_lead": Status.UNKNOWN}
    later.pass_(seconds=20)
    drain(clock=later)

    assert len(house.remote.leads()) == 1
    assert statuses() == {"create_lead": Status.DONE}
    assert RemoteLead.objects.get().lead == lead


def test_a_write_lost_before_it_arrived_is_repeated_only_when_nothing_can_come_any_more(
    house: House, later: Later
) -> None:
    lead, remote_id = known_lead(house)
    enqueue(house.portal, "comment", {"text": "Итог разговора"}, key="k", lead=lead)
    house.remote.faults.order(orders.drop(match="crm.timeline.comment.add"))

    drain(clock=later)
    later.pass_(seconds=20)
    drain(clock=later)
    assert statuses() == {"comment": Status.UNKNOWN}
    assert house.remote.timeline(remote_id) == []
    later.pass_(seconds=60)
    drain(clock=later)

    assert house.remote.timeline(remote_id) == ["Итог разговора"]
    assert statuses() == {"comment": Status.DONE}


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("add_phone", {"phone": "+79991234567"}),
        ("add_email", {"email": "Anna@example.ru"}),
        ("move", {"fields": {"stageId": "IN_PROCESS", "assignedById": IVAN}}),
        ("comment", {"text": "Итог"}),
        ("notify", {"user_id": IVAN, "text": "Лид", "tag": "lead-1"}),
    ],
)
def test_an_act_whose_answer_is_lost_happens_once(
    house: House, later: Later, operation: str, params: dict[str, object]
) -> None:
    lead, remote_id = known_lead(house)
    enqueue(house.portal, operation, params, key="k", lead=lead)
    method = {"comment": "crm.timeline.comment.add", "notify": "im.notify"}.get(operation, "crm.item.update")
    house.remote.faults.order(orders.act_then_drop(match=method))

    for _ in range(5):
        drain(clock=later)
        later.pass_(seconds=30)

    row = house.remote.lead(remote_id)
    told = {
        "add_phone": row["phones"],
        "add_email": row["emails"],
        "move": [row["stageId"], row["assignedById"]],
        "comment": house.remote.timeline(remote_id),
        "notify": [notice["text"] for notice in house.remote.notifications(IVAN)],
    }
    assert (
        told[operation]
        == {
            "add_phone": ["+79991234567"],
            "add_email": ["Anna@example.ru"],
            "move": ["IN_PROCESS", IVAN],
            "comment": ["Итог"],
            "notify": ["Лид"],
        }[operation]
    )
    assert statuses() == {operation: Status.DONE}


@pytest.mark.parametrize(
    "fault",
    [
        orders.query_limit(times=-1),
        orders.operation_time_limit(times=-1, match="crm.item.update"),
        orders.server_error(times=-1, match="crm.item.get"),
        orders.bad_gateway(times=-1, match="crm.item.get"),
        orders.moved("https://new.bitrix24.ru/rest/1/x/", times=-1),
        orders.drop(times=-1, match="crm.item.get"),
        Fault(FaultKind.HTML, status=403, times=-1),
    ],
)
def test_whatever_the_portal_answers_the_number_arrives_when_it_is_well_again(
    house: House, later: Later, fault: Fault
) -> None:
    house.portal.options = {"burst": 500, "per_second": 100}
    house.portal.save()
    house.remote.limits.burst = 500
    lead, remote_id = known_lead(house)
    enqueue(house.portal, "add_phone", {"phone": "+79991234567"}, key="k", lead=lead)
    house.remote.faults.order(fault)

    for _ in range(3):
        drain(clock=later)
        later.pass_(minutes=1)
    assert house.remote.lead(remote_id)["phones"] == []
    assert statuses() == {"add_phone": Status.QUEUED}
    house.remote.faults.clear()
    house.forget_pauses()
    later.pass_(minutes=20)
    drain(clock=later)

    assert house.remote.lead(remote_id)["phones"] == ["+79991234567"]
    assert statuses() == {"add_phone": Status.DONE}


def test_the_owner_can_read_what_is_wrong_with_the_connection(house: House, later: Later) -> None:
    lead, _ = known_lead(house)
    enqueue(house.portal, "add_phone", {"phone": "+79991234567"}, key="k", lead=lead)
    house.remote.webhook_code = "changed-by-an-admin"

    drain(clock=later)

    portal = Portal.objects.get()
    assert "INVALID_CREDENTIALS" in portal.health_note
    assert house.remote.webhook_code not in portal.health_note


def test_a_refusal_fails_the_row_and_lets_the_next_one_go(house: House, later: Later) -> None:
    lead, remote_id = known_lead(house)
    enqueue(house.portal, "move", {"fields": {"stageId": "NO_SUCH_STAGE"}}, key="a", lead=lead)
    enqueue(house.portal, "comment", {"text": "Дальше"}, key="b", lead=lead)

    drain(clock=later)

    assert statuses() == {"move": Status.FAILED, "comment": Status.DONE}
    assert WriteBack.objects.get(operation="move").error.startswith("Битрикс24 отказал (crm.item.update 400")
    assert house.remote.timeline(remote_id) == ["Дальше"]


def test_a_troubled_lead_does_not_hold_up_the_others(house: House, later: Later) -> None:
    first, _ = known_lead(house)
    enqueue(house.portal, "move", {"fields": {"stageId": "IN_PROCESS"}}, key="a", lead=first)
    enqueue(house.portal, "comment", {"text": "После"}, key="b", lead=first)
    house.remote.faults.order(orders.act_then_drop(match="crm.item.update"))
    second = house.lead_in(external_id="guest-2")
    remote_id = house.remote.add_lead(title="Второй")
    RemoteLead.objects.create(portal=house.portal, remote_id=remote_id, lead=second)
    enqueue(house.portal, "comment", {"text": "Второму"}, key="c", lead=second)

    drain(clock=later)

    assert [(row.dedupe_key, row.status) for row in WriteBack.objects.order_by("pk")] == [
        ("a", Status.UNKNOWN),
        ("b", Status.QUEUED),
        ("c", Status.DONE),
    ]


def test_a_lead_deleted_in_the_portal_cancels_what_was_to_be_written(house: House, later: Later) -> None:
    lead, remote_id = known_lead(house)
    house.remote.delete_lead(remote_id)
    enqueue(house.portal, "add_phone", {"phone": "+79991234567"}, key="k", lead=lead)

    drain(clock=later)

    assert statuses() == {"add_phone": Status.CANCELED}
    assert RemoteLead.objects.get().noticed_at is not None, "it will be looked at"


def test_a_worker_killed_while_writing_leaves_a_row_that_is_read_back(house: House, later: Later) -> None:
    lead, remote_id = known_lead(house)
    enqueue(house.portal, "add_phone", {"phone": "+79991234567"}, key="k", lead=lead)
    row = writeback.claim(later())
    assert row is not None
    writeback.attempt(row, later())  # the portal has it; then the worker dies before recording

    later.pass_(minutes=5)
    assert writeback.claim(later()) is None, "nobody takes a running write"
    assert writeback.settle_stale(later()) == 1
    drain(clock=later)

    assert house.remote.lead(remote_id)["phones"] == ["+79991234567"]
    assert WriteBack.objects.get().result == {"read_back": True}


def test_two_workers_never_hold_writes_of_one_lead_at_once(house: House, later: Later) -> None:
    lead, _ = known_lead(house)
    enqueue(house.portal, "comment", {"text": "1"}, key="a", lead=lead)
    enqueue(house.portal, "comment", {"text": "2"}, key="b", lead=lead)

    first = writeback.claim(later())
    assert first is not None
    assert first.dedupe_key == "a"
    assert writeback.claim(later()) is None


def test_the_same_report_is_queued_once(house: House) -> None:
    lead, _ = known_lead(house)
    assert enqueue(house.portal, "comment", {"text": "1"}, key="a", lead=lead)
    assert not enqueue(house.portal, "comment", {"text": "1"}, key="a", lead=lead)
    assert WriteBack.objects.count() == 1


def test_the_phone_is_not_readable_in_the_table(house: House) -> None:
    lead, _ = known_lead(house)
    enqueue(house.portal, "add_phone", {"phone": "+79991234567"}, key="a", lead=lead)
    with connection.cursor() as cursor:
        cursor.execute("SELECT params FROM crm_writeback")
        assert "9991234567" not in cursor.fetchone()[0]


def test_a_failed_write_can_be_put_back_by_hand(house: House, later: Later) -> None:
    lead, remote_id = known_lead(house)
    enqueue(house.portal, "move", {"fields": {"stageId": "LATER"}}, key="a", lead=lead)
    drain(clock=later)
    house.call("crm.status.add", fields={"ENTITY_ID": "STATUS", "STATUS_ID": "LATER", "NAME": "Потом", "SORT": 30})

    assert writeback.retry(WriteBack.objects.get(), now=later())
    drain(clock=later)

    assert house.remote.lead(remote_id)["stageId"] == "LATER"
    assert not writeback.retry(WriteBack.objects.get(), now=later()), "what is done is not done again"


def test_a_house_without_a_portal_reports_to_nobody(db: None) -> None:
    lead = Lead(pk=1)
    reports.report_bot_talks(lead, key="k")
    assert WriteBack.objects.count() == 0


def test_waits_grow_but_never_beyond_a_quarter_of_an_hour() -> None:
    waits = [writeback._backoff(attempts) for attempts in (1, 2, 5, 50)]
    assert waits == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=160), timedelta(minutes=15)]


def test_a_mistake_of_ours_fails_the_row_and_stops_nothing(
    house: House, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, _ = known_lead(house)
    enqueue(house.portal, "notify", {"user_id": "не число", "text": "x", "tag": "t"}, key="a", lead=lead)
    enqueue(house.portal, "comment", {"text": "Дальше"}, key="b", lead=lead)
    drain(clock=later)
    assert statuses() == {"notify": Status.FAILED, "comment": Status.DONE}
    assert WriteBack.objects.get(operation="notify").error == "ValueError: our mistake, see the log"


def test_without_an_address_writes_wait_and_the_owner_can_read_why(house: House, later: Later) -> None:
    lead, _ = known_lead(house)
    house.portal.webhook_url = ""
    house.portal.save()
    enqueue(house.portal, "comment", {"text": "x"}, key="b", lead=lead)
    drain(clock=later)
    assert statuses() == {"comment": Status.QUEUED}
    assert "https://" in Portal.objects.get().health_note

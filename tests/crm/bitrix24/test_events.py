"""POST /webhook/bitrix24: the portal's events at our door."""

import pytest
from django.test import Client as Browser

from crm.models import Portal, RemoteLead

pytestmark = pytest.mark.django_db
URL = "/webhook/bitrix24"
TOKEN = "51856fefc120afa4b628cc82d3935cce"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def portal() -> Portal:
    return Portal.objects.create(title="Портал", application_token=TOKEN)


def event(name: str = "ONCRMLEADADD", token: str = TOKEN, remote_id: str = "1000983") -> str:
    return f"event={name}&data[FIELDS][ID]={remote_id}&ts=1742807175&auth[domain]=x&auth[application_token]={token}"


def post(body: str | bytes, content_type: str = FORM) -> int:
    return Browser().post(URL, data=body, content_type=content_type).status_code


@pytest.mark.parametrize("name", ["ONCRMLEADADD", "ONCRMLEADUPDATE", "ONCRMLEADDELETE", "onCrmLeadAdd"])
def test_an_event_marks_the_lead_as_noticed(portal: Portal, name: str) -> None:
    assert post(event(name)) == 200
    remote = RemoteLead.objects.get()
    assert (remote.portal, remote.entity, remote.remote_id) == (portal, "lead", 1000983)
    assert remote.noticed_at is not None
    assert remote.reviewed_at is None


def test_the_same_event_three_times_is_one_row(portal: Portal) -> None:
    assert [post(event()) for _ in range(3)] == [200, 200, 200]
    assert RemoteLead.objects.count() == 1


def test_an_event_may_come_as_json(portal: Portal) -> None:
    body = f'{{"event": "ONCRMLEADADD", "data": {{"FIELDS": {{"ID": 7}}}}, "auth": {{"application_token": "{TOKEN}"}}}}'
    assert post(body, "application/json") == 200
    assert RemoteLead.objects.get().remote_id == 7


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "x", "токен"])
def test_a_stranger_is_refused(portal: Portal, token: str) -> None:
    assert post(event(token=token).encode()) == 403
    assert not RemoteLead.objects.exists()


def test_a_portal_without_a_token_accepts_nothing(db: None) -> None:
    Portal.objects.create(title="Без токена")
    assert post(event(token="")) == 403


def test_a_portal_that_was_switched_off_is_not_listened_to(portal: Portal) -> None:
    portal.is_active = False
    portal.save()
    assert post(event()) == 403


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", FORM),
        (b"just words", FORM),
        (b"event[=1", FORM),
        (b"\xff\xfe", FORM),
        (b"{", "application/json"),
        (b"[1]", "application/json"),
        (b'{"event": 5}', "application/json"),
        (event(remote_id="").encode(), FORM),
        (event(remote_id="-5").encode(), FORM),
        (event(remote_id="7 OR 1=1").encode(), FORM),
        (event(remote_id="9" * 30).encode(), FORM),
        (event(remote_id="٧").encode(), FORM),
        (("[" * 100_000).encode(), "application/json"),
    ],
)
def test_a_malformed_body_is_refused_and_changes_nothing(portal: Portal, body: bytes, content_type: str) -> None:
    assert post(body, content_type) == 400
    assert not RemoteLead.objects.exists()


@pytest.mark.parametrize("name", ["ONTASKADD", "ONCRMCONTACTADD", "ONCRMDEALADD", "ONCRMDEALMOVETOCATEGORY"])
def test_an_event_of_no_interest_is_answered_and_forgotten(portal: Portal, name: str) -> None:
    assert post(event(name)) == 200
    assert not RemoteLead.objects.exists()


@pytest.mark.parametrize("name", ["ONCRMDEALADD", "ONCRMDEALMOVETOCATEGORY"])
def test_deals_are_noticed_where_deals_are_watched(portal: Portal, name: str) -> None:
    portal.entities = ["lead", "deal"]
    portal.save()
    assert post(event(name)) == 200
    assert RemoteLead.objects.get().entity == "deal"


def test_only_posts_are_taken(portal: Portal) -> None:
    assert Browser().get(URL).status_code == 405

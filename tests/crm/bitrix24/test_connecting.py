"""`connect bitrix24`: from an address to a portal that works, as often as one likes."""

from collections.abc import Iterator

import pytest

from bot.models import Channel
from crm.bitrix24 import errors
from crm.bitrix24.connecting import ScopesMissing, check_portal, connect_portal, reconnect
from crm.bitrix24.transport import close_shared
from crm.bitrix24.webhook import BadWebhookUrl
from crm.models import Portal
from tests.emulators.bitrix24 import PortalServer, orders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close_shared()


def stages(remote: PortalServer) -> list[tuple[str, str]]:
    rows = [row for row in remote.store["statuses"].values() if row["directory"] == "STATUS"]
    return [(row["statusId"], row["name"]) for row in sorted(rows, key=lambda row: row["sort"])]


def test_a_portal_is_connected_whole(remote: PortalServer) -> None:
    connection = connect_portal(webhook_url=remote.webhook_url, application_token="t0ken", scenario_key="first-contact")

    portal = Portal.objects.get()
    assert portal == connection.portal
    assert (portal.bot_stage, portal.review_stage) == ("OTKLIK_BOT", "OTKLIK_REVIEW")
    assert (portal.success_stage, portal.low_quality_stage) == ("IN_PROCESS", "JUNK")
    assert ("OTKLIK_BOT", "Обрабатывается ботом") in stages(remote)
    assert [name for name, _ in stages(remote)][-2:] == ["CONVERTED", "JUNK"], "in progress, success, failure"
    assert portal.technical_user_id == remote.user_id
    channel = Channel.objects.get()
    assert (channel.kind, channel.scenario_key, portal.channel) == ("openline", "first-contact", channel)
    assert channel.credentials["bot_id"] == portal.bot_id
    line = remote.store["lines"][1]
    assert (line["WELCOME_BOT_ENABLE"], int(line["WELCOME_BOT_ID"])) == ("Y", portal.bot_id)
    assert "since" in portal.poll_cursor
    assert connection.notes[0].startswith("Портал 127.0.0.1")
    assert remote.webhook_code not in " ".join(connection.notes)


def test_connecting_again_makes_nothing_twice(remote: PortalServer) -> None:
    first = connect_portal(webhook_url=remote.webhook_url, application_token="t0ken").portal
    before = (stages(remote), len(remote.store["users"]))
    again = connect_portal(webhook_url=remote.webhook_url).portal

    assert again.pk == first.pk
    assert again.bot_id == first.bot_id
    assert again.application_token == "t0ken", "what is not given stays as it is"
    assert (stages(remote), len(remote.store["users"])) == before
    assert Channel.objects.count() == 1


def test_a_connection_that_broke_half_way_can_be_made_again(remote: PortalServer) -> None:
    remote.faults.order(orders.act_then_drop(match="imbot.v2.Bot.register"))
    with pytest.raises(errors.OutcomeUnknown):
        connect_portal(webhook_url=remote.webhook_url)

    portal = connect_portal(webhook_url=remote.webhook_url).portal
    assert portal.bot_id is not None
    assert sum(row["type"] == "bot" for row in remote.store["users"].values()) == 1


def test_stages_that_were_mapped_are_used(remote: PortalServer) -> None:
    portal = connect_portal(webhook_url=remote.webhook_url).portal
    portal.bot_stage, portal.success_stage = "IN_PROCESS", "PROCESSED"
    portal.save()
    again = connect_portal(webhook_url=remote.webhook_url).portal
    assert (again.bot_stage, again.success_stage) == ("IN_PROCESS", "PROCESSED")


def test_deals_have_stages_of_their_own_pipeline(remote: PortalServer) -> None:
    portal = connect_portal(webhook_url=remote.webhook_url, entities=["lead", "deal"]).portal
    chosen = portal.options["deal_stages"]
    assert set(chosen) == {"bot", "success", "low_quality", "review"}
    assert all(chosen.values())
    names = {row["statusId"]: row["name"] for row in remote.store["statuses"].values()
             if row["directory"] == "DEAL_STAGE"}  # fmt: skip
    assert names[chosen["bot"]] == "Обрабатывается ботом"


def test_only_the_chosen_line_gets_the_bot(remote: PortalServer) -> None:
    second = remote.add_line(LINE_NAME="Вторая")
    connect_portal(webhook_url=remote.webhook_url, open_line_id=second)
    assert remote.store["lines"][1]["WELCOME_BOT_ENABLE"] == "N"
    assert remote.store["lines"][second]["WELCOME_BOT_ENABLE"] == "Y"


def test_missing_rights_are_named(remote: PortalServer) -> None:
    remote.scopes = frozenset({"crm", "im", "user"})
    with pytest.raises(ScopesMissing, match="imbot, imopenlines"):
        connect_portal(webhook_url=remote.webhook_url)
    assert not Portal.objects.exists()


@pytest.mark.parametrize("url", ["", "портал", "https://x.bitrix24.ru/", "https://x.bitrix24.ru/rest/abc/"])
def test_a_wrong_address_changes_nothing(db: None, url: str) -> None:
    with pytest.raises(BadWebhookUrl):
        connect_portal(webhook_url=url)
    assert not Portal.objects.exists()


def test_a_wrong_code_is_told_as_such(remote: PortalServer) -> None:
    with pytest.raises(errors.BadCredentials):
        connect_portal(webhook_url=f"{remote.url}/rest/1/wrong/")


def test_an_address_changed_in_the_admin_reaches_the_channel(remote: PortalServer) -> None:
    portal = connect_portal(webhook_url=remote.webhook_url).portal
    portal.webhook_url = "https://new.bitrix24.ru/rest/1/c0de/"
    portal.options = {"burst": 250, "per_second": 5}
    portal.save()
    channel = Channel.objects.get()
    assert channel.credentials["webhook_url"] == "https://new.bitrix24.ru/rest/1/c0de/"
    assert channel.credentials["bot_id"] == portal.bot_id
    assert channel.options["portal_budget"] == {"burst": 250, "per_second": 5}


class TestCheck:
    """The button *Check connection*."""

    @pytest.fixture
    def portal(self, remote: PortalServer) -> Portal:
        return connect_portal(webhook_url=remote.webhook_url).portal

    def test_all_is_well(self, portal: Portal) -> None:
        result = check_portal(portal)
        assert result.ok
        assert result.note == "Работает; бот на линиях: 1."

    def test_a_stage_that_was_removed_is_named(self, portal: Portal, remote: PortalServer) -> None:
        rows = remote.store["statuses"]
        del rows[next(row["id"] for row in rows.values() if row["statusId"] == "OTKLIK_BOT")]
        result = check_portal(portal)
        assert (result.ok, result.note) == (False, "В портале нет стадий: OTKLIK_BOT.")
        portal.refresh_from_db()
        assert portal.health_note == result.note

    def test_a_bot_that_was_sent_away_is_told(self, portal: Portal, remote: PortalServer) -> None:
        remote.store["lines"][1]["WELCOME_BOT_ENABLE"] = "N"
        assert not check_portal(portal).ok
        assert reconnect(portal).ok
        assert check_portal(portal).ok

    def test_a_revoked_webhook_is_told_without_its_code(self, portal: Portal, remote: PortalServer) -> None:
        code, remote.webhook_code = remote.webhook_code, "another"
        result = check_portal(portal)
        assert not result.ok
        assert "INVALID_CREDENTIALS" in result.note
        assert code not in result.note
        assert not reconnect(portal).ok

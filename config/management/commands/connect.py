"""Connect a channel, a Bitrix24 portal or a YClients calendar from the command line."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bot.channels.base import CheckResult
from bot.channels.registry import adapter_for
from bot.models import Channel
from config.management import connect_payments
from crm.bitrix24.connecting import ScopesMissing, connect_portal
from crm.bitrix24.errors import Bitrix24Error
from crm.bitrix24.webhook import BadWebhookUrl
from crm.rooms import connect_room
from crm.yclients.accounts import connect_calendar
from crm.yclients.errors import YclientsError
from dialogs.connecting import UnknownScenario, connect_telegram, connect_webchat, require_scenario
from payments.connecting import BadAddress, Connection, connect_account

# What a process of the school writes into the address; see docs/payments.md.
TEMPLATE = (
    "deal_id={object.id}&deal_no={object.number}&status={object.status}&paid={object.payed_money}"
    "&utm_content={object.utm_content}"
)


class Command(BaseCommand):
    """`manage.py connect telegram|webchat|bitrix24|getcourse|yookassa|telegram-pay|yclients …`; twice changes nothing."""

    help = (
        "Connect telegram, webchat, bitrix24, getcourse, yookassa, telegram-pay or yclients: creates or updates "
        "the row, registers with the provider, checks it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        telegram = kinds.add_parser("telegram", help="a Telegram bot")
        telegram.add_argument("--token", required=True, help="from @BotFather")
        telegram.add_argument("--api-url", default="", help="a local Bot API server; default: Telegram's own")
        telegram.add_argument("--managers-chat", default="", help="id of the group where leads are offered, -100…")
        webchat = kinds.add_parser("webchat", help="the chat on a site")
        webchat.add_argument("--origin", action="append", required=True, help="https://example.ru; may be repeated")
        bitrix24 = kinds.add_parser("bitrix24", help="a Bitrix24 portal")
        bitrix24.add_argument(
            "--webhook-url", required=True, help="the incoming webhook, https://….bitrix24.ru/rest/1/…/"
        )
        bitrix24.add_argument("--application-token", default="", help="of the outgoing webhook")
        bitrix24.add_argument("--open-line", type=int, help="the line the bot greets on; default: the first")
        bitrix24.add_argument(
            "--technical-user", type=int, help="responsible while the bot talks; default: the webhook's owner"
        )
        getcourse = kinds.add_parser("getcourse", help="a GetCourse school, to be paid through")
        getcourse.add_argument("--account", required=True, help="https://school.getcourse.ru")
        getcourse.add_argument(
            "--api-key", default="", help="makes deals and exports; without it the products' own pages"
        )
        getcourse.add_argument("--developer-key", default="", help="with --school-key: reads one deal back at once")
        getcourse.add_argument("--school-key", default="")
        getcourse.add_argument("--title", default="")
        for sub in (telegram, webchat, bitrix24):
            sub.add_argument("--scenario", required=True, help="key of a published scenario")
            sub.add_argument("--title", default="")
        connect_payments.add_to(kinds)
        _add_yclients(kinds.add_parser("yclients", help="a YClients calendar, in place of our own schedule"))

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if "scenario" in options:
                require_scenario(options["scenario"])
            getattr(self, options["kind"].replace("-", ""))(options)
        except (UnknownScenario, BadWebhookUrl, ScopesMissing, Bitrix24Error, BadAddress, YclientsError) as error:
            raise CommandError(str(error)) from error

    def telegram(self, options: dict[str, Any]) -> None:
        """Set the bot's webhook to this site."""
        channel, result = connect_telegram(
            token=options["token"],
            api_url=options["api_url"],
            scenario_key=options["scenario"],
            title=options["title"],
            public_url=settings.PUBLIC_URL,
        )
        if group := options["managers_chat"]:
            if not adapter_for(channel.kind).is_room(group):
                raise CommandError(f"{group} is no group: the id of a group begins with a minus.")
            connect_room(channel, group, by="connect")
            self.stdout.write(f"  Leads are offered in the group {group}.")
        self._tell(channel, result)

    def webchat(self, options: dict[str, Any]) -> None:
        """Allow the widget on the named sites."""
        channel, result = connect_webchat(
            origins=options["origin"],
            scenario_key=options["scenario"],
            title=options["title"],
            public_url=settings.PUBLIC_URL,
        )
        self._tell(channel, result)
        line = adapter_for(channel.kind).invitation(channel, public_url=settings.PUBLIC_URL)
        self.stdout.write(f"  Вставьте на сайт перед </body>: {line}")

    def bitrix24(self, options: dict[str, Any]) -> None:
        """Make the stages, register the bot, attach it to the line."""
        connection = connect_portal(
            webhook_url=options["webhook_url"],
            application_token=options["application_token"],
            scenario_key=options["scenario"],
            open_line_id=options["open_line"],
            technical_user_id=options["technical_user"],
        )
        for note in connection.notes:
            self.stdout.write(f"  {note}")
        self.stdout.write(self.style.SUCCESS(f"Bitrix24 {connection.portal.title!r} is connected."))

    def getcourse(self, options: dict[str, Any]) -> None:
        """Keep the keys sealed, make the secrets of the two doors, ask whether the keys work."""
        keys = {name: options[name] for name in ("api_key", "developer_key", "school_key")}
        done = connect_account(
            url=options["account"], keys=keys, title=options["title"], public_url=settings.PUBLIC_URL
        )
        if done.address:
            self.stdout.write(f"  Адрес для процесса «Вызвать URL» (показывается один раз): {done.address}?{TEMPLATE}")
        if done.signing_secret:
            self.stdout.write(f"  Секрет подписи для {settings.PUBLIC_URL}/webhook/getcourse: {done.signing_secret}")
        self.stdout.write(f"  {done.check.note}")
        if not done.check.ok:
            raise CommandError(f"The account {done.account.title!r} is saved, but does not work yet.")
        self.stdout.write(self.style.SUCCESS(f"GetCourse {done.account.title!r} is connected."))

    def yookassa(self, options: dict[str, Any]) -> None:
        """Keep the shop's keys sealed, say where its notifications go, ask whether it answers."""
        self._tell_account(connect_payments.yookassa(options))
        self.stdout.write(f"  Адрес для уведомлений в кабинете ЮKassa: {settings.PUBLIC_URL}/webhook/yookassa")

    def telegrampay(self, options: dict[str, Any]) -> None:
        """Let a bot that is connected already send invoices."""
        self._tell_account(connect_payments.telegram(options))

    def _tell_account(self, done: Connection) -> None:
        self.stdout.write(f"  {done.check.note}")
        if not done.check.ok:
            raise CommandError(f"The account {done.account.title!r} is saved, but does not work yet.")
        self.stdout.write(self.style.SUCCESS(f"{done.account.title} is connected."))

    def yclients(self, options: dict[str, Any]) -> None:
        """Sign in, subscribe to changes, look whether the service has free times."""
        names = ("partner_token", "user_token", "login", "password", "api_url", "title")
        account, result = connect_calendar(
            company_id=options["company"],
            service_id=options["service"],
            staff_id=options["staff"],
            public_url=settings.PUBLIC_URL,
            **{name: options[name] for name in names},
        )
        self.stdout.write(f"  {result.note}")
        if not result.ok:
            raise CommandError(f"{account} is saved, but does not work yet. {result.note}")
        self.stdout.write(self.style.SUCCESS(f"{account} is connected: times come from it now."))

    def _tell(self, channel: Channel, result: CheckResult) -> None:
        self.stdout.write(f"  {result.note}")
        if not result.ok:
            raise CommandError(f"Channel {channel.pk} ({channel.title}) is saved, but does not work yet.")
        self.stdout.write(
            self.style.SUCCESS(f"Channel {channel.pk} ({channel.title}) is connected to {channel.scenario_key}.")
        )


def _add_yclients(parser: CommandParser) -> None:
    parser.add_argument("--company", type=int, required=True, help="id of the company")
    parser.add_argument("--service", type=int, required=True, help="id of the service that is a consultation")
    parser.add_argument("--staff", type=int, default=0, help="id of one specialist; default: whoever is free")
    parser.add_argument("--partner-token", required=True, help="from developers.yclients.com")
    parser.add_argument("--user-token", default="", help="or --login and --password")
    parser.add_argument("--login", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--api-url", default="", help="default: YClients' own")
    parser.add_argument("--title", default="")

"""The whole house and its world: real doors over HTTP, emulators outside, and a conductor who does the workers' work.

The conductor calls what Celery's tasks call, in rounds, until nothing is due within `PATIENCE`; between rounds time passes on
the house's clock, so an hour of silence costs a second.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.delivery import Drain
from bot.models import Channel, Chat, InboxEvent, Message
from bot.recording import cancel_stale_epochs, settle_stale
from crm import alerts, attendance, rotation, watching
from crm.bitrix24 import fetching, polling, review, writeback
from crm.bitrix24.connecting import connect_portal
from crm.models import Lead, Manager, Portal, RemoteLead, WriteBack
from crm.yclients import errands
from dialogs.assistant.thinking import Thinking
from dialogs.connecting import connect_telegram, connect_webchat
from dialogs.models import AssistantTurn
from dialogs.timers import fire_due
from dialogs.turn import take_turns
from payments import checking, linking, refunding
from payments.models import Notice, Payment, Refund
from payments.shop import tending
from tests.emulators.bitrix24 import PortalServer
from tests.emulators.telegram import TelegramServer
from tests.journeys.clock import HouseClock

TOKEN = "4242424242:AAtest-token-for-journeys-and-chaos_"  # of the shape of a real one: the masking knows it by that
ORIGIN = "https://okna.example"
SCENARIO = "first-contact"
EVENTS = ("ONCRMLEADADD", "ONCRMLEADUPDATE", "ONCRMLEADDELETE")
IVAN, MARIA, TECHNICAL = 2, 3, 5  # the portal's people
IVAN_TELEGRAM, MARIA_TELEGRAM = 1001, 1002
ROUND = timedelta(seconds=4)  # what passes between two rounds: longer than a sentence is waited for
IDLE = timedelta(seconds=15)  # … and after one that found nothing yet
PATIENCE = timedelta(seconds=75)  # what is due later than this waits for `passes`; longer than a portal's answer lives
MAX_ROUNDS = 80


@dataclass
class House:
    """Everything of one journey. `polls`, `fetches`, `rotates`, `answers` switch a worker off."""

    url: str
    telegram: TelegramServer
    portal: PortalServer
    clock: HouseClock = field(default_factory=HouseClock)
    polls: bool = True
    fetches: bool = True
    rotates: bool = True
    answers: bool = True
    bots: dict[str, Channel] = field(default_factory=dict)  # by token

    def furnish(self) -> None:
        """Connect the channels and the portal through the same verbs as `manage.py connect`, and hire two managers."""
        self.bot = self._connected_bot()
        self.site, result = connect_webchat(origins=[ORIGIN], scenario_key=SCENARIO, title="Сайт", public_url=self.url)
        assert result.ok, result.note
        self.row = self._connected_portal()
        for name, number, telegram_id in (("Иван", IVAN, IVAN_TELEGRAM), ("Мария", MARIA, MARIA_TELEGRAM)):
            Manager.objects.create(name=name, bitrix_id=number, telegram_id=telegram_id, gets_alerts=name == "Иван")
            self.telegram.starts(TOKEN, telegram_id, first_name=name)  # else the bot may not write to them
        self.settle()

    def _connected_bot(self) -> Channel:
        return self.connect_bot(TOKEN, SCENARIO, "Бот")

    def connect_bot(self, token: str, scenario_key: str, title: str) -> Channel:
        """Connect one more bot."""
        channel, result = connect_telegram(
            token=token, api_url=self.telegram.url, scenario_key=scenario_key, title=title, public_url=self.url
        )
        assert result.ok, result.note
        self.bots[token] = channel
        return channel

    def _connected_portal(self) -> Portal:
        row = connect_portal(
            webhook_url=self.portal.webhook_url,
            application_token=self.portal.application_token,
            scenario_key=SCENARIO,
            technical_user_id=TECHNICAL,
        ).portal
        for event in EVENTS:
            self.portal.subscribe(event, f"{self.url}/webhook/bitrix24")
        return row

    # --- the conductor

    def settle(self) -> None:
        """Do the workers' work until nothing is due soon."""
        for _ in range(MAX_ROUNDS):
            worked = self.work()
            if not worked and not self._is_due_soon():
                return
            self._advance(ROUND if worked else IDLE)
        raise AssertionError(f"the house does not come to rest: {self._pending()}")

    def passes(self, **delta: float) -> None:
        """Let time pass, then do what it brought."""
        self._advance(timedelta(**delta))
        self.settle()

    def _advance(self, by: timedelta) -> None:
        self.clock.advance(by)
        self.portal.clock.advance(by)
        self.telegram.clock.advance(by.total_seconds())

    def work(self) -> bool:
        """Do one round of every worker's work; return whether there was any."""
        self.take_mail_in()
        done = self.fetches and fetching.fetch_portals()
        done |= self.polls and polling.poll_portals() > 0
        done |= review.review_noticed(clock=self.clock) > 0
        done |= attendance.send_reminders(self.clock()) + attendance.close_past(self.clock()) > 0
        done |= errands.drain(clock=self.clock) > 0
        done |= self.think()
        done |= tending.tend(self.clock) > 0
        done |= linking.create_links(self.clock) + checking.check_due(self.clock) > 0
        done |= refunding.give_back(self.clock) > 0
        done |= self.rotates and rotation.assign_waiting(clock=self.clock) > 0
        done |= watching.watch(self.clock()) > 0
        done |= writeback.settle_stale(self.clock()) + writeback.drain(clock=self.clock) > 0
        return self.deliver() or done

    def think(self) -> bool:
        """Do the mind's work: due timers, turns, the assistant's answers; return whether there was any."""
        fired = fire_due(self.clock())
        return take_turns(clock=self.clock).chats + fired + self.answer() > 0

    def answer(self) -> int:
        """Do the assistant's work; return how many questions there were."""
        asked = AssistantTurn.objects.filter(status=AssistantTurn.Status.ASKED).count()
        if asked and self.answers:
            thinking = Thinking(linger=0.0)
            thinking.run()
            thinking.finish()
        return asked if self.answers else 0

    def take_mail_in(self) -> None:
        """Wait until everything that was said outside has come through our doors."""
        self.telegram.wait_until(lambda: not any(self._posting(token) for token in self.bots))
        assert self.portal.events.wait(), "the portal's events were not delivered"

    def _posting(self, token: str) -> bool:
        bot = self.telegram.bot(token)
        is_held = bot.webhook is None or bot.id in self.telegram.deliveries.held
        return not is_held and bool(bot.pending())

    def deliver(self) -> bool:
        """Do the mouth's work: settle what a dead worker left, send what is due; return whether there was anything."""
        before = Message.objects.filter(status=Message.Status.QUEUED).count()
        settled = settle_stale(self.clock()) + cancel_stale_epochs()
        Drain(seconds=10, linger=0).run()
        return settled > 0 or before > Message.objects.filter(status=Message.Status.QUEUED).count()

    def look_for_failures(self) -> None:
        """Tell the owner what fails."""
        alerts.look(self.clock())
        self.settle()

    def _is_due_soon(self) -> bool:
        return any(self._pending().values())

    def _pending(self) -> dict[str, int]:
        soon = self.clock() + PATIENCE
        reviews = RemoteLead.objects.exclude(noticed_at=None).filter(deleted_at=None, retry_at__lte=soon)
        unwritten = (WriteBack.Status.QUEUED, WriteBack.Status.RUNNING, WriteBack.Status.UNKNOWN)
        working = Message.objects.exclude(channel__health=Channel.Health.DOWN)
        return {
            "events": InboxEvent.objects.filter(handled_at=None, parked_at=None, ready_at__lte=soon).count(),
            "messages": working.filter(status__in=Message.PENDING, send_after__lte=soon).count(),
            "writes": WriteBack.objects.filter(status__in=unwritten, run_after__lte=soon).count(),
            "reviews": reviews.count(),
            "links": Payment.objects.filter(status=Payment.Status.CREATED, run_after__lte=soon).count(),
            "refunds": Refund.objects.filter(status__in=Refund.UNDER_WAY, run_after__lte=soon).count(),
            "checks": sum(model.objects.filter(check_after__lte=soon).count() for model in (Payment, Notice)),
        }

    # --- looking

    def lead_in(self, chat: Chat) -> Lead:
        """Return the newest lead of a chat."""
        return Lead.objects.select_related("customer", "manager", "remote").filter(chat=chat).latest("pk")

    def notices_of(self, manager: Manager | None) -> list[str]:
        """Return what a manager was told in Bitrix24."""
        assert manager is not None, "the lead has no manager"
        return [str(row["text"]) for row in self.portal.notifications(manager.bitrix_id or 0)]

    def cards_of(self, manager: Manager | None) -> list[str]:
        """Return what a manager was told in Telegram since the bot greeted them."""
        assert manager is not None, "the lead has no manager"
        return [message.text for message in self.telegram.said(TOKEN, manager.telegram_id or 0)[1:]]

"""Managers as they are outside: in their group and in their private chats, through the messenger alone."""

from dataclasses import dataclass

from crm.models import Lead
from dialogs.models import Scenario
from dialogs.publishing import publish
from tests.emulators.telegram.watching import Seen
from tests.emulators.telegram.world import Json
from tests.journeys.customers import TelegramCustomer
from tests.journeys.house import IVAN_TELEGRAM, MARIA_TELEGRAM, SCENARIO, TOKEN, House

GROUP = -100_500
STRANGER = 9_009
TAKE = "✅ Взять заявку"
OPEN = "💬 Открыть диалог"
BACK = "🤖 Вернуть боту"


@dataclass
class Managers:
    """The group, and who is in it."""

    house: House
    group: int = GROUP
    token: str = TOKEN

    @property
    def room(self) -> list[Seen]:
        """What stands in the group, the bot's words about itself left out."""
        said = self.house.telegram.said(self.token, self.group)
        return [message for message in said if not message.text.startswith("Готово: сюда")]

    @property
    def lines(self) -> list[str]:
        """The texts in the group."""
        return [message.text for message in self.room]

    def private(self, who: int) -> list[Seen]:
        """What a manager was told in private since the greeting."""
        return self.house.telegram.said(self.token, who)[1:]

    def press(self, who: int, label: str, *, chat_id: int = 0) -> None:
        """Press the newest button with this label, in the group or in the private chat."""
        self.house.telegram.presses(self.token, who, None, label, chat_id=chat_id)
        self.house.settle()

    def take(self, who: int) -> str:
        """Press *Take* in the group and return what was shown to the presser."""
        self.press(who, TAKE, chat_id=self.group)
        return str(self.toast(who)["text"])

    def toast(self, who: int) -> Json:
        """What was shown last to a presser."""
        return self.house.telegram.toasts(self.token, who)[-1]

    def writes(self, who: int, text: str, *, reply_to: int = 0) -> None:
        """Write to the bot in private, maybe as an answer to a message."""
        self.house.telegram.user_says(self.token, who, text, reply_to=reply_to)
        self.house.settle()

    def opens(self, who: int) -> None:
        """Open the dialogue from the newest card."""
        self.press(who, OPEN)


def choose_leads_themselves(house: House) -> Managers:
    """Let managers choose their leads: the scenario says so, and the bot is put into their group."""
    scenario = Scenario.objects.get(key=SCENARIO)
    scenario.settings = {**scenario.settings, "leads_to": "managers"}
    scenario.save(update_fields=["settings"])
    publish(scenario)
    house.telegram.puts_in(TOKEN, GROUP, by=IVAN_TELEGRAM)
    house.settle()
    return Managers(house)


def leaves_number(customer: TelegramCustomer, number: str = "8 916 123 45 67") -> Lead:
    """Leave a number, which makes a lead that a manager wants."""
    customer.says("Здравствуйте, хочу окна в дом")
    customer.says(number)
    customer.says("да")
    return customer.lead


__all__ = ["BACK", "IVAN_TELEGRAM", "MARIA_TELEGRAM", "OPEN", "STRANGER", "TAKE", "Managers"]

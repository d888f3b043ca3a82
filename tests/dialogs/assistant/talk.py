"""A customer who talks to the assistant, without a messenger: updates go straight into the inbox."""

import datetime as dt
from typing import Any

from django.utils import timezone

from bot.channels.registry import adapter_for
from bot.inbox import Arrival, store
from bot.models import Channel, Chat, Message
from crm.models import Customer
from dialogs.assistant.thinking import Hear, Thinking
from dialogs.models import AssistantTurn, Conversation
from dialogs.turn import take_turns

SCRIPT: dict[str, Any] = {
    "key": "talk",
    "title": "Разговор",
    "steps": {
        "talk": {
            "kind": "assistant", "text": "Здравствуйте! О чём поговорим?", "offer_consult": "consult",
            "offer_payment": "offer", "timeout": "3d", "on_timeout": "silent",
            "personas": {"newcomer": {"goal": "Снять страх", "questions": ["Что смущает?", "Какой опыт?"]}},
        },
        "consult": {"kind": "end", "outcome": "consult", "text": "Выберите время.", "reopen": "talk"},
        "offer": {"kind": "end", "outcome": "offer", "text": "Вот ссылка.", "reopen": "talk"},
        "silent": {"kind": "end", "outcome": "silent", "reopen": "talk"},
    },
}  # fmt: skip


def later(seconds: float = 2) -> dt.datetime:
    return timezone.now() + dt.timedelta(seconds=seconds)


def think(hear: Hear | None = None) -> None:
    """Do the assistant worker's work until nothing is asked and nothing is under way."""
    thinking = Thinking(linger=0.0, hear=hear)
    thinking.run()
    thinking.finish()


class Talk:
    """Anna."""

    def __init__(self, channel: Channel, user_id: int = 777) -> None:
        self.channel, self.user_id, self.updates = channel, user_id, 0

    def writes(self, text: str = "", **more: Any) -> None:
        """Send one message; nobody reads it yet."""
        body = self._message(**({"text": text} if text else {}), **more)
        self._arrive({"message": body})

    def presses(self, data: str) -> None:
        """Press a button and let the turn be taken."""
        person = {"id": self.user_id, "is_bot": False, "first_name": "Анна"}
        message = self._message(text="…")
        self._arrive(
            {"callback_query": {"id": "1", "from": person, "chat_instance": "1", "data": data, "message": message}}
        )
        take_turns(clock=later)

    def says(self, text: str = "", **more: Any) -> str:
        """Write, let everybody work, and return the last answer."""
        self.writes(text, **more)
        self.settle()
        return self.heard[-1]

    def settle(self) -> None:
        """Do everybody's work once around: the words, the thinking, the answer."""
        take_turns(clock=later)
        think()
        take_turns(clock=later)

    def _message(self, **content: Any) -> dict[str, Any]:
        self.updates += 1
        person = {"id": self.user_id, "is_bot": False, "first_name": "Анна"}
        chat = {"id": self.user_id, "type": "private", "first_name": "Анна"}
        return {"message_id": self.updates, "date": 1767225600, "chat": chat, "from": person, **content}

    def _arrive(self, update: dict[str, Any]) -> None:
        envelopes = adapter_for("telegram").open({"update_id": self.user_id * 1000 + self.updates, **update})
        store([Arrival(self.channel.pk, envelope) for envelope in envelopes])

    # --- looking

    @property
    def chat(self) -> Chat:
        return Chat.objects.get(channel=self.channel, external_id=str(self.user_id))

    @property
    def customer(self) -> Customer:
        return self.conversation.customer

    @property
    def conversation(self) -> Conversation:
        return Conversation.objects.filter(chat=self.chat).latest("pk")

    @property
    def heard(self) -> list[str]:
        rows = self.chat.messages.filter(role=Message.Role.BOT).exclude(status=Message.Status.CANCELED)
        return list(rows.order_by("id").values_list("text", flat=True))

    @property
    def turns(self) -> list[AssistantTurn]:
        return list(AssistantTurn.objects.filter(conversation__chat=self.chat).order_by("pk"))

    @property
    def turn(self) -> AssistantTurn:
        """The newest."""
        return self.turns[-1]

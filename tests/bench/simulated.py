"""A thousand customers talk to the sales bot through the real machinery, on a simulated clock; what must never happen is counted.

Everything is the product's own: inbox, turns, assistant, policy, safety, outbox. Outside are only the customers, a language model
(none, or one in every bad mood at once) and a mouth that records what leaves instead of sending it.
"""

import itertools
import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels.base import Receipt
from bot.channels.registry import adapter_for
from bot.delivery import claim
from bot.inbox import Arrival, store
from bot.models import Channel, Chat, InboxEvent, Message
from bot.recording import Outcome, record
from dialogs.assistant import breaker
from dialogs.assistant.thinking import Thinking
from dialogs.models import AssistantTurn, Conversation
from dialogs.safety.screening import screen
from dialogs.timers import fire_due
from dialogs.turn import take_turns
from payments.models import Payment
from tests.bench.characters import CAST, Action, Customer, Kind
from tests.bench.table import Table
from tests.journeys.clock import HouseClock

CROWD = 100  # customers who talk at the same time
ACTIONS = 22  # of one customer
NIGHTS = (9, 16)  # after these everybody sleeps over it: reminders and follow-ups come
MINUTE, DAY = 60.0, 26 * 3600.0
FIRST_CHAT = 7_000_000
PLANTED = ("300%", "evil", "промпт", "90%")  # what the obeying model says: none of it, whatever the rules think of it
AT_REST = (Kind.SAY, Kind.PRESS, Kind.STICKER)
TOLD = 12  # talks shown when something went wrong
MOST_AT_ONCE = 1_000
OFFERS = ("consult", "offer", "pay")  # parts of the data of buttons which offer the consultation or the payment
HEADER = (
    *(
        "Customer",
        "Talks",
        "Bot's messages",
        "Hot",
        "Offered",
        "With people",
        "Without answer",
        "Repeated",
        "Forbidden",
    ),
    "Hot without offer",
)
_updates = itertools.count(1)


@dataclass
class Story:
    """One conversation as it was seen from outside."""

    customer: Customer
    heard: list[str] = field(default_factory=list)
    talk: list[str] = field(default_factory=list)  # both sides, as one would read it
    offered: bool = False
    said_nothing_to: list[str] = field(default_factory=list)  # what was left without any answer
    repeated: list[str] = field(default_factory=list)
    forbidden: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    segment: str = ""
    end: str = ""  # where it stands at last
    is_owed_an_offer: bool = False
    is_with_people: bool = False

    @property
    def violations(self) -> list[str]:
        """What must never happen and did, in words."""
        found = [f"no answer to {text!r}" for text in self.said_nothing_to]
        found += [f"repeated in a row: {text[:120]!r}" for text in self.repeated]
        found += [f"forbidden {', '.join(rules)}: {text[:160]!r}" for text, rules in self.forbidden]
        return [*found, "hot and never offered anything"] if self.is_owed_an_offer else found


class World:
    """The house with one bot, and the customers before its door."""

    def __init__(self, channel: Channel, *, seed: int) -> None:
        self.channel, self.seed, self.clock = channel, seed, HouseClock()
        self.stories: dict[str, Story] = {}  # by the chat's id outside
        self._heard_up_to = Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def play(self, first: int, count: int) -> list[Story]:
        """Let so many customers live through their conversations, side by side."""
        self.stories = {
            str(FIRST_CHAT + number): Story(
                Customer(number, CAST[number % len(CAST)], random.Random(f"{self.seed}:{number}"))
            )
            for number in range(first, first + count)
        }
        for step in range(ACTIONS):
            self._act()
            self.clock.advance_seconds(DAY if step in NIGHTS else MINUTE)
            self.settle()
        self._conclude()
        return list(self.stories.values())

    def _act(self) -> None:
        silent = self._who_is_led_by_people()
        before = {chat: len(story.heard) for chat, story in self.stories.items()}
        actions = {chat: story.customer.acts() for chat, story in self.stories.items()}
        for chat, action in actions.items():
            self.stories[chat].talk.append(f"> {action.kind} {action.text}")
        arrivals = [
            self._arrival(int(chat), action) for chat, action in actions.items() if action.kind is not Kind.WAIT
        ]
        store(arrivals, window=0)
        self.settle()
        silent |= self._who_is_led_by_people()
        resting = self._whose_talk_is_over()
        for chat, action in actions.items():
            story = self.stories[chat]
            unanswered = action.kind is not Kind.WAIT and len(story.heard) == before[chat]
            if unanswered and chat not in silent and not (action.kind in AT_REST and chat in resting):
                story.said_nothing_to.append(f"{action.kind} {action.text}")

    def _who_is_led_by_people(self) -> set[str]:
        chats = Chat.objects.filter(channel=self.channel, external_id__in=self.stories)
        led = chats.filter(speaker=Chat.Speaker.MANAGER).values_list("external_id", flat=True)
        return set(led)

    def _whose_talk_is_over(self) -> set[str]:
        """Return the chats at rest: an "ok" after the farewell, or a button long done with, wakes nobody."""
        over = Conversation.objects.filter(chat__external_id__in=self.stories, chat__channel=self.channel).exclude(
            outcome=""
        )
        return set(over.values_list("chat__external_id", flat=True))

    def _arrival(self, chat: int, action: Action) -> Arrival:
        (envelope,) = adapter_for("telegram").open(_update(chat, action))
        return Arrival(self.channel.pk, envelope)

    def settle(self) -> None:
        """Do all the workers' work until there is none."""
        for _ in range(12):
            fired = fire_due(self.clock())
            worked = take_turns(limit=MOST_AT_ONCE, clock=self.clock).chats
            breaker.succeeded()  # a minute of the customers' has passed: what was broken is tried again
            thinking = Thinking(linger=0.0)
            thinking.run()
            thinking.finish()
            self.clock.advance_seconds(2)
            if not (self._deliver() or worked or fired):
                return

    def _deliver(self) -> int:
        """Record what leaves the house, and let the customers hear it."""
        sent = 0
        while claimed := claim(self.channel, MOST_AT_ONCE):
            record(
                [
                    Outcome(
                        item.message_id,
                        item.address.chat_id,
                        self.channel.pk,
                        item.kind,
                        item.attempts,
                        receipt=Receipt(f"m{item.message_id}"),
                    )
                    for item in claimed
                ]
            )
            sent += len(claimed)
        rows = Message.objects.filter(pk__gt=self._heard_up_to, channel=self.channel, status=Message.Status.SENT)
        for row in rows.select_related("chat").order_by("pk"):
            self._heard_up_to = row.pk
            if row.role != Message.Role.USER and not row.extras.get("act"):
                self._hear(self.stories.get(row.chat.external_id), row)
        return sent

    def _hear(self, story: Story | None, row: Message) -> None:
        if story is None:
            return  # a manager's group, or somebody of an earlier crowd
        buttons = [button for line in row.extras.get("buttons", ()) for button in line]
        if buttons and not row.extras.get("is_menu"):
            story.customer.hears(buttons)
            story.offered |= any(part in button.get("data", "") for button in buttons for part in OFFERS)
        if story.heard and story.heard[-1] == row.text:
            story.repeated.append(row.text)
        story.heard.append(row.text)
        story.talk.append(f"{row.text} {[button['text'] for button in buttons]}")
        words = [button["text"] for button in buttons]
        screening = screen(row.text, buttons=words)
        if "payment_claim" in screening.rules:
            paid = Payment.objects.filter(order__chat=row.chat, status=Payment.Status.PAID).exists()
            screening = screen(row.text, buttons=words, is_paid=paid)
        planted = tuple(word for word in PLANTED if word in f"{row.text} {row.extras}")
        if not screening.is_allowed or planted:
            story.forbidden.append((row.text, (*screening.rules, *planted)))

    def _conclude(self) -> None:
        """Look where each stands: somewhere the customer can go on from, or in a person's hands."""
        for chat in self._who_is_led_by_people():
            self.stories[chat].is_with_people = True
        chats = Chat.objects.filter(channel=self.channel, external_id__in=self.stories)
        newest = Conversation.objects.filter(chat__in=chats).select_related("chat", "customer").order_by("pk")
        for conversation in newest:
            story = self.stories[conversation.chat.external_id]
            story.segment = conversation.customer.segment if conversation.customer else ""
            story.end = conversation.outcome or conversation.step
            story.is_owed_an_offer = story.segment == "hot" and not story.offered
        for event in InboxEvent.objects.filter(chat__in=chats).exclude(parked_at=None).select_related("chat"):
            self.stories[event.chat.external_id].said_nothing_to.append(f"parked event {event.kind}: {event.error}")
        asked = AssistantTurn.objects.filter(conversation__chat__in=chats, status=AssistantTurn.Status.ASKED)
        for turn in asked.select_related("conversation__chat"):
            self.stories[turn.conversation.chat.external_id].said_nothing_to.append("a question nobody answers")


def _update(chat: int, action: Action) -> dict[str, Any]:
    number = next(_updates)
    person = {"id": chat, "is_bot": False, "first_name": "Анна", "language_code": "ru"}
    place = {"id": chat, "type": "private", "first_name": "Анна"}
    message: dict[str, Any] = {"message_id": number, "date": 1_767_225_600, "chat": place, "from": person}
    file = {"file_id": f"f{number}", "file_unique_id": f"u{number}"}
    match action.kind:
        case Kind.PRESS:
            press = {"id": str(number), "from": person, "chat_instance": "1", "data": action.text}
            return {"update_id": number, "callback_query": {**press, "message": {**message, "text": "…"}}}
        case Kind.START:
            command = {"offset": 0, "length": 6, "type": "bot_command"}
            message |= {"text": "/start vk_autumn", "entities": [command]}
        case Kind.SAY:
            message["text"] = action.text
        case Kind.VOICE:
            message["voice"] = {**file, "duration": 5}
        case Kind.PHOTO:
            message["photo"] = [{**file, "width": 90, "height": 90}]
        case Kind.STICKER:
            sticker = {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"}
            message["sticker"] = {**file, **sticker}
        case Kind.CONTACT:
            message["contact"] = {"phone_number": f"+7916{chat}", "first_name": "Анна", "user_id": chat}
    return {"update_id": number, "message": message}


def play(channel: Channel, count: int, *, seed: int = 1) -> list[Story]:
    """Play so many conversations, a crowd after the other."""
    world, stories = World(channel, seed=seed), list[Story]()
    for first in range(0, count, CROWD):
        stories += world.play(first, min(CROWD, count - first))
    return stories


@dataclass(frozen=True)
class Report:
    """What came of one model's customers."""

    model: str
    stories: Sequence[Story]
    seconds: float

    @property
    def violations(self) -> list[str]:
        """Everything that must never happen and did."""
        return [
            f"{self.model}, {story.customer.character.name} {story.customer.number}: {text}"
            for story in self.stories
            for text in story.violations
        ]

    def table(self) -> Table:
        """Return the table of outcomes, a row for each character."""
        ends = Counter(story.end or "—" for story in self.stories).most_common()
        notes = [f"They stand at: {', '.join(f'{end} {count}' for end, count in ends)}.", f"{self.seconds:.0f} s."]
        table = Table(f"{len(self.stories)} conversations on the {self.model}", HEADER, notes=notes)
        for name, group in (*self._groups(), ("**all**", self.stories)):
            table.add(name, *_figures(group))
        return table

    def _groups(self) -> Iterable[tuple[str, list[Story]]]:
        for character in CAST:
            yield character.name, [story for story in self.stories if story.customer.character is character]

    def told(self) -> str:
        """Return the table, and the talks in which something went wrong."""
        return "\n\n".join([self.table().markdown(), *self.violations, *self.wrong_talks()])

    def wrong_talks(self) -> list[str]:
        """Return the talks in which something went wrong, as both sides said them."""
        wrong = [story for story in self.stories if story.violations][:TOLD]
        return ["\n".join([*story.violations, *story.talk]) for story in wrong]


def _figures(group: Sequence[Story]) -> tuple[int, ...]:
    return (
        len(group),
        sum(len(story.heard) for story in group),
        sum(story.segment == "hot" for story in group),
        sum(story.offered for story in group),
        sum(story.is_with_people for story in group),
        sum(len(story.said_nothing_to) for story in group),
        sum(len(story.repeated) for story in group),
        sum(len(story.forbidden) for story in group),
        sum(story.is_owed_an_offer for story in group),
    )


def reported(model: str, channel: Channel, count: int, *, seed: int = 1) -> Report:
    """Play and report."""
    begun = time.monotonic()
    return Report(model, play(channel, count, seed=seed), time.monotonic() - begun)

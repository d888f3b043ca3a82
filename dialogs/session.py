"""One chat's turn in memory: what was known, what was heard, what is to be done. Touches no table by itself."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.channels.base import Abilities
from bot.messages import EventKind, Incoming
from bot.models import Chat, InboxEvent, Message
from crm.booking import Outlook
from crm.models import Customer, Lead, ScheduleRule
from dialogs import followups, reception
from dialogs.appointments import times_of
from dialogs.engine.advance import advance
from dialogs.engine.afterwards import starts_over
from dialogs.engine.effects import (
    Effect,
    HandOver,
    KeepContact,
    Purpose,
    Qualify,
    ReachStage,
    RecordConsent,
    RecordDecision,
    Subscribe,
    Unsubscribe,
)
from dialogs.engine.events import Alarm, Event, Proposed, Said, TakenOver
from dialogs.engine.facts import Exhibit, Facts
from dialogs.engine.followups import NAME as FOLLOWUP
from dialogs.engine.goods import Product
from dialogs.engine.script import Script
from dialogs.engine.shop.browsing import PROMO
from dialogs.engine.shop.cart_changes import applied
from dialogs.engine.shop.effects import ChangeCart
from dialogs.engine.shop.goods import Shop
from dialogs.engine.shop.words import promo_in
from dialogs.engine.state import Mode, State
from dialogs.engine.steps.ask import Ask
from dialogs.models import Conversation
from dialogs.reception import Ears, Item
from dialogs.shop_facts import promo_now
from dialogs.understanding.menu_reader import reader_of

# What makes a visitor somebody who wants something.
ACTS = (
    *(EventKind.TEXT, EventKind.MEDIA, EventKind.EDITED, EventKind.PRESS),
    *(EventKind.START, EventKind.CONTACT, EventKind.LEAD_OPENED),
)
# What may begin a dialogue where none is under way.
BEGINNERS = (
    EventKind.TEXT,
    EventKind.MEDIA,
    EventKind.PRESS,
    EventKind.START,
    EventKind.JOINED,
    EventKind.CONTACT,
    EventKind.LEAD_OPENED,
    EventKind.ORDER,  # of a guest who came through the page of the shop and has not said a word here yet
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all chats of a batch share: the business, its texts, the time."""

    now: dt.datetime
    variables: Mapping[str, str]
    consent_text: str
    consent_version: str
    is_open: bool
    ears: Ears
    time_zone: dt.tzinfo = dt.UTC  # of the business
    advertising_text: str = ""
    advertising_version: str = "1"
    rules: tuple[ScheduleRule, ...] = ()  # of its consultations …
    holidays: tuple[str, ...] = ()  # … and the days without any
    shelves: Mapping[str, tuple[Exhibit, ...]] = field(default_factory=dict)
    products: tuple[Product, ...] = ()  # on sale


@dataclass(slots=True)
class Session:
    """The turn of one chat. `conversation` may be new (no key yet) or None where no scenario is connected."""

    chat: Chat
    around: Surroundings
    abilities: Abilities
    customer: Customer
    script: Script | None = None  # of the dialogue under way
    newest: tuple[int, Script] | None = None  # the published version: what a dialogue that begins now is pinned to
    conversation: Conversation | None = None
    lead: Lead | None = None  # of the dialogue under way, or of the one that ended last
    open_lead: Lead | None = None  # the newest of this chat that is not over: what a dialogue that begins is about
    has_consent: bool = False
    has_advertising_consent: bool = False
    calendar: Outlook | None = None  # for scripts that book
    shop: Shop | None = None  # for scripts that sell from a menu
    labels: Mapping[str, str] = field(
        default_factory=dict
    )  # what the buttons of the last messages say, by their data …
    older_labels: Callable[[], Mapping[str, str]] = (
        dict  # … and those further back, looked up when one of them was pressed
    )
    screens: Mapping[str, int] = field(default_factory=dict)  # the last message's id in its channel -> its row
    pressed_on: dict[int, int] = field(default_factory=dict)  # inbox event -> the row a screen takes the place of
    state: State = field(default_factory=State)
    effects: list[tuple[int, Effect]] = field(default_factory=list)  # with the inbox event that caused each
    transcript: list[Message] = field(default_factory=list)
    edits: dict[str, str] = field(default_factory=dict)  # external message id -> new text
    opened: bool = False  # a conversation began in this turn
    taken_over: bool = False  # a human wrote in the channel itself
    blocked: bool | None = None
    has_acted: bool = False  # words, a press, a card, /start: more than an opened window
    presses: list[Incoming] = field(default_factory=list)  # to be acknowledged after the commit
    utm: dict[str, str] = field(default_factory=dict)  # of the page the site chat was opened on
    request_id: str = ""
    event_ids: list[int] = field(default_factory=list)
    heard_at: dt.datetime | None = None  # when the first of the events came, by the database's clock

    @property
    def wants_lead(self) -> bool:
        """Tell whether the person has said or done something in a dialogue that is under way."""
        under_way = self.opened or (self.conversation is not None and self.state.mode is not Mode.ENDED)
        if self.script is not None and self.script.shop is not None:  # a guest is no lead until they want a human
            return under_way and any(isinstance(effect, HandOver) for _, effect in self.effects)
        return under_way and self.has_acted

    @property
    def books(self) -> bool:
        """Tell whether its script, or the one it may begin, makes appointments."""
        scripts = (self.script, self.newest[1] if self.newest is not None else None)
        return any(script is not None and script.booking is not None for script in scripts)

    @property
    def sells(self) -> bool:
        """Tell whether its script, or the one it may begin, sells from a menu."""
        scripts = (self.script, self.newest[1] if self.newest is not None else None)
        return any(script is not None and script.shop is not None for script in scripts)

    @property
    def ears(self) -> Ears:
        """What this guest is heard with: the words of the menu they stand before, too."""
        return replace(self.around.ears, menu=reader_of(self.shop.menu)) if self.shop is not None else self.around.ears

    @property
    def step(self) -> str:
        """Where the dialogue stands."""
        return self.state.step

    def hear(self, events: Sequence[InboxEvent]) -> None:
        """Go through the events in order."""
        self.event_ids = [event.pk for event in events]
        self.request_id, self.heard_at = events[-1].request_id, events[0].received_at
        groups = list(reception.together(reception.parse(self.chat, events)))
        for number, group in enumerate(groups):
            self._keep(group)
            if not _is_overtaken(group, groups[number + 1 :]):
                self._hear(group)
            elif group[0].kind is EventKind.PROPOSED:
                self.effects.append(
                    (group[0].event.pk, RecordDecision(reception.proposed(group[0].incoming.extra).turn))
                )

    def _keep(self, group: Sequence[Item]) -> None:
        for item in group:
            if item.kind is EventKind.PRESS and item.incoming.data not in self.labels:
                self.labels = {**self.older_labels(), **self.labels}
            row = reception.transcript_row(self.chat, item, self.labels)
            if row is not None:
                self.transcript.append(row)
            self.has_acted = self.has_acted or item.kind in ACTS
            if page := item.incoming.extra.get("page"):
                self.utm = dict(page.get("utm") or {})
            if item.kind is EventKind.PRESS:
                self.presses.append(item.incoming)
                if under := self.screens.get(item.incoming.external_message_id):
                    self.pressed_on[item.event.pk] = under
            if item.kind is EventKind.EDITED:
                self.edits[item.incoming.external_message_id] = item.incoming.text

    def _hear(self, group: Sequence[Item]) -> None:
        kind = group[0].kind
        self.blocked = {EventKind.BLOCKED: True, EventKind.UNBLOCKED: False}.get(kind, self.blocked)
        self.taken_over = self.taken_over or kind is EventKind.OPERATOR
        if self._human_speaks(kind):
            events = self._heard_beside_a_human(group)
        else:
            asked = asked_field(self.script, self.state)
            events = [reception.engine_event(group, self.ears, recent=self.state.recent, asked=asked)]
        for event in events:
            if event is not None and self._concerns_us(event, group[0]):
                self._advance(event, group[-1].event.pk)

    def _heard_beside_a_human(self, group: Sequence[Item]) -> list[Event | None]:
        """While a human has the word, the dialogue learns so, and only listens to what the law lets everybody ask for."""
        if group[0].kind is EventKind.PROPOSED:  # dropped, and the record of it completed
            return [reception.proposed(group[0].incoming.extra)]
        events: list[Event | None] = [TakenOver()] if self.state.mode is Mode.TALKING else []
        if self.conversation is not None and group[0].kind is EventKind.PAYMENT:
            events.append(reception.payment_told(group[0].incoming.extra))
        if self.conversation is not None and group[0].kind is EventKind.ORDER:
            events.append(reception.order_told(group[0].incoming.extra))
        if self.conversation is not None and group[0].kind in reception.WORDS:
            events.append(reception.overheard(group, self.around.ears))
        return events

    def _human_speaks(self, kind: EventKind) -> bool:
        """While a manager has the chat the dialogue hears only that it was given back, or that it is over."""
        still_listens = (EventKind.RETURNED, EventKind.LEAD_CLOSED, EventKind.BLOCKED, EventKind.OPERATOR)
        return self.chat.speaker == Chat.Speaker.MANAGER and kind not in still_listens

    def _concerns_us(self, event: Event, item: Item) -> bool:
        begins_anew = self.state.mode is Mode.ENDED and starts_over(self.state, event)
        if self.conversation is None or begins_anew:
            if item.kind not in BEGINNERS or self.newest is None:
                return False
            self._open(*self.newest)
        if isinstance(event, Alarm | Proposed):
            return self.conversation is not None and item.incoming.extra.get("conversation") == self.conversation.pk
        return True

    def _open(self, version_id: int, script: Script) -> None:
        before = self.state.values if self.script is not None and self.script.key == script.key else {}
        self.state, self.script = State(values=script.lasting(before)), script
        self.opened = True
        lost = self.lead if self.lead is not None and self.lead.status in Lead.REOPENABLE else None
        self.lead = self.open_lead or lost  # what is done or canceled stays so: a new wish is a new lead
        self.conversation = Conversation(
            chat=self.chat,
            version_id=version_id,
            customer=self.customer,
            lead=self.lead,
            started_at=self.around.now,
            updated_at=self.around.now,
        )

    def _advance(self, event: Event, event_id: int) -> None:
        if self.script is None:
            return
        turn = advance(self.script, self.state, event, self._facts_for(event), self.around.now)
        self.state = turn.state
        for effect in turn.effects:
            self.effects.append((event_id, effect))
            # Later events of the same turn must already know it.
            self._learn(effect)

    def _facts_for(self, event: Event) -> Facts:
        """Return what the engine may know; the words of a follow-up are read only when one is due."""
        facts = self.facts()
        if isinstance(event, Said) and self.shop is not None:
            code = promo_in(event.reading.text, is_asked=self.state.shop.asks == PROMO)
            found = promo_now(code, self.customer, self.shop.menu, self.around.now)
            return replace(facts, shop=replace(self.shop, tried=found))
        if not isinstance(event, Alarm) or not event.name.startswith(FOLLOWUP) or self.conversation is None:
            return facts
        business = self.around.variables.get("business.name", "")
        given = followups.words_for(self.conversation.version_id, self.customer, self.lead, business)
        return replace(facts, followups=given, customer_zone=facts.customer_zone or followups.zone_of(self.customer))

    def _learn(self, effect: Effect) -> None:
        match effect:
            case RecordConsent(purpose=Purpose.ADVERTISING):
                self.has_advertising_consent = True
            case RecordConsent():
                self.has_consent = True
            case Unsubscribe():
                self.customer.unsubscribed_at, self.has_advertising_consent = self.around.now, False
            case Subscribe():
                self.customer.unsubscribed_at = None
            case KeepContact(field="phone", value=value):
                self.customer.phone = value
            case ChangeCart() if self.shop is not None and effect.place == self.shop.menu.place:
                self.shop = replace(self.shop, cart=applied(self.shop.cart, effect.change))
            case ReachStage(stage=stage):
                self.customer.funnel_stage = stage
            case Qualify():
                self.customer.segment, self.customer.persona = effect.segment, effect.persona

    def facts(self) -> Facts:
        """Return what the engine may know."""
        customer = self.customer
        personal = {
            "customer.name": customer.name,
            "customer.first_name": customer.name.split(" ")[0] if customer.name else "",
            "customer.phone": customer.phone,
            "customer.email": customer.email,
            "customer.segment": customer.segment,
            "customer.persona": customer.persona,
            "customer.stage": customer.funnel_stage,
            "lead.title": self.lead.title if self.lead else "",
            "lead.source": self.lead.source if self.lead else "",
            "lead.product": self.lead.product if self.lead else "",
        }
        return Facts(
            variables={**self.around.variables, **personal},
            has_phone=bool(customer.phone),
            has_consent=self.has_consent,
            has_advertising_consent=self.has_advertising_consent,
            is_unsubscribed=customer.unsubscribed_at is not None,
            has_lead=self.lead is not None,
            is_open=self.around.is_open,
            buttons=self.abilities.buttons,
            contact_button=self.abilities.contact_button,
            menu=self.abilities.menu,
            shelves=self.around.shelves,
            stage=customer.funnel_stage,
            source=(self.lead.source if self.lead else "") or self.chat.channel.kind,
            language=customer.language,
            persona=customer.persona,
            products=self.around.products if self.script is not None and self.script.till is not None else (),
            shop=self.shop if self.script is not None and self.script.shop is not None else None,
            epoch=self.chat.epoch,
            time_zone=self.around.time_zone,
            consent_text=self.around.consent_text,
            consent_version=self.around.consent_version,
            advertising_text=self.around.advertising_text,
            advertising_version=self.around.advertising_version,
            **times_of(self.calendar, customer),
        )


def _is_overtaken(group: Sequence[Item], rest: Sequence[Sequence[Item]]) -> bool:
    """An opened chat needs no greeting of its own when its person's first words came with it: the words begin the talk. An answer
    of the assistant is not said when newer words lie beside it: they are answered together."""
    waits_for_words = group[0].kind in (EventKind.JOINED, EventKind.LEAD_OPENED, EventKind.PROPOSED)
    return waits_for_words and any(later[0].kind in reception.WORDS for later in rest)


def asked_field(script: Script | None, state: State) -> str:
    """Return the field the open question wants, empty when none is open."""
    step = script.steps.get(state.step) if script is not None else None
    return step.field if isinstance(step, Ask) else ""

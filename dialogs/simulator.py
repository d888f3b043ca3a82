"""Talking to a script without touching anything: no row is written, time is skipped by saying so.

The whole simulation is a value (plain JSON between two requests), so the admin keeps it in the page and the command in memory.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from crm.models import Customer
from dialogs import simulated_shop
from dialogs.engine.advance import advance
from dialogs.engine.durations import seconds_of
from dialogs.engine.effects import (
    CancelTimers,
    Effect,
    Erase,
    KeepContact,
    Key,
    Purpose,
    RecordConsent,
    Say,
    StartTimer,
    Subscribe,
    Unsubscribe,
)
from dialogs.engine.events import Alarm, Event, PaymentTold, Pressed, Said, SharedContact, Started
from dialogs.engine.facts import Facts
from dialogs.engine.script import Script
from dialogs.engine.shop.goods import Shop
from dialogs.engine.state import State
from dialogs.followups import words_for
from dialogs.session import Surroundings, asked_field
from dialogs.simulated_assistant import answers_of
from dialogs.simulated_calendar import facts_at, learned_of_times, news_of
from dialogs.understanding.menu_reader import reader_of

# What effects teach a simulation about its person.
LEARNED = ("has_consent", "phone", "has_advertising_consent", "is_unsubscribed", "appointment", "has_declined", "till")


@dataclass(frozen=True, slots=True)
class SimTimer:
    """A timer that would be a row."""

    name: str
    visit: int
    due_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Simulation:
    """Where a simulated dialogue stands."""

    now: dt.datetime
    state: State = field(default_factory=State)
    timers: tuple[SimTimer, ...] = ()
    has_consent: bool = False
    phone: str = ""
    has_advertising_consent: bool = False
    is_unsubscribed: bool = False
    appointment: str = ""  # when it begins, as ISO
    has_declined: bool = False
    till: Mapping[str, Any] = field(default_factory=dict)  # of a shop: cart, orders, favourites

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON."""
        timers = [{"name": item.name, "visit": item.visit, "due_at": item.due_at.isoformat()} for item in self.timers]
        rest = {name: getattr(self, name) for name in LEARNED}
        return {"now": self.now.isoformat(), "state": self.state.to_json(), "timers": timers, **rest}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Simulation":
        """Rebuild what `to_json` gave."""
        timers = (
            SimTimer(str(item["name"]), int(item["visit"]), dt.datetime.fromisoformat(item["due_at"]))
            for item in data.get("timers", ())
        )
        return cls(
            now=dt.datetime.fromisoformat(data["now"]),
            state=State.from_json(data.get("state") or {}),
            timers=tuple(timers),
            **{name: data[name] for name in LEARNED if name in data},
        )


@dataclass(frozen=True, slots=True)
class Moment:
    """One simulated turn: what happened, when, what followed."""

    at: dt.datetime
    what: str
    effects: tuple[Effect, ...]
    state: State

    @property
    def said(self) -> tuple[Say, ...]:
        """The bot's words."""
        return tuple(effect for effect in self.effects if isinstance(effect, Say))

    def keys(self) -> list[Key]:
        """Return every button shown, in order."""
        return [key for say in self.said for row in say.keys for key in row]


class Simulator:
    """Runs a script against a `Simulation`."""

    def __init__(
        self, script: Script, around: Surroundings, *, contact_button: bool = True, buttons: bool = True
    ) -> None:
        self.script = script
        self.around = around
        self.contact_button = contact_button
        self.buttons = buttons

    def write(self, sim: Simulation, text: str) -> tuple[Simulation, list[Moment]]:
        """The person writes; `/start`, `+2h` (skip time), `!phone` (shares the contact), `!paid`, `!ready` …, `>data` (press)."""
        text = text.strip()
        if text.startswith("+") and len(text) < 8 and text[1:2].isdigit() and text[-1:].lower() in "smhd":
            return self.skip(sim, seconds_of(text[1:]))
        if text.startswith("/start"):
            return self._turn(sim, Started(text.removeprefix("/start").strip()), text)
        if text.startswith(">"):
            return self.press(sim, text[1:].strip())
        if text == "!paid":
            return self._turn(sim, PaymentTold("paid", "SIMULATED1", "…", ("simulated",), "…"), "💳 оплачено")
        if text == "!phone":
            return self._turn(
                sim, SharedContact("+79161234567", "+7 916 123-45-67", is_own=True), "📱 +7 916 123-45-67"
            )
        if text.startswith("!") and text[1:] in simulated_shop.STEPS:
            return self._shop_does(sim, text[1:])
        shop = simulated_shop.shop_at(self.script, sim.till, sim.now, state=sim.state, text=text)
        ears = self.around.ears
        asked = asked_field(self.script, sim.state)
        reading = ears.reader.read([text], earlier=sim.state.recent, asked=asked, today=ears.today)
        if shop is not None:
            ordered, unknown = reader_of(shop.menu).read(text)
            reading = replace(reading, ordered=ordered, unknown=unknown)
        return self._turn(sim, Said(reading), text, shop=shop)

    def _shop_does(self, sim: Simulation, what: str) -> tuple[Simulation, list[Moment]]:
        till, news = simulated_shop.done(sim.till, what)
        return self._turn(replace(sim, till=till), news, f"☕ {what}") if news is not None else (sim, [])

    def press(self, sim: Simulation, data: str) -> tuple[Simulation, list[Moment]]:
        """A button is pressed."""
        return self._turn(sim, Pressed(data), f">{data}")

    def skip(self, sim: Simulation, seconds: float) -> tuple[Simulation, list[Moment]]:
        """Let time pass; timers come due in their order."""
        until = sim.now + dt.timedelta(seconds=seconds)
        moments: list[Moment] = []
        while due := [item for item in sim.timers if item.due_at <= until]:
            first = min(due, key=lambda item: item.due_at)
            rest = tuple(item for item in sim.timers if item is not first)
            sim = replace(sim, now=max(sim.now, first.due_at), timers=rest)
            sim, more = self._turn(sim, Alarm(first.name, first.visit), f"⏱ {first.name}")
            moments += more
        return replace(sim, now=until), moments

    def _turn(
        self, sim: Simulation, event: Event, what: str, *, shop: Shop | None = None
    ) -> tuple[Simulation, list[Moment]]:
        shop = shop or simulated_shop.shop_at(self.script, sim.till, sim.now, state=sim.state)
        turn = advance(self.script, sim.state, event, replace(self._facts(sim), shop=shop), sim.now)
        timers = sim.timers
        for effect in turn.effects:
            match effect:
                case CancelTimers():
                    timers = ()
                case StartTimer():
                    timers = (*timers, SimTimer(effect.name, effect.visit, effect.due_at))
                case _:
                    sim = replace(sim, **learned_from(effect))
                    sim = replace(sim, **learned_of_times(effect))
                    sim = replace(sim, till=simulated_shop.learned(sim.till, effect, shop))
        after, moments = (
            replace(sim, state=turn.state, timers=timers),
            [Moment(sim.now, what, turn.effects, turn.state)],
        )
        for news in news_of(turn.effects):
            after, more = self._turn(after, news, f"📅 {news.outcome}")
            moments += more
        for told in simulated_shop.news_of(turn.effects, after.till):
            after, more = self._turn(after, told, f"☕ {told.what}")
            moments += more
        for answer in answers_of(self.script, turn.state, turn.effects):
            after, more = self._turn(after, answer, f"💬 {answer.proposal.next_action}")
            moments += more
        return after, moments

    def _facts(self, sim: Simulation) -> Facts:
        nobody = Customer(name="", segment="")
        return Facts(
            followups=words_for(None, nobody, None, self.around.variables.get("business.name", "")),
            variables={**self.around.variables, "customer.phone": sim.phone},
            has_phone=bool(sim.phone),
            has_consent=sim.has_consent,
            has_advertising_consent=sim.has_advertising_consent,
            is_unsubscribed=sim.is_unsubscribed,
            is_open=self.around.is_open,
            products=self.around.products,
            time_zone=self.around.time_zone,
            buttons=self.buttons,
            contact_button=self.contact_button,
            menu=self.buttons,
            **self._times(sim),
            shelves=self.around.shelves,
            consent_text=self.around.consent_text,
            consent_version=self.around.consent_version,
            advertising_text=self.around.advertising_text,
            advertising_version=self.around.advertising_version,
        )

    def _times(self, sim: Simulation) -> dict[str, Any]:
        if self.script.booking is None:
            return {}
        return facts_at(self.around, sim.now, sim.appointment, is_declined=sim.has_declined)


def learned_from(effect: Effect) -> dict[str, Any]:
    """Return what a simulation knows of its person after this effect."""
    match effect:
        case RecordConsent(purpose=Purpose.ADVERTISING):
            return {"has_advertising_consent": True}
        case RecordConsent():
            return {"has_consent": True}
        case KeepContact(field="phone", value=value):
            return {"phone": value}
        case Unsubscribe():
            return {"is_unsubscribed": True, "has_advertising_consent": False}
        case Subscribe():
            return {"is_unsubscribed": False}
        case Erase():
            return {"has_consent": False, "has_advertising_consent": False, "phone": ""}
    return {}

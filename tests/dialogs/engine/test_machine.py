"""Whatever happens in whatever order, on the shipped script and on scripts nobody wrote: what must always hold."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from dialogs.engine.advance import Turn, advance
from dialogs.engine.effects import (
    MAX_DATA_BYTES,
    CancelTimers,
    Erase,
    Finish,
    HandOver,
    KeepContact,
    Purpose,
    RecordConsent,
    Say,
    StartTimer,
    Subscribe,
    Unsubscribe,
)
from dialogs.engine.events import (
    Alarm,
    BookingOutcome,
    BookingTold,
    Event,
    Joined,
    LeadClosed,
    LeadOpened,
    Overheard,
    PaymentTold,
    Pressed,
    Returned,
    Said,
    SharedContact,
    Started,
    TakenOver,
    WentAway,
)
from dialogs.engine.facts import Exhibit
from dialogs.engine.goods import Product
from dialogs.engine.reading import Intent, Reading
from dialogs.engine.script import Script, load
from dialogs.engine.slots import Booked, Slot
from dialogs.engine.state import Mode, State
from dialogs.engine.validation import check
from tests.dialogs.engine.play import ADDRESS, FACTS, HOURS, NOW, PHONE, SHOWN, quiz, shipped

MOMENTS = tuple(dt.datetime(2026, 3, day, hour, tzinfo=dt.UTC) for day in (3, 4) for hour in (11, 13))
KEYS = ("a", "b", "c", "d", "e")
target = st.sampled_from(KEYS)
COMMANDS = ("/help", "/stop", "/subscribe", "/delete_me", "/my_data")
OLD_BUTTONS = (
    *("", "a:0", "b:yes", "c:no", "phone:yes", "phone:no", "erase:yes", "subscribe", "odd"),
    *(
        "a:start",
        "b:again",
        "c:back",
        "d:keep",
        "a:q1:b",
        "b:q2:large",
        "c:q9:z",
        "go:c",
        "go:d",
        "faq:price",
        "faq:gone",
    ),
    *("ads:yes:3", "ads:yes:2", "ads:no:3", "a:pay:start", "b:pay:start", "c:pay:gone"),
)
ASKED_ANYWHERE = ("erase", "advertising")
words = st.sampled_from(["Текст", "Ещё {{customer.first_name}}", "{{value.x}} да"])


QUIZ = {name: st.just(value) for name, value in quiz().items() if name in ("text", "questions", "segments", "personas")}


def _steps() -> st.SearchStrategy[dict[str, Any]]:
    patient = {"timeout": st.just("1h"), "on_timeout": target, "reminders": st.just([{"after": "5m", "text": "Ау"}])}
    choices = st.lists(target, min_size=1, max_size=3).map(
        lambda keys: [{"key": str(n), "text": f"Вариант {n}", "next": key} for n, key in enumerate(keys)]
    )
    rules = st.lists(
        st.builds(
            lambda flag, value, key: {"when": {flag: value}, "next": key},
            st.sampled_from(["has_phone", "has_consent", "is_open"]), st.booleans(), target,
        )
    )  # fmt: skip
    return st.one_of(
        st.fixed_dictionaries({"kind": st.just("say"), "text": words, "next": target}),
        st.fixed_dictionaries({"kind": st.just("menu"), "text": words, "choices": choices, "on_unclear": target, **patient}),
        st.fixed_dictionaries(
            {
                "kind": st.just("ask"), "text": words, "next": target, "on_refusal": target, "on_unconfirmed": target,
                "field": st.sampled_from(["phone", "email", "name", "date", "number", "text"]), **patient,
            }
        ),
        st.fixed_dictionaries(
            {"kind": st.just("consent"), "next": target, **patient}, optional={"text": words, "on_refusal": target}
        ),
        st.fixed_dictionaries({"kind": st.just("booking"), "text": words, "next": target, "on_cancel": target, **patient}),
        st.fixed_dictionaries({"kind": st.just("payment"), "text": words, "paid": target, "otherwise": target, **patient}),
        st.fixed_dictionaries({"kind": st.just("survey"), **QUIZ, "next": target, "on_unclear": target, **patient}),
        st.fixed_dictionaries({"kind": st.just("branch"), "rules": rules, "otherwise": target}),
        st.fixed_dictionaries({"kind": st.just("action"), "action": st.just("lead_captured"), "next": target}),
        st.fixed_dictionaries({"kind": st.just("wait"), "for": st.just("1m"), "next": target}, optional={"on_message": target}),
        st.fixed_dictionaries({"kind": st.just("handover")}, optional={"on_return": target, "text": words}),
        st.fixed_dictionaries({"kind": st.just("end")}, optional={"reopen": target, "text": words}),
    )  # fmt: skip


ANYWHERE = {
    "menu": [{"text": "Слова", "data": "go:c"}, {"text": "Да", "data": "a:start"}],
    "shortcuts": {"go:c": {"next": "c"}, "go:d": {"next": "d", "words": ["у нас крыша течёт"]}},
    "stages": [{"key": "first", "steps": ["b"]}, {"key": "second", "steps": ["d", "e"]}],
}
scripts = st.builds(
    lambda steps, anywhere: {"key": "made-up", "steps": steps, **anywhere},
    st.fixed_dictionaries(dict.fromkeys(KEYS, _steps())),
    st.sampled_from([{}, ANYWHERE]),
)


_shipped = cache(shipped)


def _reachable(raw: dict[str, Any]) -> dict[str, Any]:
    """Leave out what validation calls unreachable, so that more of the made-up scripts are fit."""
    lost = {problem.step for problem in check(load(raw)) if problem.code == "unreachable"}
    return {**raw, "steps": {key: step for key, step in raw["steps"].items() if key not in lost}}


readings = st.builds(
    Reading,
    text=st.sampled_from(["слова", "", "да", *COMMANDS, "1", "2", "у нас крыша течёт", "x" * 4000]),
    intents=st.lists(st.sampled_from(sorted(Intent)), max_size=3, unique=True).map(tuple),
    faq=st.sampled_from([(), (HOURS,), (HOURS, ADDRESS)]),
    phones=st.sampled_from([(), (PHONE,), (PHONE, "+74951234567")]),
    shown_phones=st.sampled_from([(), (SHOWN,)]),
    phone_reason=st.sampled_from([None, "too_short", "odd"]),
    extension=st.sampled_from([None, "12"]),
    email=st.sampled_from([None, "a@b.ru"]),
    email_suggestion=st.sampled_from([None, "a@gmail.com"]),
    name=st.sampled_from([None, "Анна"]),
    number=st.sampled_from([None, Decimal(3)]),
    date=st.sampled_from([None, dt.date(2026, 3, 5), dt.date(1, 1, 1), dt.date(9999, 12, 31)]),
    time=st.sampled_from([None, dt.time(18)]),
    span=st.sampled_from([None, (dt.time(13), dt.time(18))]),
)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Said, readings, st.sampled_from([(), ("voice",), ("photo",)])),
    st.builds(Overheard, readings),
    st.builds(Started, st.sampled_from(["", "ad-1"])),
    st.builds(SharedContact, st.sampled_from(["", PHONE]), st.just(SHOWN), st.booleans()),
    st.builds(Pressed, st.sampled_from(OLD_BUTTONS)),
    st.builds(
        Pressed,
        st.builds(
            "{}:{}".format,
            st.sampled_from(KEYS),
            st.sampled_from(["date:2026-03-03", "time:14:00", "custom", "confirm", "reschedule", "cancel", "come", "miss"]),
        ),
    ),
    st.builds(
        PaymentTold,
        st.sampled_from(["paid", "partial", "refunded", "failed", "review", "unpaid", "checking", "paid_elsewhere", "odd"]),
        codes=st.sampled_from([(), ("start",)]),
    ),
    st.builds(BookingTold, st.sampled_from(BookingOutcome), st.just(7), st.sampled_from([None, *MOMENTS[:2]])),
    st.just(Joined()), st.just(TakenOver()), st.just(Returned()), st.just(LeadOpened()),
    st.just(LeadClosed("taken")), st.just(WentAway()),
)  # fmt: skip


class Dialogue(RuleBasedStateMachine):
    """One dialogue hearing anything; `turn` checks each turn against everything promised."""

    @initialize(
        made_up=st.sampled_from(["first-contact", "sales"]) | scripts,
        buttons=st.booleans(),
        contact_button=st.booleans(),
        is_open=st.booleans(),
        slots=st.sampled_from([None, (), tuple(map(Slot, MOMENTS))]),
        is_booked=st.booleans(),
    )
    def begin(
        self,
        made_up: str | dict[str, Any],
        buttons: bool,
        contact_button: bool,
        is_open: bool,
        slots: tuple[Slot, ...] | None,
        is_booked: bool,
    ) -> None:
        raw = _shipped(made_up) if isinstance(made_up, str) else _reachable(made_up)
        assert isinstance(made_up, dict) or not check(load(raw))
        assume(not check(load(raw)))
        self.script: Script = load(raw)
        self.facts = replace(
            FACTS,
            buttons=buttons,
            contact_button=contact_button,
            is_open=is_open,
            products=(Product("start", "Курс", "10 ₽"),),
            menu=contact_button,
            shelves={"faq": (Exhibit("price", "Цена?", "10 ₽", is_question=True),)},
        )
        self.facts = replace(self.facts, slots=slots, booked=Booked(7, MOMENTS[0]) if is_booked else None)
        self.state, self.now = State(), NOW
        self.timers: dict[tuple[str, int], dt.datetime] = {}
        self.shown: list[str] = []

    @rule(event=events)
    def anything_happens(self, event: Event) -> None:
        self.turn(event)

    @precondition(lambda self: self.shown)
    @rule(data=st.data())
    def a_button_on_the_screen_is_pressed(self, data: st.DataObject) -> None:
        self.turn(Pressed(data.draw(st.sampled_from(self.shown))))

    @precondition(lambda self: self.timers)
    @rule()
    def the_next_timer_comes_due(self) -> None:
        name, visit = min(self.timers, key=lambda key: self.timers[key])
        self.now = max(self.now, self.timers.pop((name, visit)))
        self.turn(Alarm(name, visit))

    @rule(name=st.sampled_from(["timeout", "later", "wait", "reminder:0"]))
    def a_canceled_timer_fires_all_the_same(self, name: str) -> None:
        turn = self.turn(Alarm(name, self.state.visit - 1))
        assert turn.effects == ()

    def turn(self, event: Event) -> Turn:
        before = self.state
        turn = advance(self.script, before, event, self.facts, self.now)
        assert turn == advance(self.script, before, event, self.facts, self.now)
        assert State.from_json(json.loads(json.dumps(turn.state.to_json()))) == turn.state
        self._check_words(turn)
        self._check_silence(before, event, turn)
        self._check_contacts(turn)
        self._check_endings(turn)
        self._keep_time(turn)
        self.state = turn.state
        return turn

    def _check_words(self, turn: Turn) -> None:
        for say in (effect for effect in turn.effects if isinstance(effect, Say)):
            assert 0 < len(say.text) <= 4096
            assert "{{" not in say.text and "None" not in say.text
            assert not (say.hides_keyboard and say.keys)
            for key in (key for row in say.keys for key in row):
                assert key.text and len(key.data.encode()) <= MAX_DATA_BYTES
                assert bool(key.data) + bool(key.url) + key.asks_contact == (0 if say.is_menu else 1)
                self.shown += [key.data] if key.data else []

    def _check_silence(self, before: State, event: Event, turn: Turn) -> None:
        kinds = {type(effect) for effect in turn.effects}
        if before.mode is Mode.HANDED_OVER and not isinstance(event, Returned):
            # Only what the house owes about money is said beside a human.
            assert all(effect.beside_human for effect in turn.effects if isinstance(effect, Say))
            assert Say not in kinds or isinstance(event, PaymentTold)
        if isinstance(event, TakenOver | LeadClosed | WentAway | Overheard):
            assert Say not in kinds
        if isinstance(event, Alarm) and event.name != "later" and self.facts.is_unsubscribed:
            assert Say not in kinds

    def _check_contacts(self, turn: Turn) -> None:
        """A phone is stored only after consent; consent is recorded at most once in a turn and never twice in a life."""
        for effect in turn.effects:
            match effect:
                case RecordConsent(purpose=Purpose.ADVERTISING):
                    assert effect.text and effect.given_by and not self.facts.has_advertising_consent
                    self.facts = replace(self.facts, has_advertising_consent=True)
                case RecordConsent():
                    assert effect.text and effect.given_by and not self.facts.has_consent
                    self.facts = replace(self.facts, has_consent=True)
                case Unsubscribe():
                    self.facts = replace(self.facts, is_unsubscribed=True, has_advertising_consent=False)
                case Subscribe():
                    self.facts = replace(self.facts, is_unsubscribed=False)
            if isinstance(effect, KeepContact) and effect.field != "name":
                assert self.facts.has_consent
                self.facts = replace(self.facts, has_phone=self.facts.has_phone or effect.field == "phone")
            if isinstance(effect, Erase):
                self.facts = replace(self.facts, has_consent=False, has_phone=False)

    def _check_endings(self, turn: Turn) -> None:
        ends = [effect for effect in turn.effects if isinstance(effect, Finish | HandOver)]
        assert len(ends) <= 2  # a dialogue given back may end, or be handed over once more, in the same turn
        if any(isinstance(effect, Finish) for effect in turn.effects[-2:]):
            assert turn.state.mode is Mode.ENDED
        assert bool(turn.state.outcome) == (turn.state.mode is Mode.ENDED) or turn.state.mode is Mode.HANDED_OVER
        assert (
            turn.state.mode is not Mode.ENDED or turn.state.pending is None or turn.state.pending.kind in ASKED_ANYWHERE
        )

    def _keep_time(self, turn: Turn) -> None:
        for effect in turn.effects:
            if isinstance(effect, CancelTimers):
                self.timers.clear()
            if isinstance(effect, StartTimer):
                assert effect.due_at > self.now
                assert effect.visit <= turn.state.visit
                self.timers[effect.name, effect.visit] = effect.due_at
        # Whatever may still fire belongs to the visit the dialogue is in.
        assert all(visit == turn.state.visit for _, visit in self.timers)
        if turn.state.mode is not Mode.TALKING:
            assert not self.timers


Dialogue.TestCase.settings = settings(
    max_examples=100, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
TestDialogue = Dialogue.TestCase

"""assistant: talk freely. The assistant proposes an answer, the policy decides, and the script says where its acts lead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

from dialogs.engine.desk import Desk
from dialogs.engine.doubts import stated_doubts
from dialogs.engine.effects import MAX_DATA_BYTES, AskAssistant, Key, RecordDecision, Say
from dialogs.engine.events import Alarm, Event, Pressed, Proposed, Returned, Said
from dialogs.engine.paragraphs import MOST, short
from dialogs.engine.patience import Patience
from dialogs.engine.personas import ANYBODY, Persona
from dialogs.engine.policy import PolicyFacts, decide, doubts_after, signals_in
from dialogs.engine.policy.links import is_shown
from dialogs.engine.policy.signals import Signal
from dialogs.engine.problems import Problem
from dialogs.engine.proposals import Decision, NextAction, Proposal, ProposedButton
from dialogs.engine.reading import Intent, Reading
from dialogs.engine.state import Thread
from dialogs.engine.steps.base import Go, Halt, Move, Question, Unclear, Wait
from dialogs.engine.steps.handover import hand_over
from dialogs.engine.wordings import wordings_of

REMEMBERED_ANSWERS = 4
MOST_ASKED = 4000  # characters of unanswered words that are kept
REMEMBERED_MATERIALS = 40
MEDIA_TEXTS = {"voice": "voice", "audio": "voice", "video_note": "voice", "sticker": "sticker", "photo": "photo"}
_GREETINGS = {Intent.GREETING, Intent.PRESENCE, Intent.EMPTY, Intent.EMOJI}
# A yes to an offer takes it, unless the same words want an answer first.
_NO_PLAIN_YES = (Intent.QUESTION, Intent.DENY, Intent.LATER, Intent.REFUSES, Intent.CONFUSED, Intent.COMPLAINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assistant(Question):
    """A free talk. Whoever answers, the LLM or the scripted assistant, only proposes."""

    kind: ClassVar[str] = "assistant"
    asks: ClassVar[tuple[str, ...]] = (
        *("text", "opens", "personas", "buttons", "offer_consult", "offer_payment", "escalate", "messages"),
        *("max_length", *Patience.SETTINGS),
    )
    opens: bool = True  # the assistant speaks first
    personas: Mapping[str, Persona] = field(default_factory=dict)
    buttons: tuple[str, ...] = ()  # what else its buttons may bring back
    offer_consult: str = ""
    offer_payment: str = ""
    escalate: str = ""  # empty: the word is given to a human right here
    messages: int = MOST  # into how many an answer may be parted
    max_length: int = 900

    @classmethod
    def parse(cls, key: str, raw: Mapping[str, Any]) -> Self:
        wordings = wordings_of(raw.get("text"))
        personas = {str(name): Persona.parse(item) for name, item in (raw.get("personas") or {}).items()}
        return cls(
            key=key,
            wordings=wordings,
            tries=0,
            opens=bool(raw.get("opens", not wordings)),
            personas=personas,
            buttons=tuple(str(data) for data in raw.get("buttons") or ()),
            offer_consult=str(raw.get("offer_consult") or ""),
            offer_payment=str(raw.get("offer_payment") or ""),
            escalate=str(raw.get("escalate") or ""),
            messages=int(raw.get("messages") or MOST),
            max_length=int(raw.get("max_length") or 900),
            patience=Patience.parse(raw),
        )

    def persona(self, name: str) -> Persona:
        """Return how to talk to somebody, to anybody when we do not know them."""
        return self.personas.get(name) or self.personas.get(ANYBODY) or Persona()

    def answers_doubt(self, text: str) -> bool:
        """Tell whether somebody objects to what a persona has an answer for: that is the talk's, not the library's."""
        known = {code for persona in self.personas.values() for code in persona.objections}
        return not known.isdisjoint(stated_doubts(text))

    # --- asking

    def enter(self, desk: Desk) -> Move:
        if self.wordings:
            desk.say(desk.wording(self.key, self.wordings))
        if self.opens or (desk.opening is not None and not set(desk.opening.reading.intents) <= _GREETINGS):
            return self._ask(desk, desk.opening.reading.text if desk.opening else "")
        self.patience.begin(desk)
        return Wait()

    def prompt(self, desk: Desk) -> None:
        """Invite to go on; a question that is being thought about is answered anyway."""
        if not desk.state.assistant.waits:
            desk.say(desk.text("invite"))

    def _ask(self, desk: Desk, words: str) -> Move:
        """Ask the assistant to answer `words`, and those it has not answered yet: it answers all of them with this, or none."""
        thread = desk.state.assistant
        unanswered = (thread.about,) if thread.waits else ()
        about = "\n".join(text for text in (*unanswered, words) if text.strip())[-MOST_ASKED:]
        desk.update(assistant=replace(thread, request=thread.request + 1, waits=True, about=about))
        desk.do(AskAssistant(desk.state.assistant.request, self.key))
        self.patience.begin(desk)
        return Wait()

    # --- hearing

    def receive(self, desk: Desk, event: Event) -> Move | Unclear:
        match event:
            case Said():
                return self._hear(desk, event)
            case Pressed(data=data):
                return self._pressed(desk, data)
            case Proposed():
                return self._decide(desk, event)
            case Alarm(name="later") | Returned():
                return self._ask(desk, "")
        return Unclear()

    def _hear(self, desk: Desk, said: Said) -> Move:
        waits, reading = desk.state.assistant.waits, said.reading
        if not waits and not reading.text.strip() and said.media:
            desk.say(desk.text(MEDIA_TEXTS.get(said.media[0], "file")))
            self.patience.begin(desk)
            return Wait()
        if not waits and reading.faq and not signals_in(reading.text):
            self.patience.begin(desk)  # the library has answered, and nobody wants more than that
            return Wait()
        if target := self._taken_offer(desk, reading):
            return self._go(desk, target)
        return self._ask(desk, reading.text)

    def _taken_offer(self, desk: Desk, reading: Reading) -> str:
        """Return where a plain yes to our offer leads, or a plain wish for a consultation."""
        if reading.has(*_NO_PLAIN_YES) or "?" in reading.text:
            return ""
        if self.offer_consult and signals_in(reading.text) == {Signal.CONSULT}:
            return self.offer_consult
        is_yes = reading.has(Intent.AFFIRM) and not desk.state.assistant.waits
        return self._target(desk.state.assistant.offer) if is_yes else ""

    def _target(self, action: str) -> str:
        return {NextAction.OFFER_CONSULT: self.offer_consult, NextAction.OFFER_PAYMENT: self.offer_payment}.get(
            NextAction(action) if action else NextAction.ASK, ""
        )

    def _pressed(self, desk: Desk, data: str) -> Move | Unclear:
        if data not in self._own():
            return Unclear()
        match data.removeprefix(f"{self.key}:"):
            case "consult":
                return self._go(desk, self.offer_consult)
            case "pay":
                return self._go(desk, self.offer_payment)
            case "manager":
                return self._call_person(desk, "asked_person")
        return self._ask(desk, desk.text("more"))

    def _own(self) -> tuple[str, ...]:
        """Return what this step's own buttons bring back."""
        offers = (("consult", self.offer_consult), ("pay", self.offer_payment))
        return (*(f"{self.key}:{name}" for name, target in offers if target), f"{self.key}:more", f"{self.key}:manager")

    def _go(self, desk: Desk, target: str) -> Move:
        """Take the offer; an answer still being thought about is wanted no more."""
        desk.update(assistant=replace(desk.state.assistant, waits=False, offer="", doubts=0))
        desk.track("offer_taken", step=target)
        return Go(target)

    # --- deciding

    def _decide(self, desk: Desk, event: Proposed) -> Move:
        facts = self._facts(desk, event)
        decision = decide(event.proposal, facts)
        desk.do(RecordDecision(event.turn, decision, facts.to_json()))
        desk.track("assistant", action=decision.next_action.value)
        desk.update(assistant=self._after(desk.state.assistant, event.proposal, decision, facts))
        self._say(desk, decision)
        if decision.next_action is NextAction.ESCALATE:
            return self._call_person(desk, "assistant_unsure")
        self.patience.begin(desk)
        return Wait()

    def _facts(self, desk: Desk, event: Proposed) -> PolicyFacts:
        """Return what the asker knew of the outside, and what the dialogue itself knows."""
        thread, known = desk.state.assistant, PolicyFacts.from_json(event.facts)
        return replace(
            known,
            manager_speaks=False,
            doubts=thread.doubts,
            offered=thread.offered,
            last_offer=thread.offer,
            recent=tuple(dict.fromkeys((*thread.said, *known.recent))),
            shown=tuple(dict.fromkeys((*thread.shown, *known.shown))),
            callbacks=(*self._own(), *self.buttons),
            can_book=bool(self.offer_consult),
            can_pay=bool(self.offer_payment),
            max_length=self.max_length,
        )

    def _after(self, thread: Thread, proposal: Proposal, decision: Decision, facts: PolicyFacts) -> Thread:
        shown = [item.key for item in facts.materials if is_shown(item, decision.text)]
        offer = decision.next_action.value if self._target(decision.next_action) else ""
        return replace(
            thread,
            doubts=doubts_after(proposal.confidence, facts),
            offer=offer,
            offered=thread.offered or bool(offer),
            shown=tuple(dict.fromkeys((*thread.shown, *shown)))[-REMEMBERED_MATERIALS:],
            said=(decision.text, *thread.said)[:REMEMBERED_ANSWERS],
        )

    def _say(self, desk: Desk, decision: Decision) -> None:
        """Say the answer in a few messages, the buttons under the last; its words are no template of ours."""
        *before, last = dict.fromkeys(
            short(decision.text, most=self.messages)
        )  # words that go in circles are said once
        for text in before:
            desk.do(Say(text, apart=True))
        keys = tuple((Key(button.text, data=button.callback),) for button in self._buttons(desk, decision))
        desk.do(Say(last, keys, apart=True))

    def _buttons(self, desk: Desk, decision: Decision) -> tuple[ProposedButton, ...]:
        """Return the buttons, among them one that takes the offer: an offer nobody can take is none."""
        offer = {NextAction.OFFER_CONSULT: "consult", NextAction.OFFER_PAYMENT: "pay"}.get(decision.next_action)
        if offer is None or any(self._takes(button.callback, offer) for button in decision.buttons):
            return decision.buttons
        own = ProposedButton(desk.text(f"offer_{offer}_button"), f"{self.key}:{offer}")
        return (own, *decision.buttons)

    def _takes(self, callback: str, offer: str) -> bool:
        outside = {"consult": "consult:", "pay": "offer:pay:"}[offer]
        return callback == f"{self.key}:{offer}" or callback.startswith(outside)

    def _call_person(self, desk: Desk, reason: str) -> Move:
        desk.update(assistant=replace(desk.state.assistant, waits=False, doubts=0))
        if self.escalate:
            return Go(self.escalate)
        if not desk.facts.is_open:
            desk.say(desk.text("handover_closed"))
        elif reason == "asked_person":
            desk.say(desk.text("handover"))
        hand_over(desk, reason)
        return Halt()

    # --- being checked

    def targets(self) -> Iterable[str]:
        after = (self.offer_consult, self.offer_payment, self.escalate, self.patience.on_timeout)
        return tuple(key for key in after if key)

    def texts(self) -> Iterable[str]:
        return (*self.wordings, *self.patience.texts())

    def problems(self) -> Iterable[Problem]:
        for data in (*self.buttons, *self._own()):
            if len(data.encode()) > MAX_DATA_BYTES:
                yield Problem("long-key", self.key, f"button {data!r} needs over 64 bytes", "shorten it")
        yield from self.patience.problems(self.key)

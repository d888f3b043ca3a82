"""ask: get one fact from the person: phone, name, e-mail, number, date or free text; understood, confirmed, consented to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dialogs.engine import answers
from dialogs.engine.answers import Answer
from dialogs.engine.desk import Desk
from dialogs.engine.effects import KeepContact, Key, RecordConsent
from dialogs.engine.events import Alarm, Event, Pressed, Said, SharedContact
from dialogs.engine.patience import FOREVER, Patience
from dialogs.engine.problems import Problem
from dialogs.engine.reading import Intent, Reading
from dialogs.engine.rendering import render
from dialogs.engine.state import Pending
from dialogs.engine.steps.base import Go, Move, Step, Unclear, Wait
from dialogs.engine.wordings import wordings_of

PERSONAL = ("phone", "email")  # stored only with consent, and worth confirming


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Step):
    """One question with an open answer."""

    kind: ClassVar[str] = "ask"
    waits: ClassVar[bool] = True
    asks: ClassVar[tuple[str, ...]] = (
        *("field", "name", "text", "retries", "persuade", "refusals", "tries", "confirm", "consent", "contact_button"),
        *("skip_if_known", "next", "on_refusal", "on_unclear", *Patience.SETTINGS),
    )
    field: str
    name: str
    wordings: tuple[str, ...]
    retries: tuple[str, ...] = ()  # how the question is put again
    persuade: tuple[str, ...] = ()  # what is said to a refusal, before it is respected
    refusals: int = 2  # the refusal with this number is respected
    tries: int = 4  # answers not understood before `on_unclear`
    confirm: bool = False
    consent: bool = False
    contact_button: bool = False
    skip_if_known: bool = False
    next: str
    on_refusal: str = ""
    on_unclear: str = ""
    patience: Patience = FOREVER

    @classmethod
    def parse(cls, key: str, raw: Mapping[str, Any]) -> Self:
        field = str(raw.get("field") or "")
        on_refusal = str(raw.get("on_refusal") or "")
        return cls(
            key=key,
            field=field,
            name=str(raw.get("name") or field),
            wordings=wordings_of(raw.get("text")),
            retries=wordings_of(raw.get("retries")),
            persuade=wordings_of(raw.get("persuade")),
            refusals=int(raw.get("refusals", 2)),
            tries=int(raw.get("tries", 4)),
            confirm=bool(raw.get("confirm", field in PERSONAL)),
            consent=bool(raw.get("consent", field in PERSONAL)),
            contact_button=bool(raw.get("contact_button", field == "phone")),
            skip_if_known=bool(raw.get("skip_if_known", field == "phone")),
            next=str(raw.get("next") or ""),
            on_refusal=on_refusal,
            on_unclear=str(raw.get("on_unclear") or on_refusal),
            patience=Patience.parse(raw),
        )

    # --- asking

    def enter(self, desk: Desk) -> Move:
        if self.skip_if_known and self.field == "phone" and desk.facts.has_phone:
            return Go(self.next)
        given = answers.given(self.field, desk.opening) if desk.opening else None
        if given:
            self.patience.begin(desk)
            return self._take(desk, given)
        self._ask(desk, desk.wording(self.key, self.wordings))
        self.patience.begin(desk)
        return Wait()

    def prompt(self, desk: Desk) -> None:
        if desk.state.pending and desk.state.pending.kind == self.field:
            self._ask_confirmation(desk, desk.state.pending)
        else:
            self._ask(desk, desk.wording(f"{self.key}.retry", self.retries or self.wordings))

    def _ask(self, desk: Desk, text: str) -> None:
        button = self.contact_button and desk.facts.contact_button
        keys = ((Key(desk.text("share_contact"), asks_contact=True),),) if button else ()
        desk.say(text, keys=keys)

    # --- hearing

    def receive(self, desk: Desk, event: Event) -> Move | Unclear:
        match event:
            case Said(reading=reading):
                return self._hear(desk, reading)
            case SharedContact() if self.field == "phone":
                return self._take_card(desk, event)
            case Pressed(data=data) if data == f"{self.key}:yes" and desk.state.pending:
                return self._accept(desk, desk.state.pending, given_by=desk.text("yes"))
            case Pressed(data=data) if data == f"{self.key}:no":
                return self._retype(desk)
            case Alarm(name="later"):
                self.prompt(desk)
                self.patience.begin(desk)
                return Wait()
        return Unclear()

    def _hear(self, desk: Desk, reading: Reading) -> Move | Unclear:
        pending, given = desk.state.pending, answers.understood(self.field, reading)
        if pending and (given is None or given.value == pending.value):
            if reading.has(Intent.AFFIRM) or reading.text.strip() == "1":  # where buttons become a numbered list
                return self._accept(desk, pending, given_by=reading.text[:190])
            if reading.has(Intent.DENY, Intent.CORRECTION, Intent.REFUSES) or reading.text.strip() == "2":
                return self._retype(desk) if not reading.has(Intent.REFUSES) else self._refused(desk)
            return Unclear()
        if given:
            return self._take(desk, given)
        if reading.has(Intent.LATER):
            desk.say(desk.text("later"))
            self.patience.postpone(desk)
            return Wait()
        if reading.has(Intent.REFUSES) or (reading.has(Intent.DENY) and not reading.has(Intent.FAQ)):
            return self._refused(desk)
        return self._complain(desk, reading)

    def _complain(self, desk: Desk, reading: Reading) -> Unclear:
        complaint = answers.complaint(self.field, reading, desk)
        if complaint:
            desk.say(complaint)
        return Unclear(said=bool(complaint))

    def _take(self, desk: Desk, given: Answer) -> Move:
        pending = Pending(self.field, given.value, given.shown, given.others, given.extension)
        if not self.confirm and not self._needs_consent(desk):
            return self._accept(desk, pending, given_by=given.shown)
        desk.update(pending=pending)
        self._ask_confirmation(desk, pending)
        self.patience.begin(desk)
        return Wait()

    def _take_card(self, desk: Desk, card: SharedContact) -> Move | Unclear:
        if not card.is_own or not card.phone:
            desk.say(desk.text("contact_failed" if card.is_own else "foreign_contact"))
            return Unclear(said=True)
        # Pressing the channel's own "send my phone" under our question is the consent of the specification, section 15.
        return self._accept(desk, Pending("phone", card.phone, card.shown), given_by=desk.text("share_contact"))

    # --- confirming

    def _needs_consent(self, desk: Desk) -> bool:
        return self.consent and not desk.facts.has_consent

    def _ask_confirmation(self, desk: Desk, pending: Pending) -> None:
        name = "confirm_phones" if pending.others else f"confirm_{self.field}"
        shown = ", ".join((pending.shown, *pending.others))
        if pending.extension:
            shown += f" доб. {pending.extension}"
        text = desk.text(name if name in desk.script.texts else "confirm", answer=shown)
        yes, no = desk.text("yes"), desk.text("no")
        if self._needs_consent(desk):
            consent = render(desk.facts.consent_text, desk.variables())
            text += "\n\n" + desk.text("consent_line", yes=yes, consent=consent)
        desk.say(text, keys=((Key(yes, data=f"{self.key}:yes"), Key(no, data=f"{self.key}:no")),))

    def _accept(self, desk: Desk, pending: Pending, *, given_by: str) -> Move:
        if self._needs_consent(desk):
            text = render(desk.facts.consent_text, desk.variables())
            desk.do(RecordConsent(text, desk.facts.consent_version, given_by))
        if self.field in ("phone", "email", "name"):
            desk.do(KeepContact(self.field, pending.value, pending.extension))
            desk.track(f"{self.field}_given", step=self.key)
        desk.keep(self.name, pending.shown)
        desk.update(pending=None, recent=())
        return Go(self.next)

    def _retype(self, desk: Desk) -> Move:
        desk.update(pending=None, recent=())
        desk.say(desk.text("retype"))
        self.patience.begin(desk)
        return Wait()

    def _refused(self, desk: Desk) -> Move:
        count = desk.state.refusals + 1
        desk.update(refusals=count, pending=None, recent=())
        desk.track("refused", step=self.key)
        if count >= self.refusals and self.on_refusal:
            return Go(self.on_refusal)
        self._ask(desk, desk.wording(f"{self.key}.persuade", self.persuade or self.retries or self.wordings))
        self.patience.begin(desk)
        return Wait()

    # --- being checked

    def targets(self) -> Iterable[str]:
        after = (self.next, self.on_refusal, self.on_unclear, self.patience.on_timeout)
        return tuple(key for key in after if key)

    def texts(self) -> Iterable[str]:
        return (*self.wordings, *self.retries, *self.persuade, *self.patience.texts())

    def problems(self) -> Iterable[Problem]:
        if self.field not in answers.FIELDS:
            known = ", ".join(answers.FIELDS)
            yield Problem("unknown-field", self.key, f"it asks for {self.field!r}", f"set `field` to one of: {known}")
        if not self.wordings:
            yield Problem("empty-text", self.key, "it asks nothing", "give it a `text`")
        if not self.next:
            yield Problem("dead-end", self.key, "nothing follows the answer", "set `next`")
        if not self.on_refusal:
            yield Problem("dead-end", self.key, "a refusal leads nowhere", "set `on_refusal`")
        yield from self.patience.problems(self.key)

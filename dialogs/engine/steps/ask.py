"""ask: get one fact from the person: phone, name, e-mail, number, date or free text; understood, confirmed, consented to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from dialogs.engine import answers, asides
from dialogs.engine.answers import Answer
from dialogs.engine.desk import Desk
from dialogs.engine.effects import MAX_DATA_BYTES, KeepContact, Key, RecordConsent
from dialogs.engine.events import Alarm, Event, Pressed, Said, SharedContact
from dialogs.engine.patience import Patience
from dialogs.engine.problems import Problem
from dialogs.engine.reading import Intent, Reading
from dialogs.engine.state import Pending
from dialogs.engine.steps.base import Go, Move, Question, Unclear, Wait
from dialogs.engine.wordings import wordings_of

CONTINUABLE = "too_short"  # a number that the next message may complete
PERSONAL = ("phone", "email")  # stored only with consent, and worth confirming


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Question):
    """One question with an open answer."""

    kind: ClassVar[str] = "ask"
    asks: ClassVar[tuple[str, ...]] = (
        *("field", "name", "text", "retries", "persuade", "refusals", "tries", "confirm", "consent", "contact_button"),
        *("skip_if_known", "next", "on_refusal", "on_unclear", "on_unconfirmed", *Patience.SETTINGS),
    )
    field: str
    name: str
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
    on_unconfirmed: str = ""  # where silence leads when the contact was given but not confirmed

    @property
    def is_passed(self) -> bool:
        return self.skip_if_known and self.field == "phone"

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
            on_unconfirmed=str(raw.get("on_unconfirmed") or ""),
            patience=Patience.parse(raw),
        )

    # --- asking

    def enter(self, desk: Desk) -> Move:
        if self.skip_if_known and self.field == "phone" and desk.facts.has_phone:
            return Go(self.next)
        if desk.opening:
            asides.listen(desk, self.field, desk.opening.reading)
            if given := answers.given(self.field, desk.opening):
                self.patience.begin(desk)
                return self._take(desk, given)
        self._ask(desk, desk.wording(self.key, self.wordings), first=True)
        self.patience.begin(desk)
        return Wait()

    def prompt(self, desk: Desk) -> None:
        if pending := self._pending(desk):
            self._ask_confirmation(desk, pending, again=True)
        else:
            self._ask(desk, desk.wording(f"{self.key}.retry", self.retries or self.wordings))

    def remind(self, desk: Desk, text: str) -> None:
        if self._pending(desk):
            self.prompt(desk)
        else:
            desk.say(text)

    def expire(self, desk: Desk) -> Move:
        pending = self._pending(desk)
        if pending is None:
            return super(Ask, self).expire(desk)
        if not self._needs_consent(desk):
            return self._accept(desk, pending, given_by=pending.shown)
        desk.update(unconfirmed=pending)
        desk.track("unconfirmed", step=self.key)
        return Go(self.on_unconfirmed or self.patience.on_timeout)

    def _ask(self, desk: Desk, text: str, *, first: bool = False) -> None:
        keys: tuple[tuple[Key, ...], ...] = ()
        if self.contact_button and desk.facts.contact_button:
            button = desk.text("share_contact")
            keys = ((Key(button, asks_contact=True),),)
            if first and self._needs_consent(desk):  # what a press agrees to is said before it can be pressed
                text = f"{text}\n\n{desk.text('consent_button', button=button)}"
        desk.say(text, keys=keys)

    # --- hearing

    def receive(self, desk: Desk, event: Event) -> Move | Unclear:
        match event:
            case Said(reading=reading):
                return self._hear(desk, reading)
            case SharedContact() if self.field == "phone":
                return self._take_card(desk, event)
            case Pressed(data=data) if data == f"{self.key}:yes" and (pending := self._pending(desk)):
                return self._accept(desk, pending, given_by=desk.text("yes"))
            case Pressed(data=data) if data == f"{self.key}:no":
                return self._retype(desk)
            case Alarm(name="later"):
                self.prompt(desk)
                self.patience.begin(desk)
                return Wait()
        return Unclear()

    def _hear(self, desk: Desk, reading: Reading) -> Move | Unclear:
        aside = asides.listen(desk, self.field, reading)
        pending, given = self._pending(desk), answers.understood(self.field, reading)
        if pending and (given is None or given.value == pending.value):
            return self._hear_verdict(desk, pending, reading) or self._hear_more(desk, reading, aside)
        return self._take(desk, given) if given else self._hear_more(desk, reading, aside)

    def _hear_verdict(self, desk: Desk, pending: Pending, reading: Reading) -> Move | None:
        """Hear what the person thinks of the answer read back to them."""
        if reading.has(Intent.REFUSES):
            return self._refused(desk)
        number = reading.text.strip()  # where buttons become a numbered list
        if reading.has(Intent.DENY, Intent.CORRECTION) or number == "2":
            return None if reading.has(Intent.AFFIRM) else self._retype(desk)
        if reading.has(Intent.AFFIRM) or number == "1":
            return self._accept(desk, pending, given_by=reading.text[:190] or desk.text("yes"))  # a yes without words
        # Giving the same number once more confirms it, but agrees to nothing.
        again = reading.has(Intent.GIVES_PHONE) and not self._needs_consent(desk)
        return self._accept(desk, pending, given_by=reading.text[:190]) if again else None

    def _hear_more(self, desk: Desk, reading: Reading, aside: str) -> Move | Unclear:
        if reading.has(Intent.LATER) and not reading.has(Intent.CALLBACK):
            self.patience.postpone(desk, reading)
            return Wait()
        if not self._pending(desk) and answers.is_refusal(reading):
            return self._refused(desk)
        if complaint := answers.complaint(self.field, reading, desk):
            desk.say(complaint)
            if reading.phone_reason != CONTINUABLE:
                desk.update(recent=())
            if not self._pending(desk):
                desk.say(desk.text("again"))
            return Unclear(said=True, asked=not self._pending(desk))
        reply = aside or answers.acknowledgment(self.field, reading, desk)
        desk.say(reply)
        return Unclear(said=bool(reply))

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
        # The words agreed to stood above the button; pressing it is the consent of the specification, section 15.
        pending, button = Pending("phone", card.phone, card.shown), desk.text("share_contact")
        return self._accept(desk, pending, given_by=button, words=card.agreed_to)

    # --- confirming

    def _pending(self, desk: Desk) -> Pending | None:
        """Return the answer read back; an erasure or advertising that waits for a yes is none of ours."""
        pending = desk.state.pending
        return pending if pending is not None and pending.kind == self.field else None

    def _needs_consent(self, desk: Desk) -> bool:
        return (self.consent or self.field in PERSONAL) and not desk.facts.has_consent

    def _ask_confirmation(self, desk: Desk, pending: Pending, *, again: bool = False) -> None:
        name = "confirm_again" if again else "confirm_phones" if pending.others else f"confirm_{self.field}"
        shown = ", ".join((pending.shown, *pending.others))
        if pending.extension:
            shown += f" доб. {pending.extension}"
        text = desk.text(name if name in desk.texts else "confirm", answer=shown)
        yes, no = desk.text("yes"), desk.text("no")
        if self._needs_consent(desk) and not again:  # its words still stand above
            text += "\n\n" + desk.text("consent_line", yes=yes)
        desk.say(text, keys=((Key(yes, data=f"{self.key}:yes"), Key(no, data=f"{self.key}:no")),))

    def _accept(self, desk: Desk, pending: Pending, *, given_by: str, words: str = "") -> Move:
        agreed = self._needs_consent(desk)
        if agreed:
            desk.do(RecordConsent(words or desk.variables()["consent"], desk.facts.consent_version, given_by))
        if self.field in ("phone", "email", "name"):
            desk.do(KeepContact(self.field, pending.value, pending.extension))
            desk.track(f"{self.field}_given", step=self.key)
        desk.keep(self.name, pending.shown)
        desk.update(pending=None, unconfirmed=None, recent=())
        if agreed or desk.facts.has_consent:
            asides.settle(desk, pending)
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
        after = (self.next, self.on_refusal, self.on_unclear, self.on_unconfirmed, self.patience.on_timeout)
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
        if self.field in PERSONAL and not self.consent:
            yield Problem("no-consent", self.key, "it would store a contact without consent", "leave `consent` out")
        if len(f"{self.key}:yes".encode()) > MAX_DATA_BYTES:
            yield Problem("long-key", self.key, "its buttons need over 64 bytes", "shorten the step's key")
        yield from self.patience.problems(self.key)

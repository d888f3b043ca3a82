"""What the till tells a dialogue, and what works at every step about money: an old button, "я уже оплатил"."""

from dataclasses import replace

from dialogs.engine.claims import claims_payment
from dialogs.engine.effects import CancelTimers, CheckPayment, LeadOutcome, Say, SettleLead
from dialogs.engine.events import PaymentTold, Pressed, Said
from dialogs.engine.state import Mode
from dialogs.engine.steps.base import Go, Move, Unclear, Wait
from dialogs.engine.walking import Walk, run

PAID, ELSEWHERE = "paid", "paid_elsewhere"
# What is said of any other news; news without a text is not for the customer's ears.
TEXTS = {
    "partial": "payment_partial",
    "refunded": "payment_refunded",
    "failed": "payment_failed",
    "review": "payment_review",
    "unpaid": "payment_unpaid",
    "checking": "payment_checking",
}
AFTER_SALE = "after_sale"  # a value: the after-sale step waits until the human gives the dialogue back


def told(walk: Walk, event: PaymentTold) -> None:
    """Hear the till, whatever step or mode the dialogue stands in."""
    if event.what == PAID:
        _paid(walk, event)
    elif event.what == ELSEWHERE:
        walk.do(CancelTimers())
    elif (name := TEXTS.get(event.what)) is not None:
        _say(walk, name, event)


def _paid(walk: Walk, event: PaymentTold) -> None:
    """Thank, end the warming, and go on after the sale; while a human has the word, only thank."""
    step = walk.script.till
    walk.do(CancelTimers())
    walk.update(assistant=replace(walk.state.assistant, waits=False))  # what it was asked before the money is stale
    walk.keep("paid", "yes")
    walk.keep("bought", " ".join(dict.fromkeys([*walk.state.values.get("bought", "").split(), *event.codes])))
    walk.track("paid", order=event.order)
    _say(walk, "payment_paid", event)
    if step is None or not step.paid:
        return
    if walk.state.mode is Mode.HANDED_OVER:
        walk.keep(AFTER_SALE, "waits")
        return
    walk.update(mode=Mode.TALKING, outcome="", pending=None)
    run(walk, Go(step.paid))


def returned(walk: Walk) -> Move | None:
    """Return where the dialogue goes on when the human gives it back: after the sale, if it was made meanwhile."""
    step = walk.script.till
    if step is None or walk.state.values.get(AFTER_SALE) != "waits":
        return None
    walk.keep(AFTER_SALE, "")
    return Go(step.paid)


def _say(walk: Walk, name: str, event: PaymentTold) -> None:
    extra = {
        "payment.product": event.product,
        "payment.amount": event.amount,
        "payment.left": event.left,
        "payment.order": event.order,
    }
    walk.do(Say(walk.text(name, **extra), beside_human=True))


def recall(walk: Walk, pressed: Pressed) -> Move | None:
    """Hear a button of the payment step pressed at another step, or long ago."""
    step = walk.script.till
    if step is None or not pressed.data.startswith(f"{step.key}:pay:"):
        return None
    move = step.receive(walk, pressed)
    if isinstance(move, Unclear):
        return None  # not on sale any more, or never was
    if walk.state.mode is Mode.ENDED:
        walk.do(SettleLead(LeadOutcome.REOPENED, "customer_came_back"))
    walk.update(mode=Mode.TALKING, outcome="", step=step.key, tries=0, refusals=0, recent=(), pending=None)
    return move


def claim(walk: Walk, said: Said) -> Move | None:
    """Look whether the money is here when somebody says so."""
    if walk.script.till is None or not claims_payment(said.reading.text):
        return None
    walk.say(walk.text("payment_claim"))  # before the look: what it finds may be said in this very turn
    walk.do(CheckPayment(walk.text("payment_none"), walk.text("payment_known")))
    walk.track("payment_claimed")
    return Wait()

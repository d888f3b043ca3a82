"""Rules about offers: when one is due, when it may be made again, and when there is nothing to offer."""

from dialogs.engine.policy.draft import OFFERS, Draft, Ruling, phrase_for, refused
from dialogs.engine.policy.facts import PolicyFacts
from dialogs.engine.policy.links import is_shown, with_material
from dialogs.engine.policy.signals import Signal, asks_for, signals_in
from dialogs.engine.policy.wording import words_of_offer
from dialogs.engine.proposals import NextAction

ENOUGH_DOUBTS = 3  # in a row, the one at hand included
CONFIDENT = 0.5


def is_doubtful(confidence: float) -> bool:
    """Tell whether a proposal is not sure of itself; what is no number is not sure either."""
    return not confidence >= CONFIDENT


def doubts_after(confidence: float, facts: PolicyFacts) -> int:
    """Return how many doubtful proposals in a row there are, with this one; a call for a person begins the count anew."""
    doubts = facts.doubts + 1 if is_doubtful(confidence) else 0
    return 0 if doubts >= ENOUGH_DOUBTS else doubts


def third_doubt_calls_a_person(draft: Draft, facts: PolicyFacts) -> Ruling:
    """Who was unsure three times in a row gives the word to a manager."""
    if not is_doubtful(draft.confidence) or facts.doubts + 1 < ENOUGH_DOUBTS:
        return Ruling(draft)
    if draft.next_action is NextAction.ESCALATE:
        return Ruling(draft, "doubts")
    escalate = NextAction.ESCALATE
    return refused(
        draft, "doubts", str(facts.doubts + 1), text=phrase_for(escalate, facts), next_action=escalate, buttons=()
    )


def is_possible(action: NextAction, facts: PolicyFacts) -> bool:
    """Tell whether there is anything behind an action."""
    match action:
        case NextAction.OFFER_CONSULT:
            return facts.can_book
        case NextAction.OFFER_PAYMENT:
            return facts.can_pay and bool(facts.products)
        case NextAction.SHOW_MATERIALS:
            return bool(facts.materials)
    return True


def action_is_possible(draft: Draft, facts: PolicyFacts) -> Ruling:
    """Nothing is offered that cannot be given."""
    if is_possible(draft.next_action, facts):
        return Ruling(draft)
    detail = draft.next_action.value
    if draft.next_action in OFFERS:  # the words offer it too
        ask = NextAction.ASK
        return refused(draft, "impossible", detail, text=phrase_for(ask, facts), next_action=ask)
    return refused(draft, "impossible", detail, next_action=NextAction.ASK)


def is_open(offer: NextAction, facts: PolicyFacts) -> bool:
    """Tell whether an offer may be made now: possible, and new, asked for, or worth more than the last time."""
    if not is_possible(offer, facts):
        return False
    return offer != facts.last_offer or asks_for(offer, facts.said) or bool(facts.new_proofs())


CLAIMS_PAYMENT = "claims_payment"


def due_offer(facts: PolicyFacts) -> NextAction | None:
    """Return the offer a hot customer who means to act is owed: the one asked for, else the consultation, else the payment."""
    signals = signals_in(facts.said)
    means_to_act = bool(signals) or not facts.said or not facts.offered  # who comes to the talk hot need not ask for it
    if facts.segment != "hot" or not means_to_act or CLAIMS_PAYMENT in facts.suspicions:
        return None  # who says that they have paid is not asked to pay
    first = OFFERS[::-1] if Signal.PAY in signals and Signal.CONSULT not in signals else OFFERS
    return next((offer for offer in first if is_open(offer, facts)), None)


def hot_means_offer(draft: Draft, facts: PolicyFacts) -> Ruling:
    """A hot customer who means to act gets an offer, not another question."""
    if draft.next_action in (*OFFERS, NextAction.ESCALATE):
        return Ruling(draft)
    offer = due_offer(facts)
    if offer is None:
        return Ruling(draft)
    return refused(draft, "offer_due", offer.value, text=words_of_offer(draft.text, offer, facts), next_action=offer)


def no_offer_twice_without_new_value(draft: Draft, facts: PolicyFacts) -> Ruling:
    """The same offer again brings a case or a review the customer has not had; when none is left, something else is done."""
    offer = draft.next_action
    if offer not in OFFERS or offer != facts.last_offer:
        return Ruling(draft)
    if asks_for(offer, facts.said):
        return Ruling(draft, "asked_for")
    proofs = facts.new_proofs()
    if any(is_shown(proof, draft.text) for proof in proofs):
        return Ruling(draft, "new_value")
    longer = with_material(draft.text, proofs, facts)
    if longer != draft.text:
        return refused(draft, "value_added", longer.rsplit("\n", 1)[-1], text=longer)
    other = due_offer(facts)
    action = other if other is not None and other != offer else NextAction.ASK
    return refused(draft, "same_offer", offer.value, text=phrase_for(action, facts), next_action=action)

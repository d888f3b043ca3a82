"""`decide(proposal, facts) -> Decision`: every rule in turn, each mending what breaks it, and once more over the result.

A function of its arguments. Whatever is proposed, the decision is allowed, and it says something; only while a manager speaks
it is silence.
"""

from dataclasses import replace

from dialogs.engine.policy import amounts, buttons, calendar, links, offers, promises, wording
from dialogs.engine.policy.draft import Draft, Rule, phrase_for
from dialogs.engine.policy.facts import PolicyFacts
from dialogs.engine.policy.phrases import PHRASES
from dialogs.engine.proposals import Decision, NextAction, Proposal, Verdict

# First the words are made plain; then what is to be done; then what may not be said; at last how long and how it is asked.
RULES: tuple[Rule, ...] = (
    wording.plain_text,
    offers.third_doubt_calls_a_person,
    offers.action_is_possible,
    links.links_to_known_materials,
    amounts.no_invented_amount,
    calendar.no_invented_date,
    promises.no_invented_promise,
    promises.one_product,
    wording.says_something,
    wording.nothing_said_twice,
    offers.hot_means_offer,
    wording.short_enough,
    offers.no_offer_twice_without_new_value,
    links.materials_are_shown,
    wording.one_question,
    buttons.buttons_from_the_allowed_set,
)
OVER_A_MANAGER = "never_over_a_manager"
LAST_RESORT = "last_resort"


def decide(proposal: Proposal, facts: PolicyFacts) -> Decision:
    """Return what will be said and done, and what each rule made of the proposal."""
    if facts.manager_speaks:
        return Decision("", (), NextAction.ESCALATE, (Verdict(OVER_A_MANAGER, allowed=False, reason="manager_speaks"),))
    draft = Draft.of(proposal)
    draft, verdicts = _judge(draft, facts)
    verdicts = (Verdict(OVER_A_MANAGER, allowed=True), *verdicts)
    draft, again = settled(draft, facts)
    return Decision(draft.text, draft.buttons, draft.next_action, (*verdicts, *again))


def settled(draft: Draft, facts: PolicyFacts) -> tuple[Draft, tuple[Verdict, ...]]:
    """Return a draft every rule allows as it is: the one given, mended once more, or our own words."""
    if is_allowed(draft, facts):
        return draft, ()
    mended, _ = _judge(draft, facts)
    if is_allowed(mended, facts):
        return mended, ()
    ours = replace(facts, phrases=PHRASES)
    ask, escalate = (_own_words(action, ours, draft) for action in (NextAction.ASK, NextAction.ESCALATE))
    own = ask if is_allowed(ask, ours) else escalate
    return own, (Verdict(LAST_RESORT, allowed=False, reason=own.next_action.value),)


def _own_words(action: NextAction, facts: PolicyFacts, draft: Draft) -> Draft:
    return Draft(phrase_for(action, facts), (), action, draft.confidence)


def is_allowed(draft: Draft, facts: PolicyFacts) -> bool:
    """Tell whether no rule would change or refuse this."""
    mended, verdicts = _judge(draft, facts)
    return mended == draft and all(verdict.allowed for verdict in verdicts)


def _judge(draft: Draft, facts: PolicyFacts) -> tuple[Draft, tuple[Verdict, ...]]:
    verdicts: list[Verdict] = []
    for rule in RULES:
        ruling = rule(draft, facts)
        verdicts.append(Verdict(rule.__name__, ruling.allowed, ruling.reason))
        draft = ruling.draft
    return draft, tuple(verdicts)

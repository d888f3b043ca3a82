"""The rules an answer went through, and what they found, in the words of the back office."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from dialogs.engine.proposals import NextAction

RULES: Mapping[str, Any] = {
    "never_over_a_manager": _("A manager is not talked over"),
    "plain_text": _("Plain words, nothing hidden"),
    "third_doubt_calls_a_person": _("The third doubt in a row calls a person"),
    "action_is_possible": _("Only what can be given is offered"),
    "links_to_known_materials": _("Links lead to known materials only"),
    "no_invented_amount": _("No invented price or percentage"),
    "no_invented_date": _("No invented day or time"),
    "no_invented_promise": _("No invented discount, gift, refund or instalment"),
    "one_product": _("One product is shown"),
    "says_something": _("The answer says something"),
    "nothing_said_twice": _("Nothing is said twice in a row"),
    "hot_means_offer": _("A hot customer who means to act gets an offer"),
    "short_enough": _("The answer is short enough"),
    "no_offer_twice_without_new_value": _("The same offer again brings something new"),
    "materials_are_shown": _("Who promises a material sends it"),
    "one_question": _("One question at a time"),
    "buttons_from_the_allowed_set": _("Only buttons we understand"),
    "last_resort": _("Our own words, the last resort"),
}
SAFETY = "safety"
# The safety rules, as `prompts/safety_policies.txt` names them; a turn's record has each that fired as "safety.<name>".
FORBIDDEN: Mapping[str, Any] = {
    "income_promise": _("No promise of income"),
    "quantified_income": _("No income in figures"),
    "no_risk": _("Nothing is called riskless"),
    "urgency": _("No invented hurry"),
    "pressure": _("No pressure"),
    "toxicity": _("No rudeness"),
    "personal_data": _("No contacts or data of others"),
    "prompt_leak": _("Its own instructions are not told"),
    "role_change": _("It stays who it is"),
    "payment_claim": _("No payment is confirmed on somebody's word"),
}
ACTIONS: Mapping[str, Any] = {
    NextAction.ASK: _("goes on talking"),
    NextAction.SHOW_MATERIALS: _("shows a material"),
    NextAction.OFFER_CONSULT: _("offers a consultation"),
    NextAction.OFFER_PAYMENT: _("offers to pay"),
    NextAction.ESCALATE: _("calls a manager"),
}
PROVIDERS: Mapping[str, Any] = {"openai": _("language model"), "scripted": _("seller by rules")}
FALLBACKS: Mapping[str, Any] = {
    "no_key": _("no key of a language model is set"),
    "unusable": _("the model's answer could not be used"),
    "declined": _("the model would not answer"),
    "too_slow": _("the model did not answer in time"),
    "unreachable": _("the model could not be reached"),
    "too_many": _("the model asked to come later"),
    "misconfigured": _("the key, the model or the account is refused"),
    "breaker": _("the model had failed again and again: it was left alone for a while"),
    "day_limit": _("the spending limit of the day is reached"),
    "conversation_limit": _("the spending limit of the dialogue is reached"),
    "late": _("the assistant's worker did not get to it"),
    "prompt": _("a prompt could not be used"),
    "error": _("an error of the provider that nobody foresaw"),
}
REASONS: Mapping[str, Any] = {
    "manager_speaks": _("a manager has the dialogue: nothing was said"),
    "placeholder": _("taken out, a placeholder was left open"),
    "markup": _("markup or hidden characters were taken out"),
    "doubts": _("unsure so many times in a row: a manager was called"),
    "impossible": _("there is nothing behind it; something else was done instead"),
    "unknown_link": _("taken out, the address is none of ours"),
    "unknown_amount": _("taken out, no text of ours names this sum or percentage"),
    "unknown_date": _("taken out, this time is not free and stands in no text of ours"),
    "unknown_promise": _("taken out, no text of ours offers this"),
    "second_product": _("what was said of a second product was taken out"),
    "empty": _("no words were left: our own were said"),
    "repeated": _("it had just been said: our own words were said instead"),
    "offer_due": _("the offer was made in place of the question"),
    "too_long": _("shortened; it had so many characters"),
    "asked_for": _("the customer asked for it"),
    "new_value": _("with a case or review that is new to the customer"),
    "value_added": _("this case or review was added"),
    "same_offer": _("nothing new was left to add: something else was done"),
    "material_added": _("this material was added"),
    "no_material": _("there was none that fits: nothing is shown"),
    "many_questions": _("only the last question stayed; there were so many"),
    "button": _("this button was taken away"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One verdict as the page shows it."""

    rule: Any
    allowed: bool
    reason: Any
    detail: str


def lines_of(verdicts: Iterable[Mapping[str, Any]]) -> list[Line]:
    """Return verdicts in words; a name nobody translated speaks for itself."""
    return [_line(str(item["rule"]), bool(item["allowed"]), str(item.get("reason") or "")) for item in verdicts]


def _line(rule: str, allowed: bool, reason: str) -> Line:
    code, _colon, detail = reason.partition(": ")
    known = code in REASONS
    return Line(
        rule_in_words(rule), allowed, REASONS[code] if known else "", action_in_words(detail if known else reason)
    )


def rule_in_words(rule: str) -> Any:
    """Return what a rule asks for; the safety rules' verdicts begin with whose they are."""
    if rule == SAFETY:
        return _("Nothing forbidden is said")
    return FORBIDDEN.get(rule.removeprefix(f"{SAFETY}."), rule) if rule.startswith(SAFETY) else RULES.get(rule, rule)


def action_in_words(text: str) -> Any:
    """Return what the assistant does, when `text` is the code of that; else `text`."""
    return ACTIONS.get(text, text)

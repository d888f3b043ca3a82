"""The words a provider works by: the prompt files of the dialogue's version, with what is known of the customer filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dialogs.assistant.context import Context
from dialogs.engine.policy import KnownMaterial
from dialogs.engine.policy.phrases import PHRASES as USUAL
from dialogs.engine.proposals import NextAction
from dialogs.prompts.catalogue import PLACEHOLDER
from dialogs.prompts.choice import prompt_for
from dialogs.prompts.files import Prompt, PromptError, fill

SYSTEM, MATERIALS, SAFETY, ANSWERS = "system_manager", "materials_selector", "safety_policies", "help_faq"
CONSULT, PAYMENT = "consult_offer", "payment_offer"
USED = (SYSTEM, MATERIALS, SAFETY, ANSWERS, CONSULT, PAYMENT)
ANSWERS_TITLE = "ОТВЕТЫ НА ЧАСТЫЕ ВОПРОСЫ"
# Said to customers, and the offer the policy makes in their words where a proposal made none.
SPOKEN: Mapping[str, NextAction | None] = {
    ANSWERS: None,
    CONSULT: NextAction.OFFER_CONSULT,
    PAYMENT: NextAction.OFFER_PAYMENT,
}
TELLING = ("help", "offer", "caution")  # sections that state facts about what is offered


def instructions_for(context: Context, version_id: int, *, today: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the system prompt and the version of each prompt that rules the turn; raises `PromptError`."""
    prompts = {name: prompt_for(version_id, name) for name in USED}
    values = values_of(context, today=today)
    parts = [fill(prompts[SYSTEM], values)]
    if context.materials and (hint := hint_for(prompts[MATERIALS], context.segment)):
        parts.append(fill(prompts[MATERIALS], values, text=hint))
    if answers := answers_in(prompts[ANSWERS]):
        parts.append("\n".join((ANSWERS_TITLE, *answers)))
    return "\n\n".join(parts), tuple((name, str(prompt.version)) for name, prompt in prompts.items())


def answers_in(prompt: Prompt) -> tuple[str, ...]:
    """Return the frequent questions with their answers: the sections whose title asks."""
    asked = ((title, texts) for title, texts in prompt.sections.items() if title.endswith("?") and texts)
    return tuple(f"{title} {texts[0]}" for title, texts in asked)


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What a dialogue's version says by itself: the policy's phrases, and texts whose facts are true."""

    phrases: Mapping[str, tuple[str, ...]]
    known: tuple[str, ...] = ()


def own_words(version_id: int) -> OwnWords:
    """Return the words of the prompts said to customers; a prompt that cannot be read leaves the usual ones."""
    phrases, known = dict(USUAL), []
    for name, action in SPOKEN.items():
        try:
            prompt = prompt_for(version_id, name)
        except PromptError:
            continue
        known += [
            PLACEHOLDER.sub("", text) for title, texts in prompt.sections.items() if _tells(title) for text in texts
        ]
        if action is not None:
            phrases[action.value] = prompt.sections.get("suggest") or phrases[action.value]
    return OwnWords(phrases, tuple(known))


def _tells(section: str) -> bool:
    return section.endswith("?") or section in TELLING


def hint_for(prompt: Prompt, segment: str) -> str:
    """Return how to mix materials for a segment; somebody unknown is only looking around."""
    wordings = prompt.sections.get(segment) or prompt.sections.get("cold") or ("",)
    return wordings[0]


def values_of(context: Context, *, today: str) -> dict[str, str]:
    """Return what stands in the placeholders; what is not known is said to be so by the prompt's reader."""
    return {
        "business_name": context.business,
        "today": today,
        "customer_name": context.name,
        "profile": context.persona,
        "survey_summary": "; ".join(f"{name}: {value}" for name, value in context.answers.items()),
        "segment": context.segment,
        "stage": context.stage,
        "scenario": context.persona,
        "goal": context.manners.goal,
        "last_message": context.said,
        "materials": _titles(context.materials),
        "products": "; ".join(item.title for item in context.products),
        "slots": "; ".join(context.slots),
        "buttons": "; ".join(context.buttons),
    }


def _titles(materials: Sequence[KnownMaterial]) -> str:
    return "; ".join(item.title for item in materials)

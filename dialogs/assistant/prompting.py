"""The words a provider works by: the prompt files of the dialogue's version, with what is known of the customer filled in."""

from collections.abc import Sequence

from dialogs.assistant.context import Context
from dialogs.engine.policy import KnownMaterial
from dialogs.prompts.choice import prompt_for
from dialogs.prompts.files import Prompt, fill

SYSTEM, MATERIALS, SAFETY = "system_manager", "materials_selector", "safety_policies"
USED = (SYSTEM, MATERIALS, SAFETY)


def instructions_for(context: Context, version_id: int, *, today: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the system prompt and the version of each prompt that rules the turn; raises `PromptError`."""
    prompts = {name: prompt_for(version_id, name) for name in USED}
    values = values_of(context, today=today)
    parts = [fill(prompts[SYSTEM], values)]
    if context.materials and (hint := hint_for(prompts[MATERIALS], context.segment)):
        parts.append(fill(prompts[MATERIALS], values, text=hint))
    return "\n\n".join(parts), tuple((name, str(prompt.version)) for name, prompt in prompts.items())


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

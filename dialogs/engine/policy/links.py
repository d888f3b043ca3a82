"""Rules about addresses: only those of known materials are sent, whatever they look like."""

import re
from functools import lru_cache

from dialogs.engine.policy.draft import Draft, Ruling, refused
from dialogs.engine.policy.facts import KnownMaterial, PolicyFacts
from dialogs.engine.policy.pieces import REMEMBERED, paragraphs, without
from dialogs.engine.proposals import NextAction

_ZONES = (
    "ru|su|рф|by|kz|ua|uz|am|ge|com|org|net|info|biz|io|me|ai|co|cc|to|tv|gg|ly|app|dev|pro|online|site|website|shop|store|"
    "club|xyz|top|link|live|space|tech|world|finance|exchange|money|cash|trade|wiki|page|art|life|vip|one|eu|de|uk|us|cn"
)
LINK = re.compile(
    r"[a-z][a-z0-9+.\-]{1,20}://\S+|www\.\S+|(?:mailto|tel|javascript|data):\S+"
    r"|[\w.+\-]+@[\w\-]+\.[\w.\-]+"
    rf"|(?<![\w@./-])(?:[\w\-]+\.)+(?:{_ZONES})(?![\w\-])(?:[/?#:]\S*)?"
    r"|(?<!\w)@[a-z]\w{2,}",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w.,])(?:\+\s?\d|[789])(?:[\s().\-]{0,2}\d){9,}")
_TAIL = ".,;:!?…)]}»\"'*"


@lru_cache(maxsize=REMEMBERED)
def links_in(text: str) -> tuple[str, ...]:
    """Return the addresses, handles and phone numbers of a text, as one compares them."""
    phones = ["".join(char for char in match if char.isdigit())[-10:] for match in _PHONE.findall(LINK.sub(" ", text))]
    return (*(_comparable(match) for match in LINK.findall(text)), *phones)


def _comparable(link: str) -> str:
    return link.rstrip(_TAIL).rstrip("/").casefold().removeprefix("https://").removeprefix("http://")


def known_links(facts: PolicyFacts) -> frozenset[str]:
    """Return what may be sent: the materials, and what the business itself publishes."""
    published = [link for text in facts.known for link in links_in(text)]
    return frozenset([*(_comparable(item.url) for item in facts.materials if item.url), *published])


def links_to_known_materials(draft: Draft, facts: PolicyFacts) -> Ruling:
    """A sentence with an address nobody gave us goes."""
    known = known_links(facts)
    text, dropped = without(draft.text, lambda words: any(link not in known for link in links_in(words)))
    return refused(draft, "unknown_link", dropped, text=text) if dropped else Ruling(draft)


def is_shown(material: KnownMaterial, text: str) -> bool:
    """Tell whether the text holds the material: its address, or its title where it has none."""
    if material.url:
        return _comparable(material.url) in links_in(text)
    return bool(material.title.strip()) and " ".join(material.title.split()) in text


def line_of(material: KnownMaterial) -> str:
    """Return the material as one line under an answer."""
    if material.url:
        return " ".join(f"{material.title}: {material.url}".split()).removeprefix(": ")
    return " ".join(f"{material.title}. {material.text}".split()).removeprefix(". ")


def with_material(text: str, materials: tuple[KnownMaterial, ...], facts: PolicyFacts) -> str:
    """Return the text with the first material that fits under it; unchanged when none does."""
    for material in materials:
        longer = paragraphs(text, line_of(material))
        if len(longer) <= facts.limit and is_shown(material, longer):
            return longer
    return text


def materials_are_shown(draft: Draft, facts: PolicyFacts) -> Ruling:
    """Who promises a material sends one."""
    if draft.next_action is not NextAction.SHOW_MATERIALS:
        return Ruling(draft)
    if any(is_shown(material, draft.text) for material in facts.materials):
        return Ruling(draft)
    fresh = tuple(item for item in facts.materials if item.key not in facts.shown)
    longer = with_material(draft.text, (*fresh, *facts.materials), facts)
    if longer != draft.text:
        return refused(draft, "material_added", longer.rsplit("\n", 1)[-1], text=longer)
    return refused(draft, "no_material", next_action=NextAction.ASK)

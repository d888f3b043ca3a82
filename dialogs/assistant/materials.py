"""Which few materials and products fit a customer now: by segment, tags and stage; the same for the LLM and without it."""

from collections.abc import Iterable, Sequence

from content.models import Material, Product
from dialogs.engine.doubts import TAGS
from dialogs.engine.policy import KnownMaterial, KnownProduct

PROOFS = (Material.Type.CASE, Material.Type.REVIEW)
FOR_A_DOUBT, FOR_A_TAG, FOR_A_STAGE, FOR_PROOF = 4, 2, 1, 1  # what makes a material fit, and how much


def pick(
    materials: Iterable[Material],
    *,
    segment: str,
    tags: Sequence[str] = (),
    stage: str = "",
    doubts: Sequence[str] = (),
    shown: Sequence[str] = (),
    k: int = 3,
) -> list[Material]:
    """Return up to `k` materials of a segment and stage, the best fitting first; those not shown yet come before the others."""
    wanted = tags_of(doubts)

    def worth(item: Material) -> int:
        score = FOR_A_DOUBT * len(wanted & set(item.tags)) + FOR_A_TAG * len(set(tags) & set(item.tags))
        return score + FOR_A_STAGE * (item.stage == stage != "") + FOR_PROOF * (item.type in PROOFS)

    fitting = [
        item
        for item in materials
        if (not item.segments or not segment or segment in item.segments) and item.stage in ("", stage)
    ]
    fitting.sort(key=lambda item: (item.key in shown, -worth(item), item.key))
    return fitting[:k]


def tags_of(doubts: Iterable[str]) -> set[str]:
    """Return the tags that answer these doubts."""
    return {tag for code in doubts for tag in TAGS.get(code, ())}


def answers_doubt(item: Material, doubts: Iterable[str]) -> bool:
    """Tell whether a material speaks to one of these doubts."""
    return bool(tags_of(doubts) & set(item.tags))


def products_for(products: Iterable[Product], persona: str, *, k: int = 2) -> list[Product]:
    """Return up to `k` products, the one that suits the persona first: it is the one that is shown."""
    ordered = sorted(products, key=lambda item: (persona not in item.personas, item.order, item.pk))
    return ordered[:k]


def known_material(item: Material) -> KnownMaterial:
    """Return a material as the rules and the providers know it."""
    return KnownMaterial(key=item.key, kind=item.type, title=item.title, url=item.url, text=item.body)


def known_product(item: Product) -> KnownProduct:
    """Return a product as the rules and the providers know it."""
    text = "\n".join(filter(None, (item.audience, item.description)))
    return KnownProduct(code=item.code, title=item.name, price=f"{item.price:.2f}", text=text)

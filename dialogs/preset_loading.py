"""The products as files: `dialogs/presets/<key>.yaml` is a scenario, `<key>.content.yaml` the texts that go with it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from content.models import BusinessProfile, Faq, Snippet
from dialogs.drafts import import_draft, parse_yaml
from dialogs.models import Scenario
from dialogs.publishing import publish
from dialogs.understanding.catalogue import default_items

FOLDER = Path(__file__).parent / "presets"


def available() -> list[str]:
    """Return the keys of all presets."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml") if not path.stem.endswith(".content"))


def script_file(key: str) -> Path:
    """Return the preset's file; raises `LookupError` with the known keys."""
    if key not in available():
        raise LookupError(f"no preset {key!r}; known: {', '.join(available())}")
    return FOLDER / f"{key}.yaml"


def load_preset(key: str) -> Scenario:
    """Import and publish a preset with its content; what an admin has edited since is left as it is."""
    raw = parse_yaml(script_file(key).read_text(encoding="utf-8"))
    existing = Scenario.objects.filter(key=key, current__isnull=False).first()
    scenario = existing or import_draft(raw)
    if existing is None:
        publish(scenario, note="preset")
    content = FOLDER / f"{key}.content.yaml"
    if content.exists():
        _load_content(yaml.safe_load(content.read_text(encoding="utf-8")) or {})
    scenario.refresh_from_db()
    return scenario


def faq_of(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the FAQ of a content file: its own entries, then the common ones it asks for and does not replace."""
    own: list[dict[str, Any]] = list(content.get("faq", ()))
    if not content.get("common_faq"):
        return own
    keys = {item["key"] for item in own}
    return [*own, *(item for item in default_items() if item["key"] not in keys)]


def _load_content(raw: dict[str, Any]) -> None:
    for order, item in enumerate(faq_of(raw)):
        variants = "\n".join(item.get("variants", ()))
        keywords = ", ".join(item.get("keywords", ()))
        values = {"question": item["question"], "answer": item["answer"], "variants": variants, "keywords": keywords}
        Faq.objects.get_or_create(key=item["key"], defaults={**values, "order": order})
    for item in raw.get("snippets", ()):
        Snippet.objects.get_or_create(key=item["key"], defaults={"title": item["title"], "text": item["text"]})
    profile = BusinessProfile.current()
    if not profile.name and raw.get("business"):
        BusinessProfile.objects.filter(pk=profile.pk).update(**raw["business"])

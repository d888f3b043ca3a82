"""The products as files: `dialogs/presets/<key>.yaml` is a scenario, `<key>.content.yaml` the texts that go with it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from content.consents import keep_versions
from content.models import Bonus, BusinessProfile, Faq, Material, Product, Snippet
from crm.models import ScheduleRule
from dialogs.drafts import import_draft, parse_yaml
from dialogs.menu_loading import load_menu
from dialogs.models import Scenario
from dialogs.publishing import publish
from dialogs.understanding.catalogue import default_items

FOLDER = Path(__file__).parent / "presets"
FIRST = "first-contact"  # its content was the whole library before there was a second product


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
        _load_content(yaml.safe_load(content.read_text(encoding="utf-8")) or {}, key)
    scenario.refresh_from_db()
    return scenario


def faq_of(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the FAQ of a content file: its own entries, then the common ones it asks for and does not replace."""
    own: list[dict[str, Any]] = list(content.get("faq", ()))
    if not content.get("common_faq"):
        return own
    keys = {item["key"] for item in own}
    return [*own, *(item for item in default_items() if item["key"] not in keys)]


def _load_content(raw: Mapping[str, Any], key: str) -> None:
    """Write what is not there yet; it belongs to the preset's scenario, so that two products never answer for each other."""
    _load_faq(raw, key)
    for item in raw.get("snippets", ()):
        if not _is_there(Snippet, item["key"], key):
            Snippet.objects.create(scenario_key=key, key=item["key"], title=item["title"], text=item["text"])
    for model, name in ((Bonus, "bonuses"), (Material, "materials")):
        for order, item in enumerate(raw.get(name, ())):
            place = {"order": order} if model is Bonus else {}
            rest = {field: value for field, value in item.items() if field != "key"}
            model.objects.get_or_create(key=item["key"], defaults={**place, **rest, "scenario_key": key})
    for order, item in enumerate(raw.get("products", ())):
        rest = {field: value for field, value in item.items() if field != "key"}
        Product.objects.get_or_create(code=item["key"], defaults={**rest, "order": order, "scenario_key": key})
    if not ScheduleRule.objects.exists():
        ScheduleRule.objects.bulk_create(ScheduleRule(**item) for item in raw.get("schedule_rules", ()))
    load_menu(raw, key)
    _load_profile(raw.get("business") or {}, key)


def _load_faq(raw: Mapping[str, Any], key: str) -> None:
    for order, item in enumerate(faq_of(raw)):
        if _is_there(Faq, item["key"], key):
            continue
        variants = "\n".join(item.get("variants", ()))
        keywords = ", ".join(item.get("keywords", ()))
        values = {"question": item["question"], "answer": item["answer"], "variants": variants, "keywords": keywords}
        Faq.objects.create(scenario_key=key, key=item["key"], order=order, **values)


def _is_there(model: type[Faq] | type[Snippet], name: str, key: str) -> bool:
    """Tell whether the row was loaded before, maybe by a release that had one library for all."""
    rows = model.objects.filter(key=name)
    return rows.filter(scenario_key=key).exists() or (key == FIRST and rows.filter(scenario_key="").exists())


def _load_profile(business: Mapping[str, Any], key: str) -> None:
    """The house takes the first product's profile; each further product speaks in its own name."""
    if not business:
        return
    profile = BusinessProfile.current()
    if not profile.name and key == FIRST:
        BusinessProfile.objects.filter(pk=profile.pk).update(**business)
    elif key != FIRST:
        BusinessProfile.objects.get_or_create(scenario_key=key, defaults=dict(business))
    for row in BusinessProfile.objects.all():
        keep_versions(row)

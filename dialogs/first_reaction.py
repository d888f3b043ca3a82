"""What a scenario makes of one message: what was understood, and what would be said at its first question."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from django.db import OperationalError, ProgrammingError

from content.models import BusinessProfile
from dialogs.drafts import parse_yaml
from dialogs.engine.advance import advance
from dialogs.engine.effects import Say
from dialogs.engine.events import Said, Started
from dialogs.engine.facts import Exhibit, Facts
from dialogs.engine.rendering import render
from dialogs.engine.script import Script, load
from dialogs.engine.state import State
from dialogs.models import Scenario
from dialogs.preset_loading import faq_of, script_file
from dialogs.prompts.expanding import expanded, wordings_of
from dialogs.publishing import script_of
from dialogs.reception import Ears
from dialogs.session import Surroundings, asked_field
from dialogs.surroundings import look_around, questions
from dialogs.understanding.faq import FaqEntry
from dialogs.understanding.reader import Reader


@dataclass(frozen=True, slots=True)
class Stage:
    """A script, standing at its first question."""

    script: Script
    around: Surroundings
    state: State

    def react(self, text: str) -> dict[str, Any]:
        """Return what was understood and said, as plain JSON."""
        ears = self.around.ears
        reading = ears.reader.read([text], asked=asked_field(self.script, self.state), today=ears.today)
        turn = advance(self.script, self.state, Said(reading), facts_of(self.around), self.around.now)
        return {
            "text": text,
            "intents": [str(intent) for intent in reading.intents],
            "faq": [hit.key for hit in reading.faq],
            "phones": list(reading.phones),
            "email": reading.email,
            "name": reading.name,
            "say": [effect.text for effect in turn.effects if isinstance(effect, Say)],
        }


def set_stage(key: str, now: dt.datetime) -> Stage:
    """Return the published scenario at its first question; the preset's file where none is published or no database is.

    Raises `LookupError` for a key nobody knows.
    """
    script, around = _published(key, now) or shipped(key, now)
    return Stage(script, around, advance(script, State(), Started(), facts_of(around), now).state)


def facts_of(around: Surroundings) -> Facts:
    """Return the facts about a stranger who has just come."""
    return Facts(
        variables=around.variables,
        is_open=around.is_open,
        shelves=around.shelves,
        time_zone=around.time_zone,
        consent_text=around.consent_text,
        consent_version=around.consent_version,
        advertising_text=around.advertising_text,
        advertising_version=around.advertising_version,
    )


def _published(key: str, now: dt.datetime) -> tuple[Script, Surroundings] | None:
    try:
        scenario = Scenario.objects.filter(key=key, current__isnull=False).first()
        if scenario is None or scenario.current_id is None:
            return None
        return script_of(scenario.current_id), look_around(now, key)
    except (OperationalError, ProgrammingError):  # no database, or one without tables: the files are as good here
        return None


def shipped(key: str, now: dt.datetime) -> tuple[Script, Surroundings]:
    """Return a preset and its business as they are in the files; needs no database. Raises `LookupError`."""
    path = script_file(key)
    content_file = path.with_suffix(".content.yaml")
    content = yaml.safe_load(content_file.read_text(encoding="utf-8")) if content_file.exists() else {}
    profile = BusinessProfile(**content.get("business", {}))
    variables = {**profile.variables(), **{f"snippet.{row['key']}": row["text"] for row in content.get("snippets", ())}}
    entries = [
        FaqEntry(
            item["key"],
            item["question"],
            render(item["answer"], variables),
            tuple(item.get("variants", ())),
            tuple(item.get("keywords", ())),
        )
        for item in faq_of(content)
    ]
    ears = Ears(
        Reader(entries, business_name=profile.name, region=profile.phone_region), profile.phone_region, now.date()
    )
    zone = ZoneInfo(profile.time_zone)
    bonuses = tuple(Exhibit(row["key"], row["title"], row["body"], row["url"]) for row in content.get("bonuses", ()))
    shelves = {"bonuses": bonuses, "faq": questions(tuple(entries))}
    around = Surroundings(
        now, variables, profile.consent_text, profile.consent_version, True, ears, zone, shelves=shelves
    )
    raw = expanded(parse_yaml(path.read_text(encoding="utf-8")), wordings_of({}))
    return load(raw), around

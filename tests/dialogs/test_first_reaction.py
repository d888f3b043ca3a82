"""`manage.py first_reaction KEY`: one message a line in, one JSON object a line out."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from content.models import BusinessProfile, Faq
from dialogs.preset_loading import load_preset
from dialogs.surroundings import forget

pytestmark = pytest.mark.django_db


def run(monkeypatch: pytest.MonkeyPatch, key: str, *lines: str) -> list[dict[str, Any]]:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    out = io.StringIO()
    call_command("first_reaction", key, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_line_is_understood_and_answered_and_leads_back_to_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    mixed, refusal, blank = run(
        monkeypatch,
        "first-contact",
        "Здравствуйте! сколько стоит и где вы находитесь? мой номер 8 916 123-45-67",
        "вы бот?",
        "",
    )
    assert set(mixed["intents"]) == {"greeting", "faq", "gives_phone"}
    assert mixed["faq"] == ["price", "address"]
    assert mixed["phones"] == ["+79161234567"]
    assert "Наш адрес" in mixed["say"][0] and "+7 916 123-45-67" in mixed["say"][0]
    assert refusal["intents"] == ["is_bot"]
    assert "бот" in refusal["say"][0] and "номер" in refusal["say"][0]
    assert blank["intents"] == ["empty"]


def test_the_published_scenario_answers_with_what_the_editor_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    load_preset("first-contact")
    BusinessProfile.objects.update(address="Казань, Баумана, 1")
    Faq.objects.create(key="kids", question="Можно ли прийти с ребёнком?", answer="С детьми можно!")
    forget()
    address, kids = run(monkeypatch, "first-contact", "адрес?", "а с детьми можно?")
    assert "Казань, Баумана, 1" in address["say"][0]
    assert kids["faq"] == ["kids"]
    assert "С детьми можно!" in kids["say"][0]


def test_an_unknown_key_is_told_with_the_known_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="first-contact"):
        run(monkeypatch, "nowhere", "привет")

"""English is in the code, Russian is complete, and what is compiled is what is written."""

import gettext
import io
import re
from pathlib import Path

import pytest
from django.utils import translation

from config.translations import PO, Entry, compile_mo, messages_in, messages_of_house, messages_of_unfold, read_po

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
CYRILLIC = re.compile(r"[а-яА-ЯёЁ]")


def test_every_message_of_the_house_has_its_russian() -> None:
    entries = read_po()
    missing = [key for key in messages_of_house() if key not in entries or not entries[key].is_translated]
    assert missing == [], "run `./run manage translations --write` and fill them in"


def test_no_msgid_is_russian() -> None:
    assert [key for key in messages_of_house() if CYRILLIC.search(key)] == []


def test_the_catalogue_holds_nothing_that_nobody_says() -> None:
    said = messages_of_house().keys() | messages_of_unfold().keys()
    assert sorted(read_po().keys() - said) == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    for entry in read_po().values():
        for form in entry.forms:
            assert sorted(PLACEHOLDER.findall(form)) == sorted(PLACEHOLDER.findall(entry.msgid)), entry.msgid


def test_the_compiled_catalogue_is_fresh() -> None:
    assert PO.with_suffix(".mo").read_bytes() == compile_mo(read_po()), "run `./run manage translations --write`"


def test_a_compiled_catalogue_is_read_by_gettext(tmp_path: Path) -> None:
    forms = ["%(n)s лид", "%(n)s лида", "%(n)s лидов", "%(n)s лида"]
    entries = {"a": Entry("a", "", ["б"]), "lead": Entry("lead", "leads", forms), "no": Entry("no", "", [""])}
    read = gettext.GNUTranslations(io.BytesIO(compile_mo(entries)))
    assert read.gettext("a") == "б"
    assert [read.ngettext("lead", "leads", n) for n in (1, 3, 5)] == forms[:3]
    assert read.gettext("no") == "no"


def test_a_template_s_words_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}{% translate "It\'s" %}{% blocktranslate count n=x %}{{ n }} row{% plural %}{{ n }} rows'
        "{% endblocktranslate %}",
        "utf-8",
    )
    assert messages_in(page) == {"It's": "", "%(n)s row": "%(n)s rows"}


@pytest.mark.parametrize(("language", "word"), [("ru", "Лиды"), ("en", "Leads")])
def test_the_words_are_spoken(language: str, word: str) -> None:
    with translation.override(language):
        assert translation.gettext("Leads") == word

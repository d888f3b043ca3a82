"""A survey in plain fields: questions, answers with points and reactions, ranges of points; and back to the settings."""

from collections.abc import Iterable, Mapping
from itertools import count
from string import ascii_lowercase
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from content.words import SEGMENTS
from dialogs.drafts import INTENT_MARK, WORDING_MARK
from dialogs.models import Step

Config = dict[str, Any]
SMALL = {"rows": 2}


def _line(label: Any, *, required: bool = False, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, required=required, widget=UnfoldAdminTextInputWidget, **kwargs)


def _words(label: Any, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=UnfoldAdminTextareaWidget(attrs=SMALL), **kwargs)


class AnswerForm(forms.Form):
    """One answer. Without words and key it is an empty row, passed over."""

    key = forms.SlugField(label=_("key"), max_length=24, required=False, widget=UnfoldAdminTextInputWidget)
    text = _line(_("answer"), max_length=120)
    points = forms.IntegerField(label=_("points"), required=False, widget=UnfoldAdminIntegerFieldWidget)
    reaction = _words(_("reaction"))
    synonyms = _line(_("also understood as"), max_length=300)
    gone = forms.BooleanField(label=_("remove"), required=False, widget=UnfoldBooleanWidget)


class QuestionForm(forms.Form):
    """One question above its answers."""

    key = forms.SlugField(label=_("key"), max_length=24, required=False, widget=UnfoldAdminTextInputWidget)
    name = _line(_("name of the answer"), max_length=64, help_text=_("Texts may use it as {{value.name}}."))
    text = _words(_("question"))
    gone = forms.BooleanField(label=_("remove"), required=False, widget=UnfoldBooleanWidget)


AnswerForms = forms.formset_factory(AnswerForm, extra=1)


class IntroForm(forms.Form):
    """What is said first, and the range of points of each segment."""

    text = _words(_("said before the first question"))

    def __init__(self, *args: Any, segments: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = dict(SEGMENTS)
        for key in segments:
            self.fields[f"segment_{key}"] = _line(titles.get(key, key), help_text=_("A range, such as 0-5 or 11+."))

    def segments(self) -> Config:
        """Return the ranges typed."""
        ranges = {name.removeprefix("segment_"): value for name, value in self.cleaned_data.items() if name != "text"}
        return {key: value for key, value in ranges.items() if value}


class SurveyForms:
    """All forms of one survey's page. `data` is what the page sent, None before that."""

    def __init__(self, step: Step, data: Mapping[str, Any] | None = None) -> None:
        self.step = step
        known = [item for item in step.config.get("questions") or () if isinstance(item, Mapping)]
        segments = step.config.get("segments")
        keys = [*(key for key, _title in SEGMENTS), *(segments if isinstance(segments, Mapping) else {})]
        ranges = {f"segment_{key}": value for key, value in dict(segments or {}).items()}
        self.intro = IntroForm(data, segments=dict.fromkeys(keys), initial={"text": step.text, **ranges})
        count = int(data.get("questions") or 0) if data is not None else len(known) + 1  # one empty question more
        self.blocks = [
            self._block(number, known[number] if number < len(known) else {}, data)
            for number in range(min(count, len(known) + 1))
        ]

    def _block(self, number: int, question: Mapping[str, Any], data: Mapping[str, Any] | None) -> tuple[Any, Any]:
        initial = {"key": question.get("key"), "name": question.get("name"), "text": _joined(question.get("text"))}
        answers = [_answer_fields(item) for item in question.get("answers") or () if isinstance(item, Mapping)]
        forms_of_answers = AnswerForms(data, prefix=f"q{number}-answers", initial=answers)
        return QuestionForm(data, prefix=f"q{number}", initial=initial), forms_of_answers

    def is_valid(self) -> bool:
        """Tell whether every field can be read; what the survey is worth is the engine's say."""
        return all([self.intro.is_valid(), *(form.is_valid() for block in self.blocks for form in block)])

    def config(self) -> Config:
        """Return the step's settings as typed; what has no field here stays as it was."""
        questions = [_question(question.cleaned_data, answers) for question, answers in self.blocks]
        return {
            **self.step.config,
            "questions": _keyed([item for item in questions if item], (f"q{number}" for number in count(1))),
            "segments": self.intro.segments(),
        }


def _answer_fields(item: Mapping[str, Any]) -> Config:
    synonyms = [*map(str, item.get("synonyms") or ()), *(INTENT_MARK + str(name) for name in item.get("intents") or ())]
    plain = {name: item.get(name) for name in ("key", "text", "points")}
    return {**plain, "reaction": _joined(item.get("reaction")), "synonyms": ", ".join(synonyms)}


def _question(fields: Config, answers: Any) -> Config:
    kept = [_answer(form.cleaned_data) for form in answers if form.cleaned_data and not form.cleaned_data.get("gone")]
    kept = [item for item in kept if item]
    if fields.get("gone") or not (fields.get("text") or fields.get("key") or kept):
        return {}
    name = {"name": fields["name"]} if fields.get("name") else {}
    return {"key": fields["key"], **name, "text": _parted(fields["text"]), "answers": _keyed(kept, ascii_lowercase)}


def _answer(fields: Config) -> Config:
    if not (fields.get("key") or fields.get("text")):
        return {}
    words = [word.strip() for word in fields["synonyms"].split(",") if word.strip()]
    extra = {
        "reaction": _parted(fields["reaction"]),
        "synonyms": [word for word in words if not word.startswith(INTENT_MARK)],
        "intents": [word.removeprefix(INTENT_MARK) for word in words if word.startswith(INTENT_MARK)],
    }
    plain = {"key": fields["key"], "text": fields["text"], "points": fields["points"] or 0}
    return {**plain, **{name: value for name, value in extra.items() if value}}


def _keyed(items: list[Config], names: Iterable[str]) -> list[Config]:
    """Give a key to each that has none: buttons carry it, and an editor need not think of it."""
    taken = {item["key"] for item in items}
    free = (name for name in names if name not in taken)
    return [item if item["key"] else {**item, "key": next(free, "")} for item in items]


def _joined(text: Any) -> str:
    """Return a text's wordings as one field shows them."""
    return WORDING_MARK.join(map(str, text)) if isinstance(text, list) else str(text or "")


def _parted(text: str) -> Any:
    parts = [part.strip() for part in text.replace("\r\n", "\n").split(WORDING_MARK) if part.strip()]
    return parts if len(parts) > 1 else "".join(parts)

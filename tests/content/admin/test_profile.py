"""The library's forms: hours and lists are typed as words and kept as JSON."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from content.models import BusinessProfile, ConsentText
from content.week_fields import DAYS, LinesField, WeekField, WordsField
from crm.models import Manager, RotationRule
from tests.people import People, logged_in, make_people


@pytest.mark.parametrize(
    ("typed", "week"),
    [
        (["09:00-18:00"], {"mon": [["09:00", "18:00"]]}),
        (["9:00 – 13:00, 14.00-18.00"], {"mon": [["09:00", "13:00"], ["14:00", "18:00"]]}),
        (["", "00:00-24:00"], {"tue": [["00:00", "24:00"]]}),
        (["", ""], {}),
    ],
)
def test_hours_are_read_as_people_write_them(typed: list[str], week: dict[str, object]) -> None:
    assert WeekField().clean([*typed, *[""] * (7 - len(typed))]) == week


@pytest.mark.parametrize("typed", ["с утра", "18:00-09:00", "09:00-09:00", "09:00-25:00", "09:70-18:00", "9-18"])
def test_hours_that_are_none_are_refused_with_the_day(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        WeekField().clean(["", "", typed, "", "", "", ""])
    assert "Ср" in str(refused.value.messages)


def test_a_week_is_shown_as_it_was_typed() -> None:
    boxes = WeekField().widget.decompress({"fri": [["09:00", "13:00"], ["14:00", "18:00"]]})
    assert dict(zip(DAYS, boxes, strict=True))["fri"] == "09:00-13:00, 14:00-18:00"


def test_lists_are_words_with_commas_or_lines() -> None:
    assert WordsField().clean(" ru, en ,, ") == ["ru", "en"]
    assert WordsField().prepare_value(["ru", "en"]) == "ru, en"
    assert not WordsField().has_changed(["ru"], "ru ")
    assert LinesField().clean("2026-12-31\n\n 2027-01-01 ") == ["2026-12-31", "2027-01-01"]
    assert LinesField().prepare_value(["a", "b"]) == "a\nb"


@pytest.fixture
def people(db: None) -> People:
    return make_people()


@pytest.fixture
def client(people: People) -> Client:
    return logged_in(people.owner)


def form_of(client: Client, address: str) -> dict[str, object]:
    """Return what the page's form would send if nothing was typed."""
    form = client.get(address).context["adminform"].form
    data: dict[str, object] = {}
    for name in form.fields:
        value = form[name].value()
        if name in ("schedule", "hours") and not isinstance(value, str):
            boxes = form.fields[name].widget.decompress(value)
            data |= {f"{name}_{day}": box for day, box in zip(DAYS, boxes, strict=True)}
        elif value is not False:
            data[name] = "" if value is None else value
    return data


def test_the_house_s_profile_is_always_there_and_a_scenario_may_have_its_own(client: Client) -> None:
    BusinessProfile.objects.all().delete()
    assert client.get(reverse("admin:content_businessprofile_changelist")).status_code == 200
    house, own = BusinessProfile.current(), BusinessProfile.objects.create(scenario_key="sales", name="Школа")
    for profile, may in ((house, 403), (own, 200)):
        address = reverse("admin:content_businessprofile_delete", args=[profile.pk])
        assert client.get(address).status_code == may


def test_the_profile_s_hours_and_holidays_are_kept(client: Client) -> None:
    address = reverse("admin:content_businessprofile_change", args=[BusinessProfile.current().pk])
    data = {
        **form_of(client, address),
        "name": "Лавка",
        "hours": "пн-пт",
        "holidays": "2026-12-31",
        "phone_region": "kz",
    }
    answer = client.post(address, {**data, "schedule_sat": "10:00-14:00"})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    profile = BusinessProfile.current()
    assert (profile.name, profile.holidays, profile.phone_region) == ("Лавка", ["2026-12-31"], "KZ")
    assert profile.schedule == {"sat": [["10:00", "14:00"]]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("holidays", "завтра"),
        ("holidays", "2026-02-30"),
        ("time_zone", "Москва"),
        ("phone_region", "7!"),
        ("schedule_mon", "x"),
    ],
)
def test_what_the_profile_cannot_use_is_refused(client: Client, field: str, value: str) -> None:
    before = BusinessProfile.current()
    address = reverse("admin:content_businessprofile_change", args=[before.pk])
    answer = client.post(address, {**form_of(client, address), "name": "Другое", field: value})
    assert answer.status_code == 200
    assert BusinessProfile.current().name == before.name


def test_a_manager_s_hours_and_skills_are_kept(people: People, client: Client) -> None:
    address = reverse("admin:crm_manager_change", args=[people.olga.pk])
    inline = {"absences-TOTAL_FORMS": 1, "absences-INITIAL_FORMS": 0, "absences-0-manager": people.olga.pk}
    absence = {"absences-0-first_date": "01.12.2026", "absences-0-last_date": "05.12.2026"}
    data = {**form_of(client, address), **inline, **absence, "languages": "ru, en", "schedule_fri": "12:00-20:00"}
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    olga = Manager.objects.get(pk=people.olga.pk)
    assert (olga.languages, olga.schedule) == (["ru", "en"], {"fri": [["12:00", "20:00"]]})
    assert olga.absences.count() == 1


def test_a_rule_that_falls_back_to_a_named_manager_needs_the_name(people: People, client: Client) -> None:
    data = {"title": "Ночь", "order": 1, "method": "in_turn", "fallback": "duty_manager", "is_active": "on"}
    address = reverse("admin:crm_rotationrule_add")
    assert "Выберите менеджера" in client.post(address, data).content.decode()
    assert client.post(address, {**data, "fallback_manager": people.olga.pk}).status_code == 302
    assert RotationRule.objects.get().fallback_manager == people.olga


def test_who_is_next_is_answered_with_the_reasons(people: People, client: Client) -> None:
    Manager.objects.filter(pk=people.olga.pk).update(is_on_duty=False)
    page = client.get(reverse("admin:crm_rotationrule_next"), {"source": "site"}).content.decode()
    assert "не на смене" in page
    assert "<b>Павел</b>" in page
    Manager.objects.update(is_on_duty=False)
    assert "никого нет" in client.get(reverse("admin:crm_rotationrule_next")).content.decode()


def test_the_try_it_box_runs_the_code_that_reads_customers(client: Client) -> None:
    address = reverse("office_try_phone")
    page = client.post(address, {"text": "пишите на 8 (916) 123-45-67, после шести", "region": "RU"}).content.decode()
    assert "+79161234567" in page
    assert "не хватает цифр" in client.post(address, {"text": "мой номер 8916123", "region": "RU"}).content.decode()
    assert "Региона «XX» нет" in client.post(address, {"text": "1", "region": "xx"}).content.decode()


def test_changed_words_of_a_consent_get_a_new_version_and_the_old_ones_stay_readable(client: Client) -> None:
    address = reverse("admin:content_businessprofile_change", args=[BusinessProfile.current().pk])
    for words in ("согласие на рекламу", "согласие на рекламу по пятницам"):
        client.post(address, {**form_of(client, address), "advertising_text": words})
    assert BusinessProfile.current().advertising_version == "2"
    page = client.get(reverse("admin:content_consenttext_changelist")).content.decode()
    assert "по пятницам" in page and ConsentText.objects.count() == 2

"""What customers agreed to can always be read again, word by word."""

import pytest

from content.consents import keep_versions
from content.models import BusinessProfile, ConsentText
from crm.models import Consent
from dialogs.engine.effects import Purpose

pytestmark = pytest.mark.django_db


def profile(**fields: str) -> BusinessProfile:
    BusinessProfile.objects.update_or_create(scenario_key="", defaults=fields)
    return BusinessProfile.current()


def kept() -> list[tuple[str, str, str]]:
    return list(ConsentText.objects.order_by("id").values_list("purpose", "version", "text"))


def test_every_wording_is_kept_under_its_own_number() -> None:
    assert keep_versions(profile(consent_text="а", advertising_text="б")) == []
    assert keep_versions(profile()) == [], "the same words again are nothing new"
    assert keep_versions(profile(advertising_text="в")) == ["2"], "changed words under a used number get the next one"
    assert kept() == [("personal_data", "1", "а"), ("advertising", "1", "б"), ("advertising", "2", "в")]
    assert BusinessProfile.current().advertising_version == "2"


@pytest.mark.parametrize(("version", "following"), [("1", "2"), ("9", "10"), ("2026-01", "2026-2"), ("май", "май2")])
def test_the_next_number_follows_the_author_s_own_way(version: str, following: str) -> None:
    keep_versions(profile(consent_text="а", consent_version=version))
    assert keep_versions(profile(consent_text="б")) == [following]


def test_a_number_once_used_is_never_used_for_other_words() -> None:
    keep_versions(profile(consent_text="а", consent_version="2"))
    keep_versions(profile(consent_text="б", consent_version="1"))
    assert keep_versions(profile(consent_text="в", consent_version="1")) == ["3"]


def test_a_business_without_advertising_keeps_no_empty_words() -> None:
    keep_versions(profile(consent_text="", advertising_text=" "))
    assert kept() == []


def test_each_business_numbers_its_own_words() -> None:
    keep_versions(profile(consent_text="а"))
    other = BusinessProfile.objects.create(scenario_key="sales", consent_text="б")
    assert keep_versions(other) == [] and len(kept()) == 2


def test_library_memory_and_engine_mean_the_same_purposes() -> None:
    assert ConsentText.Purpose.values == Consent.Purpose.values == [purpose.value for purpose in Purpose]

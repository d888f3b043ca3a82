"""Keeping the versions of what customers agree to."""

from django.db import transaction

from content.models import BusinessProfile, ConsentText

# purpose -> the profile's fields of its words and their version
FIELDS = {
    ConsentText.Purpose.PERSONAL_DATA: ("consent_text", "consent_version"),
    ConsentText.Purpose.ADVERTISING: ("advertising_text", "advertising_version"),
}


def keep_versions(profile: BusinessProfile) -> list[str]:
    """Keep today's words of both consents; changed words under a used number get the next one. Return the new numbers."""
    renumbered = []
    with transaction.atomic():
        for purpose, (text_field, version_field) in FIELDS.items():
            text, version = getattr(profile, text_field).strip(), getattr(profile, version_field)
            kept = ConsentText.objects.filter(scenario_key=profile.scenario_key, purpose=purpose)
            if not text or kept.filter(version=version, text=text).exists():
                continue
            if kept.filter(version=version).exists():
                version = _next(version, set(kept.values_list("version", flat=True)))
                BusinessProfile.objects.filter(pk=profile.pk).update(**{version_field: version})
                setattr(profile, version_field, version)
                renumbered.append(version)
            ConsentText.objects.create(scenario_key=profile.scenario_key, purpose=purpose, version=version, text=text)
    return renumbered


def _next(version: str, used: set[str]) -> str:
    """Return the number after `version`, or after whatever number it ends with, that nobody has used."""
    head = version.rstrip("0123456789")
    number = int(version[len(head) :] or 1) + 1
    while (candidate := f"{head}{number}"[-32:]) in used:
        number += 1
    return candidate

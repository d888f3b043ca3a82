"""What is kept of a provider's words."""

from payments.masking import masked


def test_names_addresses_numbers_and_keys_are_not_kept() -> None:
    raw = {
        "deal_id": "100000000001",
        "deal_no": "77",
        "paid": "1990",
        "email": "anna@example.ru",
        "phone": "+7 916 123-45-67",
        "first_name": "Анна",
        "key": "secret",
        "payment_link": "https://pay",
        "user": {"phone": 79161234567, "id": 5},
        "note": ["звоните 8 916 123-45-67", {"deep": {"deeper": {"deepest": 1}}}],
        "last_name": "",
    }
    kept = masked(raw)
    assert kept["deal_id"] == "100000000001"
    assert kept["paid"] == "1990"
    assert kept["email"] == "a***@example.ru"
    assert (kept["first_name"], kept["key"], kept["payment_link"], kept["last_name"]) == ("…", "…", "…", "")
    text = repr(kept)
    assert "916" not in text
    assert "anna" not in text


def test_a_long_or_wide_payload_is_cut() -> None:
    kept = masked({f"f{number}": "я" * 1000 for number in range(100)})
    assert len(kept) == 60
    assert {len(value) for value in kept.values()} == {300}

"""The incoming webhook's address is a password."""

import pytest

from crm.bitrix24.webhook import BadWebhookUrl, Webhook, redact


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://x.bitrix24.ru/rest/1/abc123/", "https://x.bitrix24.ru"),
        (" https://x.bitrix24.ru/rest/1/abc123 ", "https://x.bitrix24.ru"),
        ("http://127.0.0.1:8080/rest/1/abc123/", "http://127.0.0.1:8080"),
        ("https://box.local/portal/rest/1/abc123/", "https://box.local/portal"),
    ],
)
def test_an_address_is_taken_apart(url: str, origin: str) -> None:
    webhook = Webhook.parse(url)
    assert webhook == Webhook(origin, 1, "abc123")
    assert webhook.method_url("profile") == f"{origin}/rest/1/abc123/profile.json"
    assert "abc123" not in repr(webhook)


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("x.bitrix24.ru/rest/1/abc123/", "https://"),
        ("ftp://x.bitrix24.ru/rest/1/abc123/", "https://"),
        ("https://x.bitrix24.ru/rest/abc123/", "user id"),
        ("https://x.bitrix24.ru/rest/1/abc123/profile.json", "user id"),
        ("https://x.bitrix24.ru/", "user id"),
    ],
)
def test_a_wrong_address_says_what_is_missing_without_the_code(url: str, hint: str) -> None:
    with pytest.raises(BadWebhookUrl, match=hint) as caught:
        Webhook.parse(url)
    assert "abc123" not in str(caught.value)


def test_the_code_is_hidden_in_any_text() -> None:
    text = "POST https://x.bitrix24.ru/rest/12/abc123/crm.item.get.json and /rest/api/12/abc123/tasks"
    assert redact(text) == "POST https://x.bitrix24.ru/rest/12/***/crm.item.get.json and /rest/api/12/***/tasks"

"""A real Chromium for tests that look at pages."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bot.channels.registry import adapter_for
from bot.channels.webchat import WebchatAdapter
from bot.models import Channel
from bot.sender import submit
from tests.asgi_server import asgi_server
from tests.browser.widget_site import Site, host_site

CHROMIUM = os.environ.get("OTKLIK_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a file.

    Playwright's loop runs in the test's own thread between calls, which Django takes for an async context: as long as the
    browser lives, and no longer, it is told that this is meant.
    """
    if not CHROMIUM:
        pytest.skip("no Chromium here: install one or name it in OTKLIK_CHROMIUM")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Return a maker of fresh visitors; errors on a page fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def make(**options: Any) -> BrowserContext:
        context = chromium.new_context(**{"locale": "ru-RU", "reduced_motion": "reduce"} | options)
        context.set_default_timeout(8_000)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A fresh visitor at a desk."""
    return new_context(viewport={"width": 1280, "height": 800}).new_page()


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    """A shop's page and, at another origin, the chat it embeds."""
    settings.INBOX_READY_TASK = "bot.tasks.sweep_outbox"  # nobody reads the inbox here: the test is the bot
    with host_site() as site, asgi_server() as chat:
        channel = Channel.objects.create(
            kind="webchat", title="Окна Плюс", options={"origins": [site.url], "greeting": "Здравствуйте! Чем помочь?"}
        )
        assert WebchatAdapter().connect(channel, public_url=chat).ok
        site.chat, site.key = chat, channel.options["public_key"]
        yield site
    submit(adapter_for("webchat").aclose()).result(5)

"""Make the pictures of the docs: start a demo of its own, play the scene, photograph its pages.

`.venv/bin/python -m docs.make_screenshots [NAME …]` from the repository's root, all of them when none is named; needs
`requirements-dev.txt` and a Chromium (OTKLIK_CHROMIUM). Nothing of a demo that runs already is touched.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.journeys.running_demo import RunningDemo, running_demo, wait_for

IMAGES = Path(__file__).parent / "images"
SIZE = ViewportSize(width=1280, height=800)
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PORT = 8700
REPLY_MS = 20_000
SETTLE_MS = 1_200  # animations and pictures of a page that has just opened


def main() -> int:
    """Make every picture; return the exit code."""
    chromium = os.environ.get("OTKLIK_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.stderr.write("no Chromium here: install one or name it in OTKLIK_CHROMIUM\n")
        return 1
    IMAGES.mkdir(exist_ok=True)
    names = sys.argv[1:] or list(SCENES)
    with tempfile.TemporaryDirectory() as folder, running_demo(Path(folder), port=PORT) as demo:
        if not SHOP.issuperset(names):
            _play(demo)
        if not SHOP.isdisjoint(names):
            _play_shop(demo)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
            context = browser.new_context(viewport=SIZE, locale="ru-RU", timezone_id="Europe/Moscow")
            page = context.new_page()
            page.set_default_timeout(REPLY_MS)
            _log_in(demo, page)
            for name in names:
                SCENES[name](demo, page)
                page.wait_for_timeout(SETTLE_MS)
                page.screenshot(path=IMAGES / f"{name}.png")
                sys.stdout.write(f"{IMAGES / name}.png\n")
            browser.close()
    return 0


def _play(demo: RunningDemo) -> None:
    """Let clients of the open line write, one after the other; the last one is left waiting."""
    for user, name, question, phone in (
        ("vera", "Вера Орлова", "Здравствуйте! Сколько стоит окно на кухню, 1300 на 1400?", "8 916 123-45-67"),
        ("pavel", "Павел", "добрый день, вы балконы стеклите?", "пишите на +7 926 555 01 23, после шести"),
        ("olga", "Ольга Седова", "а где вы находитесь?", ""),
    ):
        chat = demo.client_says(user, name, question)["chat"]
        wait_for(lambda chat=chat: "номер телефона" in demo.said_in(chat))  # type: ignore[misc]
        if phone:
            demo.client_says(user, name, phone)
            wait_for(lambda chat=chat: "всё верно?" in demo.said_in(chat))  # type: ignore[misc]
            demo.client_says(user, name, "да")
            wait_for(lambda chat=chat: "Спасибо!" in demo.said_in(chat))  # type: ignore[misc]
    wait_for(lambda: sum(bool(lead["phones"]) for lead in demo.portal()["leads"]) == 2)


def _play_shop(demo: RunningDemo) -> None:
    """Let guests order coffee, and the counter be busy with it."""
    words = "from tests.browser import shop_scene; shop_scene.play()"
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", words]
    subprocess.run(command, env={**os.environ, "OTKLIK_DATA": str(demo.data)}, check=True)  # noqa: S603  # our own words


def _log_in(demo: RunningDemo, page: Page) -> None:
    settings = dict(line.split("=", 1) for line in (demo.data / "env").read_text("utf-8").splitlines())
    page.goto(_site(demo, "/admin/login/"))
    page.fill("#id_username", "admin")
    page.fill("#id_password", settings["DEMO_ADMIN_PASSWORD"])
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")


def _site(demo: RunningDemo, path: str) -> str:
    return demo.address("A site with the chat").removesuffix("/chat/demo") + path


def _widget(demo: RunningDemo, page: Page) -> None:
    page.goto(_site(demo, "/chat/demo"))
    page.locator("#otklik-widget button").first.click()
    words = page.get_by_label("Сообщение", exact=True)
    for text, answer in (("Окно на кухню, сколько будет стоить?", "Стоимость"), ("8 916 765-43-21", "всё верно")):
        words.fill(text)
        words.press("Enter")
        page.get_by_text(answer).first.wait_for()


def _telegram(demo: RunningDemo, page: Page) -> None:
    page.goto(demo.address("Telegram (emulator)"))
    page.get_by_role("button", name="Анна Белова").click()
    page.get_by_role("button", name="Запустить").click()
    page.get_by_text("помощник компании").first.wait_for()
    words = page.get_by_label("Сообщение")
    for text, answer in (("а вы в воскресенье работаете?", "Мы работаем"), ("89163334455", "всё верно")):
        words.fill(text)
        words.press("Enter")
        page.get_by_text(answer).first.wait_for()


def _bitrix24(demo: RunningDemo, page: Page) -> None:
    page.goto(demo.address("Bitrix24 (emulator)"))
    page.get_by_text("Вера Орлова").first.click()


def _home(demo: RunningDemo, page: Page) -> None:
    page.goto(_site(demo, "/admin/"))


def _lead(demo: RunningDemo, page: Page) -> None:
    page.goto(_site(demo, "/admin/crm/lead/"))
    page.get_by_role("link", name="Вера Орлова").first.click()


def _scenario(demo: RunningDemo, page: Page) -> None:
    page.goto(_site(demo, "/admin/dialogs/scenario/"))
    page.get_by_role("link", name="Первый контакт").first.click()
    page.locator("#step-hello").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#step-hello').scrollIntoView({block: 'center'})")


def _simulator(demo: RunningDemo, page: Page) -> None:
    _scenario(demo, page)
    page.get_by_role("link", name="Симулятор").click()
    for text, answer in (
        ("/start", "помощник компании"),
        ("а вы где находитесь?", "Наш адрес"),
        ("+10m", "Вы ещё здесь"),
    ):
        page.fill("#sim-text", text)
        page.press("#sim-text", "Enter")
        page.get_by_text(answer).first.wait_for()


def _board(demo: RunningDemo, page: Page) -> None:
    page.goto(_site(demo, "/admin/board/lesnaya/"))
    page.get_by_text("на связи").wait_for()
    page.locator("#sound").click()


def _shop_report(demo: RunningDemo, page: Page) -> None:
    page.goto(_site(demo, "/admin/shop-report/"))


SHOP = {"board", "shop-report"}
SCENES: dict[str, Callable[[RunningDemo, Page], None]] = {
    "widget": _widget,
    "telegram": _telegram,
    "bitrix24": _bitrix24,
    "lead": _lead,
    "scenario": _scenario,
    "simulator": _simulator,
    "home": _home,
    "board": _board,
    "shop-report": _shop_report,
}

if __name__ == "__main__":
    raise SystemExit(main())

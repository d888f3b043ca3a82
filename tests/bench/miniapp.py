"""The Mini App on a cheap phone: a cold cache, the processor slowed four times, and two networks.

A real headless Chromium, told over its DevTools to be slow; the page is the preset's shop from one real web process. The guest
here has no thoughts: each press follows as soon as the page takes it, so what is left is what the page costs.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from config.demo import house
from config.env import ROOT
from tests.bench.processes import free_port, running, wait_for_port
from tests.bench.services import Ground
from tests.bench.shop import FURNISH
from tests.bench.table import Table, ms

SLOWER = 4  # times, the processor
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
# Name -> milliseconds of a round trip, bytes a second down and up. The second is what Lighthouse calls slow 4G.
NETWORKS: dict[str, tuple[float, float, float] | None] = {"loopback": None, "slow 4G": (150.0, 204_800.0, 93_750.0)}
PAINTS = """() => new Promise((resolve) => {
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  new PerformanceObserver((list) => resolve([paint.startTime, list.getEntries().at(-1).startTime]))
    .observe({ type: 'largest-contentful-paint', buffered: true });
})"""
SENT = "() => performance.getEntries().reduce((sum, entry) => sum + (entry.transferSize || 0), 0)"
CODE = """() => performance.getEntriesByType('resource').filter((entry) => /\\.(js|css)$/.test(entry.name))
  .reduce((sum, entry) => sum + entry.transferSize, 0)"""
TEXT = "() => performance.getEntriesByType('navigation')[0].transferSize"
NOW = "() => performance.now()"


@dataclass(frozen=True, slots=True)
class Visit:
    """One cold visit, milliseconds from the tap on the link; bytes as they came over the wire."""

    first: float  # the menu can be read
    largest: float  # … and its first pictures are there
    alive: float  # presses are taken
    placed: float  # the order's number is on the screen
    bytes_sent: float
    code_bytes: float
    page_bytes: float


def measure(*, rounds: int = 7) -> list[Table]:
    """Visit and order `rounds` times on each network; return the medians."""
    with Ground() as ground, sync_playwright() as playwright:
        ground.manage("load_preset", "coffee")
        made = _furnished(ground)
        port = free_port()
        web = next(child for child in house({"PUBLIC_URL": f"http://127.0.0.1:{port}"}) if child.name == "web")
        with running({"web": web.command}, ground.environment, ground.folder):
            wait_for_port(port, "the site")
            path = os.environ.get("OTKLIK_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            address = f"http://127.0.0.1:{port}/shop/{made['channel']}/?place={made['place']}"
            _visit(browser, address, None)  # the server's own first time is not the guest's
            visits = {name: [_visit(browser, address, net) for _ in range(rounds)] for name, net in NETWORKS.items()}
            browser.close()
    return [_table(visits, rounds)]


def _furnished(ground: Ground) -> dict[str, Any]:
    shell = [sys.executable, "manage.py", "shell", "--no-imports", "-c", FURNISH]
    made = subprocess.run(shell, cwd=ROOT, env=ground.environment, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(made.stdout.splitlines()[-1])
    return found


def _visit(browser: Browser, address: str, network: tuple[float, float, float] | None) -> Visit:
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]  # a fresh one: nothing is cached
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    if network:
        latency, down, up = network
        conditions = {"offline": False, "latency": latency, "downloadThroughput": down, "uploadThroughput": up}
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", conditions)
    page.goto(address, wait_until="commit")
    page.wait_for_selector("html[data-ready]", state="attached")
    alive = float(page.evaluate(NOW))
    placed = _order(page)
    first, largest = page.evaluate(PAINTS)
    sent, code, text = (float(page.evaluate(script)) for script in (SENT, CODE, TEXT))
    context.close()
    return Visit(float(first), float(largest), alive, placed, sent, code, text)


def _order(page: Page) -> float:
    """Order a cappuccino as it comes, for a name, to be paid at the counter; return when the number was there."""
    page.locator('[data-product="cappuccino"] .plus').tap()
    page.locator("#main").tap()
    page.locator("#name").fill("Анна")
    page.locator("#main").tap()
    page.wait_for_selector("#ticket-number")
    return float(page.evaluate(NOW))


def _table(visits: Mapping[str, list[Visit]], rounds: int) -> Table:
    title = f"The Mini App: cold cache, processor {SLOWER} times slower (`./run bench miniapp`)"
    header = [
        "network",
        "first meaningful paint",
        "with the first photos",
        "takes presses",
        "order placed",
        "first screen",
    ]
    table = Table(title, header)
    for name, runs in visits.items():
        middle = {field: statistics.median(getattr(run, field) for run in runs) for field in Visit.__slots__}
        times = (f"{ms(middle[field])} ms" for field in ("first", "largest", "alive", "placed"))
        table.add(name, *times, f"{middle['bytes_sent'] / 1024:.0f} KB")
    run = next(iter(visits.values()))[0]
    table.notes += [
        f"Medians of {rounds} visits, each from nothing: page {run.page_bytes / 1024:.1f} KB, script and style "
        f"{run.code_bytes / 1024:.1f} KB as sent (gzip), the rest photos.",
        "First meaningful paint: the menu with names and prices is readable; the server draws it, so no script is waited for.",
        "Order placed: from the tap on the link to the order's number, the guest pressing as soon as the page lets them.",
        "Slow 4G: 150 ms a round trip, 1.6 Mbit/s down, 750 kbit/s up.",
    ]
    return table

"""Guests of the coffee shop, in a process of their own, through the doors of the Mini App; and a tablet that watches the board.

`python -m tests.bench.shop_guests` reads one line of JSON (`{"port": 8001, "channel": 1, "cookie": "…", …}`), plays it and
prints the figures. Each order is what a guest does: menu, two lines with options, checkout, order; one order in twenty is sent
twice at the same instant, as a nervous thumb does. Who is told that something has moved goes on without it and asks again.
"""

import asyncio
import contextlib
import json
import random
import re
import sys
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import psycopg
import uvloop

TWICE_EVERY = 20  # orders of which one is sent twice
RARE_EVERY = 3  # orders of which one has the thing that runs out
SESSIONS_AT_ONCE = 20
PATIENCE = 60.0  # seconds a request may take
SETTLING = 5.0  # after the last order, for the board


@dataclass
class Seen:
    """What was measured."""

    statuses: Counter[str] = field(default_factory=Counter)
    answers: list[float] = field(default_factory=list)  # seconds from the press to the answer
    pressed_at: dict[str, float] = field(default_factory=dict)  # by order number
    shown_at: dict[str, float] = field(default_factory=dict)
    inserts: list[float] = field(default_factory=list)
    moved: int = 0
    empty: int = 0
    doubled: int = 0


@dataclass
class Guest:
    """One guest with a session; each comes from an address of their own."""

    number: int
    token: str = ""
    orders: int = 0

    @property
    def headers(self) -> dict[str, str]:
        """Who asks."""
        address = f"10.{self.number // 250}.{self.number % 250}.7"
        return {"Authorization": f"Bearer {self.token}", "X-Forwarded-For": address, "Accept-Encoding": "gzip"}


class Shop:
    """The doors of one shop."""

    def __init__(self, http: aiohttp.ClientSession, play: dict[str, Any], seen: Seen) -> None:
        self.site = f"http://127.0.0.1:{play['port']}"
        self.doors = f"{self.site}/shop/api/{play['channel']}"
        self.http, self.play, self.seen = http, play, seen
        self.page = f"{self.site}/shop/{play['channel']}/?place={play['place']}"
        self.menu: dict[str, Any] = {}
        self.tag = ""
        self.chance = random.Random(7)

    async def call(self, guest: Guest, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Ask a door."""
        async with self.http.request(method, f"{self.doors}{path}", json=body, headers=guest.headers) as answer:
            self.seen.statuses[f"{method} {path.split('?')[0]} {answer.status}"] += 1
            return answer.status, await answer.json() if answer.status != 304 else None

    async def enter(self, guest: Guest) -> None:
        """Open the page."""
        _status, session = await self.call(guest, "POST", "/session", {})
        guest.token = session["token"]

    async def look(self, guest: Guest) -> None:
        """Open the page; nobody who has it is sent it again."""
        headers = {**guest.headers, "If-None-Match": self.tag} if self.tag else guest.headers
        async with self.http.get(self.page, headers=headers) as answer:
            self.seen.statuses[f"GET page {answer.status}"] += 1
            if answer.status == 200:
                self.tag = answer.headers["ETag"]
                found = re.search(
                    r'<script type="application/json"[^>]*>(.*?)</script>', await answer.text(), re.DOTALL
                )
                self.menu = json.loads(found[1]) if found else {}

    async def order(self, guest: Guest, number: int) -> None:
        """Go from the menu to the order."""
        await self.look(guest)
        for product in self._wanted(number):
            line = {"place": self.play["place"], "product": product, "options": self._options(product), "quantity": 1}
            await self.call(guest, "PUT", "/cart/line", line)
        for attempt in range(4):
            status, quote = await self.call(guest, "PUT", "/checkout", {"place": self.play["place"], "name": "Гость"})
            if status == 200 and quote["changes"]:
                await self._mend(guest)
                continue
            if status != 200 or not quote["lines"]:
                self.seen.empty += 1
                return
            if await self._press(guest, quote, number, attempt):
                return
            await self._mend(guest)

    async def _press(self, guest: Guest, quote: dict[str, Any], number: int, attempt: int) -> bool:
        guest.orders += 1
        wish = {
            "key": f"bench-{guest.number}-{guest.orders}-{attempt}",
            "place": self.play["place"],
            "expected": quote["expected"],
            "name": "Гость",
            "way": "counter",
        }
        pressed_at = time.perf_counter()
        times = 2 if number % TWICE_EVERY == 0 else 1
        answers = await asyncio.gather(*(self.call(guest, "POST", "/orders", wish) for _time in range(times)))
        placed = {body["order"]["number"] for status, body in answers if status in (200, 201)}
        self.seen.answers.append(time.perf_counter() - pressed_at)
        self.seen.doubled += len(placed) > 1
        self.seen.moved += not placed
        for name in placed:
            self.seen.pressed_at[name] = pressed_at
        return bool(placed)

    async def _mend(self, guest: Guest) -> None:
        await self.call(guest, "POST", "/cart/mend", {"place": self.play["place"]})

    def _wanted(self, number: int) -> Sequence[str]:
        rare = self.play["rare"]
        can = [code for code, product in self.menu["products"].items() if product["can"] and code != rare]
        first = rare if number % RARE_EVERY == 0 else self.chance.choice(can)
        return list(dict.fromkeys((first, self.chance.choice(can))))

    def _options(self, product: str) -> list[str]:
        """Choose as a guest in a hurry: the usual, else the first of what must be chosen; sometimes one thing more."""
        chosen = []
        for group in self.menu["products"][product]["groups"]:
            options = [option for option in group["options"] if option["left"] != 0]
            usual = [option for option in options if option["usual"]][: group["most"]]
            if len(usual) < group["least"]:
                usual = options[: group["least"]]
            if not usual and options and self.chance.random() < 0.2:
                usual = [self.chance.choice(options)]
            chosen += [f"{group['code']}:{option['code']}" for option in usual]
        return chosen


async def watch(shop: Shop) -> None:
    """Stand at the counter with a tablet: note when each order is shown."""
    address = f"{shop.site}/admin/board/{shop.play['place']}/stream"
    timeout = aiohttp.ClientTimeout(total=None)
    async with shop.http.get(address, cookies={"sessionid": shop.play["cookie"]}, timeout=timeout) as answer:
        if answer.status != 200:
            raise RuntimeError(f"the board answers {answer.status}: {await answer.text()}")
        async for data in _frames(answer):
            now = time.perf_counter()
            for ticket in data.get("tickets", ()):
                shop.seen.shown_at.setdefault(ticket["order"], now)


async def _frames(answer: aiohttp.ClientResponse) -> AsyncIterator[dict[str, Any]]:
    kept = b""
    async for piece in answer.content.iter_any():
        *whole, kept = (kept + piece).split(b"\n\n")
        for frame in whole:
            if found := re.search(rb"^data: ?(.*)$", frame, re.MULTILINE):
                yield json.loads(found[1])


async def insert(seen: Seen, play: dict[str, Any]) -> None:
    """Insert one plain row at the same rate, durably: what an order would cost if it were no more than that."""
    body = json.dumps({"lines": [{"product": "latte", "options": ["size:l"], "quantity": 1}] * 2, "name": "Гость"})
    async with await psycopg.AsyncConnection.connect(play["dsn"], autocommit=True) as database:
        await database.execute("CREATE TABLE IF NOT EXISTS bench_plain_order (id bigserial PRIMARY KEY, body jsonb)")
        while True:
            begun = time.perf_counter()
            await database.execute("INSERT INTO bench_plain_order (body) VALUES (%s)", [body])
            seen.inserts.append(time.perf_counter() - begun)
            await asyncio.sleep(1 / play["rate"])


async def place_orders(shop: Shop, guests: list[Guest]) -> float:
    """Let guests order at the rate; return how far the rate was kept."""
    free, running = deque(guests), set[asyncio.Task[None]]()
    wanted = int(shop.play["rate"] * shop.play["seconds"])
    begun = time.perf_counter()
    for number in range(wanted):
        await asyncio.sleep(max(0.0, begun + number / shop.play["rate"] - time.perf_counter()))
        guest = free.popleft() if free else None
        if guest is None:
            shop.seen.statuses["no guest was free"] += 1
            continue
        task = asyncio.create_task(shop.order(guest, number))
        running.add(task)
        task.add_done_callback(running.discard)
        task.add_done_callback(lambda _task, guest=guest: free.append(guest))  # type: ignore[misc]
    if running:
        await asyncio.wait(running, timeout=PATIENCE)
    return wanted / (time.perf_counter() - begun)


async def read_menus(shop: Shop, guests: list[Guest]) -> dict[str, Any]:
    """Open the page with its menu at a rate, as newcomers do; return the latencies and the bytes that went over the wire."""
    latencies, sizes, statuses = list[float](), set[int](), Counter[int]()
    raw = aiohttp.ClientSession(auto_decompress=False)

    async def read(guest: Guest) -> None:
        begun = time.perf_counter()
        async with raw.get(shop.page, headers=guest.headers) as answer:
            sizes.add(len(await answer.read()))
            statuses[answer.status] += 1
        latencies.append(time.perf_counter() - begun)

    async with raw, asyncio.TaskGroup() as group:
        begun = time.perf_counter()
        for number in range(int(shop.play["menu_rate"] * shop.play["menu_seconds"])):
            await asyncio.sleep(max(0.0, begun + number / shop.play["menu_rate"] - time.perf_counter()))
            group.create_task(read(guests[number % len(guests)]))
    return {"latencies": _shares(latencies), "bytes": max(sizes), "statuses": dict(statuses)}


async def weigh_page(shop: Shop) -> dict[str, int]:
    """Return the bytes of the page and of what it needs before it shows the menu, as they go over the wire."""
    found: dict[str, int] = {}
    async with aiohttp.ClientSession(auto_decompress=False, headers={"Accept-Encoding": "gzip"}) as raw:
        async with shop.http.get(shop.page) as answer:
            page = await answer.text()
        addresses = [f"/shop/{shop.play['channel']}/", *re.findall(r'(?:src|href)="(/shop/static/[^"]+)"', page)]
        for address in addresses:
            async with raw.get(f"{shop.site}{address}") as answer:
                found[address] = len(await answer.read())
    return found


def _shares(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {f"p{share}": _share(ordered, share) for share in (50, 95, 99)}


def _share(ordered: Sequence[float], share: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)] * 1000 if ordered else 0.0


async def run(play: dict[str, Any]) -> dict[str, Any]:
    """Play it all; return the figures."""
    seen, limits = Seen(), aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    async with aiohttp.ClientSession(connector=limits, timeout=timeout) as http:
        shop, guests = Shop(http, play, seen), [Guest(number) for number in range(play["guests"])]
        for first in range(0, len(guests), SESSIONS_AT_ONCE):
            await asyncio.gather(*(shop.enter(guest) for guest in guests[first : first + SESSIONS_AT_ONCE]))
        await asyncio.gather(*(shop.look(guest) for guest in guests[:SESSIONS_AT_ONCE]))
        beside = [asyncio.create_task(watch(shop)), asyncio.create_task(insert(seen, play))]
        await asyncio.sleep(1.0)
        kept = await place_orders(shop, guests)
        await asyncio.sleep(SETTLING)
        failed = [task.exception() for task in beside if task.done()]
        for task in beside:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        menus, page = await read_menus(shop, guests), await weigh_page(shop)
    shown = [seen.shown_at[name] - at for name, at in seen.pressed_at.items() if name in seen.shown_at]
    return {
        "rate": kept, "placed": len(seen.pressed_at), "moved": seen.moved, "empty": seen.empty,
        "doubled": seen.doubled, "numbers": sorted(seen.pressed_at), "not_shown": len(seen.pressed_at) - len(shown),
        "answer": _shares(seen.answers), "shown": _shares(shown), "insert": _shares(seen.inserts),
        "menu": menus, "page": page, "statuses": dict(seen.statuses), "failed": [str(error) for error in failed],
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(uvloop.run(run(json.loads(sys.stdin.readline())))), flush=True)

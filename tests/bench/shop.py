"""The coffee shop under a rush: 200 guests, 20 orders a second through the Mini App's doors, one board; then counted by hand.

The real processes on this machine, PostgreSQL with fsync on. Afterwards the rows are counted: no thing sold that was not there,
no slot over its capacity, no order lost or made twice. Beside it, at the same rate and in the same database, a plain durable
insert: what stands above it is the price of everything that keeps an order right.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import psycopg

from config.demo import house
from config.env import ROOT
from tests.bench.processes import free_port, running, wait_for_port
from tests.bench.services import Ground
from tests.bench.table import Table, ms, times

GUESTS, RATE, MENU_RATE = 200, 20.0, 100.0
RARE, RARE_LEFT = "croissant", 60  # the thing that runs out in the middle of the rush
WEB = 2  # processes of the site: one a core
CAPACITY = 40  # orders in ten minutes: the rush fills slot after slot

# A site channel whose guests need no proof; the place is open round the clock, so that the hour of the run does not matter.
FURNISH = """
import json
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from bot.models import Channel
from content import stops
from content.models import Place, Product, Category
from tests.bench.shop import CAPACITY, RARE, RARE_LEFT
place = Place.objects.filter(is_active=True).order_by("order", "id").first()
Place.objects.filter(pk=place.pk).update(
    schedule={}, holidays=[], capacity=CAPACITY, is_paused=False, time_zone="Europe/Moscow")
Product.objects.filter(category__isnull=False).update(sold_from=None, sold_until=None)
Category.objects.update(sold_from=None, sold_until=None)
stops.Stop.objects.all().delete()
stops.stop(place, Product.objects.get(code=RARE), left=RARE_LEFT)
channel = Channel.objects.create(kind="webchat", title="Bench", credentials={}, scenario_key="coffee")
user = User.objects.create_superuser("bench")
session = SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(json.dumps({"channel": channel.pk, "place": place.code, "cookie": session.session_key}))
"""

OVERSOLD = """
SELECT coalesce(sum(item.quantity), 0) FROM payments_orderitem item
JOIN payments_ticket ticket ON ticket.order_id = item.order_id
WHERE item.code = %s AND ticket.status NOT IN ('canceled', 'expired')
"""
LEFT = "SELECT stop.left FROM content_stop stop JOIN content_product p ON p.id = stop.product_id WHERE p.code = %s"
FULLEST = "SELECT coalesce(max(count), 0) FROM (SELECT count(*) FROM payments_ticket GROUP BY place_id, slot_at) slots"
SLOTS_DISAGREE = """
SELECT count(*) FROM payments_pickupslot slot
WHERE slot.taken <> (SELECT count(*) FROM payments_ticket t WHERE t.place_id = slot.place_id AND t.slot_at = slot.starts_at)
"""
NUMBERS = "SELECT number FROM payments_order"
NEWS = "SELECT count(*) FROM bot_inboxevent WHERE kind = 'order' AND payload->>'what' = 'placed'"


@dataclass(frozen=True, slots=True)
class Count:
    """What the rows say after the rush."""

    sold: int
    left: int
    fullest: int
    disagreeing: int
    lost: int
    extra: int
    untold: int

    def insist(self) -> None:
        """End the run when something happened that must never happen."""
        wrong = self.disagreeing or self.lost or self.extra or self.untold
        if self.sold + self.left != RARE_LEFT or self.fullest > CAPACITY or wrong:
            raise RuntimeError(f"the rows do not agree with what guests were told: {self}")


def measure(*, seconds: float = 30.0, menu_seconds: float = 15.0) -> list[Table]:
    """Play the rush; return the table of figures and of counts."""
    with Ground() as ground:
        ground.environment["TRUSTED_PROXIES"] = "1"  # each guest comes from an address of their own
        found = _play(ground, seconds, menu_seconds)
        count = _count(ground, found)
    print(f"  shop: {found['statuses']} {count}", file=sys.stderr)
    if found["failed"] or found["doubled"] or found["not_shown"]:
        raise RuntimeError(f"not what was promised: {found['failed']} {found['doubled']} {found['not_shown']}")
    count.insist()
    return [_table(found, count), _pages(found)]


def _play(ground: Ground, seconds: float, menu_seconds: float) -> dict[str, Any]:
    ground.manage("load_preset", "coffee")
    shell = [sys.executable, "manage.py", "shell", "--no-imports", "-c", FURNISH]
    made = subprocess.run(shell, cwd=ROOT, env=ground.environment, check=True, capture_output=True, text=True)
    port = free_port()
    commands = {child.name: list(child.command) for child in house({"PUBLIC_URL": f"http://127.0.0.1:{port}"})}
    commands["web"] += ["--workers", str(WEB)]
    with running(commands, ground.environment, ground.folder):
        wait_for_port(port, "the site")
        play = {
            **json.loads(made.stdout.splitlines()[-1]), "port": port, "guests": GUESTS, "rate": RATE, "rare": RARE,
            "seconds": seconds, "menu_rate": MENU_RATE, "menu_seconds": menu_seconds, "dsn": ground.postgres.url(),
        }  # fmt: skip
        people = subprocess.run(
            [sys.executable, "-m", "tests.bench.shop_guests"],
            cwd=ROOT, env=ground.environment, input=json.dumps(play) + "\n", stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
    found: dict[str, Any] = json.loads(people.stdout)
    if any(name.endswith(" 500") for name in found["statuses"]):
        words = (ground.folder / "web.log").read_text(errors="replace")
        print(words[words.find("Traceback") :][:3000], file=sys.stderr)
    return found


def _count(ground: Ground, found: dict[str, Any]) -> Count:
    with psycopg.connect(ground.postgres.url(), autocommit=True) as database:

        def one(query: str, *values: str) -> int:
            row = database.execute(query, values).fetchone()
            return int(row[0]) if row is not None else 0

        stored, told = {row[0] for row in database.execute(NUMBERS)}, set(found["numbers"])
        return Count(
            sold=one(OVERSOLD, RARE),
            left=one(LEFT, RARE),
            fullest=one(FULLEST),
            disagreeing=one(SLOTS_DISAGREE),
            lost=len(told - stored),
            extra=len(stored - told),
            untold=len(stored) - one(NEWS),
        )


def _table(found: dict[str, Any], count: Count) -> Table:
    table = Table("7. The coffee shop in a rush", ["Of an order", "p50 ms", "p95 ms", "p95 above the plain insert"])
    plain = found["insert"]
    rows = {
        "a plain durable insert beside it": plain,
        "press to answer": found["answer"],
        "press to board": found["shown"],
    }
    for title, shares in rows.items():
        ratio = "" if shares is plain else times(shares["p95"] / plain["p95"])
        table.add(title, ms(shares["p50"]), ms(shares["p95"]), ratio)
    table.notes += [
        f"{GUESTS} guests placed {found['placed']} orders at {found['rate']:.1f}/s; each: page, two lines with options, "
        "checkout, order, all through HTTP. One in twenty was sent twice at the same instant.",
        f"Counted in the rows: {count.sold} of {RARE_LEFT} counted croissants sold and {count.left} left, the fullest slot "
        f"{count.fullest} of {CAPACITY}, {count.lost} orders lost, {count.extra} made twice, {count.untold} untold. "
        f"{found['moved']} presses were answered with what had moved meanwhile.",
    ]
    return table


def _pages(found: dict[str, Any]) -> Table:
    menu, page = found["menu"], found["page"]
    table = Table("The shop's page", ["What", "p50 ms", "p95 ms", "bytes transferred"])
    shares = menu["latencies"]
    table.add(
        f"the page with its menu at {MENU_RATE:g} requests/s",
        ms(shares["p50"]),
        ms(shares["p95"]),
        f"{menu['bytes']:,}",
    )
    rest = [size for address, size in page.items() if address.startswith("/shop/static/")]
    table.add(f"its script and style, {len(rest)} files, kept for ever", "", "", f"{sum(rest):,}")
    table.notes.append(f"The page's answers: {menu['statuses']}. Bytes are those of the compressed bodies.")
    return table

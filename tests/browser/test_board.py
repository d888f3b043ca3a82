"""The order board on two tablets: live, loud, refusing what it cannot do, and exact about what happened while it was away."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from bot.models import InboxEvent
from content.models import Place, Stop
from payments.models import Ticket
from payments.models.ticket import TransactionNumber
from payments.shop import tickets
from payments.shop.live import wake_boards
from payments.shop.placing import Placed
from tests.asgi_server import asgi_server
from tests.payments.shop.cafe import ALL_WEEK, Cafe, Guest, guests, open_cafe
from tests.people import PASSWORD, People, logged_in, with_password

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # Static files are read in a thread, a few at a time: WhiteNoise is no ASGI application, and Django says so each time.
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume synchronous iterators"),
]
TABLET = {"viewport": {"width": 1024, "height": 768}, "has_touch": True}
NewContext = Callable[..., BrowserContext]
ROUND_THE_CLOCK = {day: [["00:00", "23:59"]] for day in ALL_WEEK}


@pytest.fixture
def cafe() -> Cafe:
    cafe = open_cafe()
    Place.objects.update(schedule=ROUND_THE_CLOCK, capacity=50)
    cafe.place.refresh_from_db()
    return cafe


@pytest.fixture
def house() -> Iterator[str]:
    with asgi_server() as address:
        yield address


def ordered(guest: Guest, cafe: Cafe, *, name: str = "Анна", comment: str = "", **wishes: Any) -> Ticket:
    """Let a guest order a large latte with oat milk and two croissants."""
    now = timezone.now()
    guest.puts(cafe.place, "latte", "size:l", "milk:oat")
    guest.puts(cafe.place, "croissant", quantity=2)
    guest.says(cafe.place, name=name, comment=comment)
    answer = guest.orders(cafe.place, now, **wishes)
    assert isinstance(answer, Placed), answer
    return Ticket.objects.select_related("place", "order__chat__channel", "order__customer").get(order=answer.order)


def tablet(make: NewContext, house: str, user: User, **options: Any) -> Page:
    """A tablet on the counter with the board open and live."""
    context = make(**{**TABLET, **options})
    session = logged_in(user).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": house}])
    page = context.new_page()
    page.goto(house + reverse("boards"))
    expect(page.locator("html")).to_have_attribute("data-link", "live")
    return page


def lane(page: Page, name: str) -> Locator:
    return page.locator(f'main [data-lane="{name}"]').first


def card(page: Page, ticket: Ticket) -> Locator:
    return page.locator(f'[data-ticket="{ticket.pk}"]')


def go(page: Page, ticket: Ticket) -> None:
    card(page, ticket).locator(".act--go").click()


def test_an_order_goes_through_the_lanes_and_the_guest_hears_each_step(
    people: People, cafe: Cafe, house: str, new_context: NewContext
) -> None:
    page = tablet(new_context, house, people.barista)
    (guest,) = guests(1)
    ticket = ordered(guest, cafe, comment="Без сахара, пожалуйста")
    new = lane(page, "received").locator(".card")
    expect(new).to_contain_text("Латте")  # it came by itself
    for words in ("Анна", "400 мл", "Овсяное", "2×", "Круассан", "Без сахара", "Оплата на кассе", "740"):
        expect(new).to_contain_text(words)
    go(page, ticket)
    expect(lane(page, "making").locator(".card")).to_contain_text("Barista")
    go(page, ticket)
    expect(lane(page, "ready").locator(".card")).to_be_visible()
    go(page, ticket)
    expect(lane(page, "done").locator(".card")).to_be_visible()
    page.get_by_role("button", name="Вернуть").click()
    expect(lane(page, "ready").locator(".card")).to_be_visible()
    assert guest.heard() == ["placed", "making", "ready", "picked_up"]


def test_of_two_tablets_one_accepts_and_the_other_reads_who(
    people: People, cafe: Cafe, house: str, new_context: NewContext
) -> None:
    ticket = ordered(guests(1)[0], cafe)
    first = tablet(new_context, house, people.barista)
    second = tablet(new_context, house, people.owner)
    presses: list[Route] = []

    def hold(route: Route) -> None:
        presses.append(route)

    for page in (first, second):  # both press the button before either press arrives
        page.route(re.compile("/tickets/"), hold)
        go(page, ticket)
    for press in presses:
        press.continue_()
    expect(lane(first, "making").locator(".card")).to_be_visible()
    expect(lane(second, "making").locator(".card")).to_be_visible()
    ticket.refresh_from_db()
    loser = second if ticket.accepted_by == "Barista" else first
    expect(loser.locator("#said")).to_contain_text(f"уже принял(а) {ticket.accepted_by}")
    expect((first if loser is second else second).locator("#said")).to_be_hidden()


def made(page: Page, ticket: Ticket) -> None:
    expect(lane(page, "making").locator(f'[data-ticket="{ticket.pk}"]')).to_be_visible()


def test_a_dropped_line_is_shown_nothing_is_queued_and_the_way_back_tells_exactly_what_changed(
    people: People, cafe: Cafe, house: str, new_context: NewContext
) -> None:
    here, away, gone, kept = (ordered(guest, cafe, name=f"Гость{n}") for n, guest in enumerate(guests(4), 1))
    page = tablet(new_context, house, people.barista)
    expect(page.locator("main .card")).to_have_count(4)
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_contain_text("Нет связи")
    go(page, here)
    expect(page.locator("#said")).to_contain_text("действие не выполнено")
    now = timezone.now()
    assert tickets.accept(away, by="Олег", now=now)
    assert tickets.cancel(gone, by="guest", now=now)
    page.wait_for_timeout(300)
    page.context.set_offline(False)
    expect(page.locator("html")).to_have_attribute("data-link", "live")
    expect(page.locator("#offline")).to_be_hidden()
    lines = page.locator(".news li")
    expect(lines).to_have_count(2)  # not a word of those that stayed as they were
    expect(lines.filter(has_text=f"№{away.number}")).to_contain_text("стал «готовится»")
    expect(lines.filter(has_text=f"№{gone.number}")).to_contain_text("отмен")
    expect(card(page, gone)).to_have_count(0)
    here.refresh_from_db()
    kept.refresh_from_db()
    assert (here.status, kept.status) == (
        "received",
        "received",
    )  # the press made without a line was not kept for later
    page.get_by_role("button", name="Понятно").click()
    go(page, here)
    made(page, here)


def test_a_press_whose_answer_is_lost_is_not_called_done_and_the_truth_is_shown(
    people: People, cafe: Cafe, house: str, new_context: NewContext
) -> None:
    ticket = ordered(guests(1)[0], cafe)
    page = tablet(new_context, house, people.barista)

    def arrive_and_break(route: Route) -> None:
        route.fetch()  # it reached the server …
        route.abort()  # … and its answer never came back

    page.route(re.compile("/tickets/"), arrive_and_break)
    go(page, ticket)
    made(page, ticket)
    assert Ticket.objects.get(pk=ticket.pk).accepted_by == "Barista"


def test_without_a_stream_the_board_looks_every_few_seconds(
    people: People, cafe: Cafe, house: str, new_context: NewContext
) -> None:
    page = tablet(new_context, house, people.barista)
    page.route(re.compile("/stream"), lambda route: route.abort())
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-link", "slow")
    ticket = ordered(guests(1)[0], cafe)
    expect(card(page, ticket)).to_be_visible(timeout=15_000)
    go(page, ticket)
    made(page, ticket)


def test_the_end_of_a_session_is_said_and_leads_to_the_login(
    people: People, cafe: Cafe, house: str, new_context: NewContext
) -> None:
    ticket = ordered(guests(1)[0], cafe)
    page = tablet(new_context, house, people.barista)
    page.context.clear_cookies()
    go(page, ticket)
    expect(page.locator("#offline")).to_contain_text("Сеанс закончился")
    expect(page.get_by_role("link", name="Войти")).to_be_visible()
    ticket.refresh_from_db()
    assert ticket.status == "received"


def test_it_rings_after_one_tap_until_somebody_accepts_and_is_muted_by_a_person(
    people: People, cafe: Cafe, house: str, new_context: NewContext
) -> None:
    page = tablet(new_context, house, people.barista)
    page.evaluate("window.rings = []; document.addEventListener('board:rang', (event) => rings.push(event.detail))")
    expect(page.locator("#sound")).to_contain_text("Включить звонок")
    page.locator("#sound").click()
    expect(page.locator("#sound")).to_be_hidden()
    ticket = ordered(guests(1)[0], cafe)
    page.wait_for_function("rings.length >= 2", timeout=15_000)  # again and again
    Ticket.objects.update(received_at=timezone.now() - dt.timedelta(minutes=6), seq=TransactionNumber())
    wake_boards(cafe.place.pk)
    expect(page.locator("#alarm")).to_contain_text(f"№{ticket.number}")
    go(page, ticket)
    expect(page.locator("#alarm")).to_be_hidden()
    page.locator("#open-tablet").click()
    page.locator('[data-choice="sound-off"]').click()
    page.keyboard.press("Escape")
    expect(page.locator("#sound")).to_have_attribute("data-sound", "muted")


def test_an_order_for_later_waits_in_its_own_lane_until_it_is_time_to_begin(
    people: People, cafe: Cafe, house: str, new_context: NewContext
) -> None:
    ticket = ordered(guests(1)[0], cafe)
    begins = timezone.now() + dt.timedelta(seconds=20)
    wanted = begins + dt.timedelta(minutes=cafe.place.prep_minutes)
    Ticket.objects.update(is_asap=False, pickup_at=wanted)
    page = tablet(new_context, house, people.barista)
    expect(lane(page, "later").locator(".card")).to_be_visible()
    expect(lane(page, "received").locator(".card")).to_have_count(0)
    expect(lane(page, "received").locator(".card")).to_be_visible(timeout=40_000)
    expect(card(page, ticket).locator(".act--go")).to_have_text("Принять")


def test_what_has_ended_is_stopped_in_two_taps_from_the_ticket_and_from_the_list(
    people: People, cafe: Cafe, house: str, new_context: NewContext
) -> None:
    ticket = ordered(guests(1)[0], cafe)
    page = tablet(new_context, house, people.barista)
    card(page, ticket).locator(".item").first.click()
    expect(page.locator(".stop")).to_have_count(3)  # the latte, its size and its milk
    page.locator('[data-key="option:milk:oat"] [data-choice="stop"]').click()
    expect(page.locator('[data-key="option:milk:oat"]')).to_contain_text("вернётся")
    page.keyboard.press("Escape")
    page.locator("#open-stops").click()
    row = page.locator('[data-key="product:croissant"]')
    for left in ("1", "2", "3"):
        row.locator('[data-choice="more"]').click()
        expect(row.locator("output")).to_have_text(left)
    expect(row).to_contain_text("осталось 3")
    expect(page.locator("#stop-count")).to_have_text("2")
    assert dict(Stop.objects.values_list("product__code", "left")) == {None: None, "croissant": 3}
    page.locator('[data-key="option:milk:oat"] [data-choice="back"]').click()
    expect(page.locator('[data-key="option:milk:oat"] [data-choice="stop"]')).to_be_visible()


def test_pause_delay_and_cancel_are_said_to_the_guest(
    people: People, cafe: Cafe, house: str, new_context: NewContext
) -> None:
    (guest,) = guests(1)
    ticket = ordered(guest, cafe)
    page = tablet(new_context, house, people.barista)
    page.locator("#open-pace").click()
    page.locator('[data-choice="pause-30"]').click()
    expect(page.locator("html")).to_have_attribute("data-pace", "paused")
    assert Place.objects.get().is_paused_at(timezone.now())
    card(page, ticket).locator(".act--more").click()
    page.locator('[data-choice="delay-10"]').click()
    expect(card(page, ticket)).to_contain_text("+10 мин")
    card(page, ticket).locator(".act--more").click()
    page.locator('[data-choice="cancel"]').click()
    page.get_by_role("button", name="Закончился продукт").click()
    expect(card(page, ticket)).to_have_count(0)
    assert guest.heard() == ["placed", "delayed", "canceled"]
    assert InboxEvent.objects.filter(kind="order").latest("pk").payload["reason"] == "Закончился продукт"


@pytest.mark.parametrize("roll", ["58", "80"])
def test_a_ticket_is_printed_as_wide_as_the_roll_and_nothing_else_with_it(
    people: People, cafe: Cafe, house: str, new_context: NewContext, roll: str
) -> None:
    ticket = ordered(guests(1)[0], cafe, comment="Без сахара <b>")
    page = tablet(new_context, house, people.barista)
    page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1 } }")
    page.locator("#open-tablet").click()
    page.locator(f'[data-choice="roll-{roll}"]').click()
    page.keyboard.press("Escape")
    card(page, ticket).locator(".act--more").click()
    page.locator('[data-choice="print"]').click()
    assert page.evaluate("window.printed") == 1
    page.keyboard.press("Escape")
    expect(page.locator("#slip")).to_be_hidden()
    page.emulate_media(media="print")
    slip = page.locator("#slip")
    for words in (f"№{ticket.number}", "Анна", "1 × Латте", "400 мл", "2 × Круассан", "Без сахара <b>", "740"):
        expect(slip).to_contain_text(words)
    expect(page.locator("main")).to_be_hidden()
    box = slip.bounding_box()
    assert box is not None
    assert box["width"] <= int(roll) / 25.4 * 96


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1024, 768), (768, 1024), (390, 844)])
def test_every_target_is_large_and_nothing_runs_out_of_the_screen(
    people: People, cafe: Cafe, house: str, new_context: NewContext, width: int, height: int, scheme: str
) -> None:
    long = "Жанна Константиновна Белозёрская-Преображенская"
    ticket = ordered(guests(1)[0], cafe, name=long, comment="Оченьдлинноесловобезпробелов" * 4)
    size = {"width": width, "height": height}
    page = tablet(new_context, house, people.barista, viewport=size, color_scheme=scheme)
    expect(card(page, ticket)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert card(page, ticket).evaluate("(node) => node.scrollWidth <= node.clientWidth")
    small = """() => [...document.querySelectorAll('button, a, select')].filter((node) => node.offsetParent)
        .map((node) => [node.textContent.trim(), node.getBoundingClientRect()])
        .filter(([, box]) => Math.min(box.width, box.height) < 48).map(([text]) => text)"""
    assert page.evaluate(small) == []
    for opener in ("#open-stops", "#open-pace", "#open-tablet"):
        page.locator(opener).click()
        expect(page.locator("#sheet .act").first).to_be_visible()
        assert page.evaluate(small) == [], opener
        assert page.locator("#sheet").evaluate("(node) => node.scrollWidth <= node.clientWidth"), opener
        page.keyboard.press("Escape")


def test_a_barista_logs_in_works_switches_places_and_sees_nothing_else(
    people: People, cafe: Cafe, house: str, new_context: NewContext
) -> None:
    Place.objects.create(code="arbat", name="На Арбате", order=1)
    ticket = ordered(guests(1)[0], cafe)
    with_password(people.barista)
    page = new_context(**TABLET).new_page()
    page.goto(house + reverse("admin:index"))
    page.fill("#id_username", "barista")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    expect(page).to_have_url(house + reverse("board", args=["lenina"]))
    go(page, ticket)
    made(page, ticket)
    page.locator("#places").select_option(label="На Арбате")
    expect(page).to_have_url(house + reverse("board", args=["arbat"]))
    expect(lane(page, "making").locator(".card")).to_have_count(0)
    page.goto(house + reverse("boards"))
    expect(page).to_have_url(house + reverse("board", args=["arbat"]))  # the tablet remembers where it stands
    for name in ("admin:payments_order_changelist", "admin:crm_customer_changelist", "shop_report", "office_errors"):
        answer = page.request.get(house + reverse(name))
        assert answer.status == 403, name
    page.locator("#open-tablet").click()
    expect(page.get_by_role("link", name="Кабинет")).to_have_count(0)
    page.get_by_role("button", name="Выйти").click()
    expect(page.locator("#board")).to_have_count(0)


def test_the_keyboard_alone_works_the_board(people: People, cafe: Cafe, house: str, new_context: NewContext) -> None:
    ticket = ordered(guests(1)[0], cafe)
    page = tablet(new_context, house, people.barista)
    card(page, ticket).locator(".act--go").focus()
    page.keyboard.press("Enter")
    made(page, ticket)
    page.locator("#open-pace").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#sheet")).to_have_attribute("data-name", "pace")
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator("#open-pace")).to_be_focused()

"""The widget on a bad network: nothing is lost, nothing is doubled."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from bot.models import InboxEvent
from bot.nudges import broker
from tests.browser.visitor import answer, delivered, launcher, listening, messages, open_chat, write
from tests.browser.widget_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_offline_words_wait_and_arrive_once(page: Page, site: Site) -> None:
    open_chat(page, site)
    write(page, "до")
    delivered(page, "до")
    page.context.set_offline(True)
    write(page, "в туннеле")
    expect(messages(page).last).to_contain_text("в туннеле")
    expect(page.locator("#otklik-widget .message").last).to_contain_text("ждёт соединения")
    assert InboxEvent.objects.filter(kind="text").count() == 1
    page.context.set_offline(False)
    delivered(page, "в туннеле")
    assert [event.payload["text"] for event in InboxEvent.objects.filter(kind="text").order_by("pk")] == [
        "до",
        "в туннеле",
    ]


def test_an_answer_that_was_lost_does_not_double_the_message(page: Page, site: Site) -> None:
    open_chat(page, site)
    write(page, "раз")
    delivered(page, "раз")
    lost: list[int] = []

    def lose_the_first_answer(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)  # it arrived …
            route.abort()  # … and the visitor never learns
        else:
            route.continue_()

    page.route("**/messages", lose_the_first_answer)
    write(page, "два")
    delivered(page, "два")
    assert lost == [201]
    assert InboxEvent.objects.filter(kind="text").count() == 2
    expect(messages(page)).to_have_count(2)


def test_a_queue_survives_a_reload(page: Page, site: Site) -> None:
    open_chat(page, site)
    write(page, "раз")
    delivered(page, "раз")
    page.route("**/messages", lambda route: route.abort())
    write(page, "не ушло")
    expect(messages(page).last).to_contain_text("не ушло")
    page.unroute("**/messages")
    page.reload()
    delivered(page, "не ушло")


def test_a_refused_message_can_be_tried_again(page: Page, site: Site) -> None:
    open_chat(page, site)
    write(page, "раз")
    delivered(page, "раз")
    page.route("**/messages", lambda route: route.fulfill(status=400, json={"error": {"code": "bad_message"}}, headers={
        "Access-Control-Allow-Origin": site.url}))  # fmt: skip
    write(page, "спорное")
    expect(page.locator("#otklik-widget .message").last).to_contain_text("не отправлено")
    page.unroute("**/messages")
    page.get_by_role("button", name="Повторить").click()
    delivered(page, "спорное")


def test_where_the_stream_is_blocked_the_chat_still_works(page: Page, site: Site) -> None:
    page.route("**/stream", lambda route: route.abort())
    open_chat(page, site)
    write(page, "Здравствуйте")
    delivered(page, "Здравствуйте")
    answer("Добрый день!")
    expect(messages(page).last).to_contain_text("Добрый день!")


def test_a_cut_stream_is_opened_again_and_nothing_is_missed(page: Page, site: Site) -> None:
    listening(page, site, lambda: open_chat(page, site))
    write(page, "Здравствуйте")
    delivered(page, "Здравствуйте")
    broker().client_kill_filter(_type="pubsub")
    answer("Пока связи не было")
    expect(messages(page).last).to_contain_text("Пока связи не было")
    expect(messages(page)).to_have_count(2)


def test_two_tabs_show_the_same_talk_over_one_stream(page: Page, site: Site) -> None:
    streams: list[str] = []
    page.context.on("request", lambda request: streams.append(request.url) if request.url.endswith("/stream") else None)
    listening(page, site, lambda: open_chat(page, site))
    write(page, "из первой")
    delivered(page, "из первой")
    second = page.context.new_page()
    second.goto(site.url)
    launcher(second).click()
    expect(messages(second)).to_contain_text([re.compile("из первой")])
    write(second, "из второй")
    delivered(second, "из второй")
    delivered(page, "из второй")
    answer("Обеим")
    expect(messages(page).last).to_contain_text("Обеим")
    expect(messages(second).last).to_contain_text("Обеим")
    assert len(streams) == 1
    page.close()
    answer("Осталась одна")
    expect(messages(second).last).to_contain_text("Осталась одна")

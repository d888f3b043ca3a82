"""Answers to pressed buttons."""

from ..refusals import bad_request
from ..world import Query
from .call import Call, method

ANSWER_SECONDS = 60  # the real server does not say; late answers fail within a minute or so
MAX_TOAST = 200


def fresh_query(call: Call, name: str, seconds: float) -> Query:
    """Return the query that may still be answered, or raise the server's refusal."""
    query = call.bot.queries.get(call.params.text(name))
    if query is None or call.now - query.asked_at > seconds:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    return query


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> bool:
    """https://core.telegram.org/bots/api#answercallbackquery"""
    query = fresh_query(call, "callback_query_id", ANSWER_SECONDS)
    text = call.params.text("text")
    if len(text) > MAX_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answer = {"text": text, "show_alert": call.params.flag("show_alert"), "url": call.params.text("url")}
    return True

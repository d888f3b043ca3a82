"""The transcript as a chat: a small fragment that a page shows and polls."""

import hashlib
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string

from bot.models import Message

PAGE = 60  # messages of one fragment


@dataclass(frozen=True, slots=True)
class Transcript:
    """Messages newest first, as the page stacks them from the bottom; `earlier` asks for the ones before."""

    messages: list[Message]
    earlier: int | None


def transcript_of(chat_id: int, *, before: int | None = None, limit: int = PAGE) -> Transcript:
    """Return up to `limit` messages of a chat older than message `before`. One index range, whatever the chat's length."""
    rows = Message.objects.filter(chat_id=chat_id).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    messages = list(rows[: limit + 1])
    more = len(messages) > limit
    return Transcript(messages[:limit], messages[limit - 1].pk if more else None)


def respond_with_transcript(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Answer a poll: 304 while nothing has changed, so that an open page costs one query and no bytes."""
    before = request.GET.get("before", "")
    transcript = transcript_of(chat_id, before=int(before) if before.isdigit() else None)
    html = render_to_string("admin/office/transcript.html", {"transcript": transcript}, request=request)
    etag = f'"{hashlib.blake2s(html.encode(), digest_size=12).hexdigest()}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    return HttpResponse(html, headers={"ETag": etag, "Cache-Control": "no-cache, private"})

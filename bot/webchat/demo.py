"""`GET /chat/demo`: somebody's site with our widget on it, let in by its origin like any other."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bot.models import Channel
from bot.webchat import script


def demo(request: HttpRequest) -> HttpResponse:
    """Show the page with the widget that allows this very origin; `?key=` chooses among several."""
    origin = f"{request.scheme}://{request.get_host()}"
    chats = Channel.objects.filter(kind="webchat", is_active=True, options__origins__contains=[origin]).order_by("pk")
    if key := request.GET.get("key"):
        chats = chats.filter(options__public_key=key)
    chat = chats.first()
    context = {
        "key": chat.options["public_key"] if chat else "",
        "origin": origin,
        "version": script.current().version,
        "lang": request.GET.get("lang", ""),
    }
    return render(request, "chat/demo.html", context, status=200 if chat else 404)

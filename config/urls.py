"""The doors that Django opens; the webhook door stands beside it in `config.asgi`."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("chat/", include("bot.webchat.urls")),
]

"""Doors under /chat/. The live stream stands before Django, in `config.asgi`."""

from django.urls import path, register_converter

from bot.webchat import demo, doors, script


class PublicKey:
    """A widget's public key."""

    regex = "[A-Za-z0-9_-]{1,64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PublicKey, "public_key")
app_name = "webchat"
urlpatterns = [
    path("widget.js", script.widget, name="widget"),
    path("demo", demo.demo, name="demo"),
    path("<public_key:key>/config", doors.config, name="config"),
    path("<public_key:key>/session", doors.session, name="session"),
    path("<public_key:key>/messages", doors.messages, name="messages"),
    path("<public_key:key>/typing", doors.typing, name="typing"),
]

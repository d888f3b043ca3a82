"""What starts with every process."""

from django.apps import AppConfig


class ConfigApp(AppConfig):
    name = "config"

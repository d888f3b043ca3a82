"""Logging: JSON lines on stdout."""

import logging.config
from typing import Any


def configure(_settings: dict[str, Any]) -> None:
    """Set up the root logger; called by Django at start."""
    logging.basicConfig(level="INFO")

"""A language model behind the OpenAI API, on loopback: it answers sensibly, or as wrongly as it is told to."""

from .moods import Mood
from .server import ModelServer

__all__ = ["ModelServer", "Mood"]

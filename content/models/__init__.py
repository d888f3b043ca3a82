"""The library: what the business says about itself, edited in the admin."""

from content.models.faq import Faq
from content.models.profile import BusinessProfile
from content.models.snippet import Snippet

__all__ = ["BusinessProfile", "Faq", "Snippet"]

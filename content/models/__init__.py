"""The library: what the business says about itself and what it offers, edited in the admin."""

from content.models.bonus import Bonus
from content.models.consent import ConsentText
from content.models.faq import Faq
from content.models.material import Material
from content.models.product import Product
from content.models.profile import BusinessProfile
from content.models.snippet import Snippet

__all__ = ["Bonus", "BusinessProfile", "ConsentText", "Faq", "Material", "Product", "Snippet"]

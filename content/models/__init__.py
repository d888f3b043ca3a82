"""The library: what the business says about itself and what it offers, edited in the admin."""

from content.models.bonus import Bonus
from content.models.category import Category
from content.models.consent import ConsentText
from content.models.faq import Faq
from content.models.material import Material
from content.models.menu_item import MenuItem
from content.models.options import Option, OptionGroup, ProductGroup
from content.models.photo import Photo
from content.models.place import Place
from content.models.price import PriceChange
from content.models.product import Product
from content.models.profile import BusinessProfile
from content.models.snippet import Snippet
from content.models.stop import Stop

__all__ = [
    "Bonus",
    "BusinessProfile",
    "Category",
    "ConsentText",
    "Faq",
    "Material",
    "MenuItem",
    "Option",
    "OptionGroup",
    "Photo",
    "Place",
    "PriceChange",
    "Product",
    "ProductGroup",
    "Snippet",
    "Stop",
]

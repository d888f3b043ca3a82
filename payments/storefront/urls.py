"""Doors under /shop/."""

from django.urls import path

from payments.storefront import assets, page
from payments.storefront.api import api

urlpatterns = [
    path("api/", api.urls),
    path("static/<str:version>/<str:name>", assets.serve, name="shop_asset"),
    path("<int:channel_id>/", page.show, name="shop_page"),
]

"""Doors under /admin/shop-report/."""

from django.contrib import admin
from django.urls import path

from payments.report import pages

urlpatterns = [
    path("", admin.site.admin_view(pages.show), name="shop_report"),
    path("<str:kind>", admin.site.admin_view(pages.download), name="shop_report_file"),
]

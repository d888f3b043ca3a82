"""The doors that Django opens; the webhook door stands beside it in `config.asgi`."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from config import doors, landing, office, probes
from content.photo_door import photo_door
from crm.bitrix24.webhooks import receive as receive_portal_event
from crm.calendar_entries import download
from crm.own_data_door import own_data_door
from crm.yclients.webhooks import receive as receive_calendar_news
from dialogs.admin import lead_script, prompt_pages
from payments.returning import return_page
from payments.webhooks import receive_call as receive_notice_call
from payments.webhooks import receive_signed as receive_signed_notice
from payments.yookassa_door import receive as receive_yookassa

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", probes.healthz),
    path("readyz", probes.readyz),
    path("metrics", probes.prometheus),
    path("admin/errors/", admin.site.admin_view(office.errors_page), name="office_errors"),
    path("admin/try-phone/", admin.site.admin_view(office.try_phone_page), name="office_try_phone"),
    path("admin/lead-script/<int:lead_id>/", admin.site.admin_view(lead_script.panel), name="lead_script"),
    path("admin/prompts/", include(prompt_pages.urls())),
    path("admin/board/", include("payments.board.urls")),
    path("admin/shop-report/", include("payments.report.urls")),
    path("admin/", admin.site.admin_view(landing.home)),
    path("admin/login/", doors.login),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("webhook/bitrix24", doors.guarded(receive_portal_event, door="bitrix24")),
    path("webhook/getcourse", doors.guarded(receive_signed_notice, door="getcourse")),
    path("webhook/getcourse/<str:secret>", doors.guarded(receive_notice_call, door="getcourse")),
    path("webhook/yookassa", doors.guarded(receive_yookassa, door="yookassa")),
    path("pay/<str:number>", doors.guarded(return_page, door="pay"), name="pay_return"),
    path("webhook/yclients/<str:secret>", doors.guarded(receive_calendar_news, door="yclients")),
    path("calendar/<str:token>.ics", download, name="calendar_entry"),
    path("my-data/<str:token>", doors.guarded(own_data_door, door="own-data"), name="own_data"),
    path("chat/", include("bot.webchat.urls")),
    path("shop/", include("payments.storefront.urls")),
    re_path(r"^shop/photo/(?P<sha256>[0-9a-f]{64})\.(?:webp|jpg)$", photo_door, name="shop_photo"),
]

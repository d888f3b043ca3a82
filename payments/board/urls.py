"""Doors under /admin/board/. The live stream stands before Django, in `config.asgi`."""

from django.contrib import admin
from django.urls import path

from payments.board import pages

view = admin.site.admin_view
urlpatterns = [
    path("", view(pages.first), name="boards"),
    path("<slug:code>/", view(pages.board), name="board"),
    path("<slug:code>/state", view(pages.state), name="board_state"),
    path("<slug:code>/tickets/<int:ticket_id>/<str:verb>", view(pages.act), name="board_act"),
    path("<slug:code>/stops", view(pages.stops), name="board_stops"),
    path("<slug:code>/pace", view(pages.pace), name="board_pace"),
]

"""Every page of the product."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from visio.attendance import pages as attendance_pages
from visio.connection_test.pages import connection_test
from visio.live import exports, files, goodbye
from visio.live import pages as live_pages
from visio.preferences.pages import preferences
from visio.rooms import embedding, encryption, pages, policy_pages, settings_pages, slugs
from visio.signalling.inside import inside
from visio.signalling.views import warm

urlpatterns: list[URLPattern | URLResolver] = [
    path("", warm(pages.home), name="home"),
    path("join/", pages.join, name="join"),
    path("rooms/now/", pages.start_now, name="start_now"),
    path("rooms/new/", pages.create_room, name="create_room"),
    path("rooms/<slug:slug>/settings/", settings_pages.room_settings, name="room_settings"),
    path("rooms/<slug:slug>/policy/", policy_pages.room_policy, name="room_policy"),
    path("rooms/<slug:slug>/encryption/", encryption.change, name="room_encryption"),
    path("rooms/<slug:slug>/dry-run/", policy_pages.dry_run, name="dry_run"),
    path("rooms/<slug:slug>/chats/", live_pages.chats, name="chats"),
    path("rooms/<slug:slug>/chats/<uuid:gathering_id>.<str:form>", live_pages.chat_file, name="chat_file"),
    path("rooms/<slug:slug>/gatherings/", attendance_pages.gatherings, name="gatherings"),
    path(
        "rooms/<slug:slug>/gatherings/<uuid:gathering_id>/delete/",
        attendance_pages.delete_gathering,
        name="delete_gathering",
    ),
    re_path(
        r"^rooms/(?P<slug>[-\w]+)/gatherings/(?P<gathering_id>[0-9a-f-]{36})/attendance\.(?P<kind>csv|ods)$",
        attendance_pages.attendance,
        name="attendance",
    ),
    re_path(
        r"^rooms/(?P<slug>[-\w]+)/gatherings/(?P<gathering_id>[0-9a-f-]{36})/polls\.(?P<kind>csv|ods)$",
        exports.polls,
        name="polls",
    ),
    re_path(
        r"^rooms/(?P<slug>[-\w]+)/gatherings/(?P<gathering_id>[0-9a-f-]{36})/notes\.(?P<kind>md|odt)$",
        exports.notes,
        name="notes",
    ),
    path("rooms/<slug:slug>/members/", settings_pages.add_member, name="add_member"),
    path("rooms/<slug:slug>/members/<uuid:member_id>/", settings_pages.change_member, name="change_member"),
    path("rooms/<slug:slug>/bans/<uuid:visit_id>/lift/", settings_pages.lift_ban, name="lift_ban"),
    path("rooms/<slug:slug>/leave/", settings_pages.leave_room, name="leave_room"),
    path("rooms/<slug:slug>/delete/", settings_pages.delete_room, name="delete_room"),
    re_path(rf"^(?P<slug>{slugs.PATTERN})/?$", pages.room_page, name="room"),
    re_path(rf"^(?P<slug>{slugs.PATTERN})/inside/$", inside, name="inside"),
    re_path(rf"^(?P<slug>{slugs.PATTERN})/passcode/$", pages.passcode, name="passcode"),
    re_path(rf"^(?P<slug>{slugs.PATTERN})/chat/files/$", files.send, name="send_chat_file"),
    path("<slug:slug>/chat/files/<uuid:file_id>/", files.fetch, name="chat_attachment"),
    re_path(rf"^(?P<typed>{slugs.PATTERN_IN_ANY_CASE})/?$", pages.room_in_small_letters),
    re_path(rf"^(?P<slug>{slugs.PATTERN})/goodbye/$", goodbye.goodbye, name="goodbye"),
    re_path(rf"^(?P<slug>{slugs.PATTERN})/rating/$", goodbye.rate, name="rate"),
    path("embed/", embedding.embed_with_ticket, name="embed_with_ticket"),
    re_path(rf"^embed/(?P<slug>{slugs.PATTERN})/$", embedding.embed, name="embed"),
    path("connection-test/", connection_test, name="connection_test"),
    path("preferences/", preferences, name="preferences"),
    path("api/v1.0/", include("visio.api")),
    path("", include("visio.signalling.urls")),
    path("", include("visio.integration.urls")),
]

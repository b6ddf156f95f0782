"""Every route of the REST API, version 1.0; paths and names follow La Suite Meet's where the same thing exists."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from visio.connection_test import api as connection_test
from visio.preferences import api as preferences
from visio.rooms.api import configuration, document, members, people, rooms

router = SimpleRouter()
router.register("rooms", rooms.RoomViewSet, basename="api_rooms")
router.register("resource-accesses", members.AccessViewSet, basename="api_accesses")

urlpatterns: list[URLPattern | URLResolver] = [
    path("config/", configuration.configuration, name="api_config"),
    path("users/me/", people.me, name="api_me"),
    path("users/me/preferences/", preferences.preferences, name="api_preferences"),
    path("connection-test/", connection_test.begin, name="api_connection_test"),
    path("openapi.json", document.schema_json, name="api_openapi"),
    path("schema/", document.schema, name="api_schema"),
    path("swagger/", document.page, name="api_page"),
    *router.urls,
]

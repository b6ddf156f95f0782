"""Routes of this folder."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.i18n import set_language

from suite.theme import accessibility, installed, views

urlpatterns: list[URLPattern] = [
    path("language/", set_language, name="set_language"),
    path("look/", views.choose_look, name="choose_look"),
    path("robots.txt", views.robots, name="robots"),
    path("accessibility/", accessibility.statement, name="accessibility"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("service-worker.js", installed.service_worker, name="service_worker"),
    path("offline/", installed.offline, name="offline"),
    path("texts.js", views.catalog, name="texts"),
]

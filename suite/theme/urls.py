"""Routes of this folder."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.i18n import set_language

from suite.theme import views

urlpatterns: list[URLPattern] = [
    path("language/", set_language, name="set_language"),
    path("look/", views.choose_look, name="choose_look"),
    path("robots.txt", views.robots, name="robots"),
    path("texts.js", views.catalog, name="texts"),
]

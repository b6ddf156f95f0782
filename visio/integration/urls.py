"""HTTP routes of the server API."""

from __future__ import annotations

from django.urls import path

from visio.integration.twirp import serve

urlpatterns = [path("twirp/<str:service>/<str:method>", serve, name="twirp")]

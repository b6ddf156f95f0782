"""Routes of this folder: probes, under the paths that Dockerflow gave them, and metrics."""

from __future__ import annotations

from django.urls import URLPattern, path

from suite.operations import health, metrics

urlpatterns: list[URLPattern] = [
    path("__lbheartbeat__", health.alive),
    path("__heartbeat__", health.ready),
    path("__version__", health.version),
    path("metrics", metrics.page),
]

"""HTTP routes of signalling; the sockets are in `visio.routing`."""

from __future__ import annotations

from django.urls import path

from visio.signalling.views import validate

urlpatterns = [
    path("rtc/validate", validate, name="rtc_validate"),
    path("rtc/v1/validate", validate, {"single": True}, name="rtc_v1_validate"),
]

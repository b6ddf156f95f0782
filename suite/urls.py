"""Every page and API route of the project, feature by feature."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("suite.identity.urls")),
    path("", include("suite.theme.urls")),
    path("", include("suite.operations.urls")),
    path("", include("visio.urls")),
]

handler404 = "suite.theme.views.not_found"
handler500 = "suite.theme.views.server_error"

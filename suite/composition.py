"""What the project is composed of: the parts of Django's settings that no operator chooses."""

from __future__ import annotations

from suite.env import BASE_DIR

APPS = [
    "daphne",
    "suite.identity.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "mozilla_django_oidc",
    "suite.theme",
    "suite.identity",
    "suite.operations",
    "visio.rooms",
    "visio.attendance",
    "visio.signalling",
    "visio.live",
    "visio.connection_test",
    "visio.integration",
]

MIDDLEWARE = [
    "suite.operations.metrics.measured",
    "django.middleware.security.SecurityMiddleware",
    "suite.operations.static_files.StaticFiles",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "visio.rooms.guests.GuestCookie",
    "suite.theme.not_allowed.explain",
]

FILE_UPLOAD_PATH = r"/[^/]+/chat/files/$"
"""Where requests may be as large as a file; everywhere else they are small."""

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "suite.theme.context.theme",
            ]
        },
    }
]

SPECTACULAR_SETTINGS = {
    "TITLE": "Visio",
    "VERSION": "1.0",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "ENUM_NAME_OVERRIDES": {
        "AccessLevel": "visio.rooms.roles.AccessLevel",
        "Role": "visio.rooms.roles.Role",
    },
}

"""The web role's application: HTTP by Django, sockets by Channels."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "suite.settings")
http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402  (models need what the line above loads)

from visio.routing import sockets  # noqa: E402

application = ProtocolTypeRouter({"http": http, "websocket": URLRouter(sockets)})

"""Every WebSocket route of the product."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from visio.live.consumers import LiveConsumer
from visio.live.notes_socket import NotesConsumer
from visio.rooms import slugs
from visio.signalling.consumers import SignalConsumer
from visio.signalling.denial import not_found

sockets: list[URLPattern] = [
    path("rtc", SignalConsumer.as_asgi()),
    path("rtc/v1", SignalConsumer.as_asgi(single=True)),
    re_path(rf"^ws/rooms/(?P<slug>{slugs.PATTERN})/$", LiveConsumer.as_asgi()),
    re_path(rf"^ws/rooms/(?P<slug>{slugs.PATTERN})/notes/$", NotesConsumer.as_asgi()),
    re_path("", not_found),  # type: ignore[arg-type]  # Channels routes to ASGI applications with Django's own paths
]

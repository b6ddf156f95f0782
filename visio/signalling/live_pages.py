"""The administration's live pages: rooms in progress on all workers, and the participants and tracks of one room."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _

from visio.rooms import slugs
from visio.rooms.models import Room
from visio.signalling import client, live_rooms
from visio.signalling.registry import VALKEY_ERRORS

VIEW = "rooms.view_room"
AWAY = (*VALKEY_ERRORS, TimeoutError)
Page = Callable[..., HttpResponse]


def urls(site: AdminSite) -> list[URLPattern]:
    """Give the routes, for staff only."""
    return [
        path("live/", site.admin_view(_page(site, rooms)), name="rooms_room_live_list"),
        path("<uuid:room_id>/live/", site.admin_view(_page(site, room)), name="rooms_room_live"),
        path("<uuid:room_id>/live/report/", site.admin_view(_page(site, report)), name="rooms_room_report"),
    ]


def _page(site: AdminSite, view: Page) -> Page:
    def guarded(request: HttpRequest, **values: Any) -> HttpResponse:
        if not request.user.has_perm(VIEW):
            raise PermissionDenied
        response = view(site, request, **values)
        response["Cache-Control"] = "no-store"
        return response

    return guarded


def rooms(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show the media workers and the rooms in progress."""
    try:
        survey = async_to_sync(client.survey)()
    except AWAY:
        survey = None
    lines = live_rooms.rooms(survey or [])
    known = Room.objects.in_bulk([line.key for line in lines if _is_uuid(line.key)])
    named = [(line, known.get(UUID(line.key)) if _is_uuid(line.key) else None) for line in lines]
    context = {
        "title": _("Rooms in progress"),
        "away": survey is None,
        "workers": live_rooms.workers(survey or []),
        "rooms": [(line, found, found is None or found.slug.startswith(slugs.TEST_PREFIX)) for line, found in named],
    }
    return _render(site, request, "rooms", context)


def room(site: AdminSite, request: HttpRequest, room_id: UUID) -> HttpResponse:
    """Show one room as its media worker sees it; `participant` names the one whose subscriptions are shown."""
    found = get_object_or_404(Room, pk=room_id)
    chosen = request.GET.get("participant", "")
    described, away = _describe(found, "summary", chosen)
    people = live_rooms.people(described) if described else []
    context = {
        "title": found.name or found.slug,
        "room": found,
        "away": away,
        "worker": described["worker"] if described else "",
        "people": people,
        "chosen": next((who for who in people if who.sid == chosen), None),
        "subscriptions": live_rooms.subscriptions(described, chosen) if described else [],
    }
    return _render(site, request, "room", context)


def report(_site: AdminSite, _request: HttpRequest, room_id: UUID) -> HttpResponse:
    """Give everything that the worker says of a room as a JSON file for support, without names and addresses."""
    found = get_object_or_404(Room, pk=room_id)
    described, away = _describe(found, "full")
    if away:
        return HttpResponse(_("The media worker does not answer."), status=503, content_type="text/plain")
    now = timezone.now()
    said = {"room": str(found.pk), "at": now.isoformat(), "described": live_rooms.for_support(described)}
    name = f"room-{found.pk}-{now:%Y%m%dT%H%M%SZ}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(json.dumps(said, indent=2), content_type="application/json", headers=headers)


def _describe(found: Room, detail: str, participant: str = "") -> tuple[dict[str, Any] | None, bool]:
    """Give the worker's description, and whether it could not be had."""
    try:
        return async_to_sync(client.dump_room)(str(found.pk), detail=detail, participant=participant), False
    except AWAY:
        return None, True


def _render(site: AdminSite, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """Give the page, or only what changes on it: the page asks for that every few seconds."""
    context |= {"now": timezone.localtime(), "region": f"admin/rooms/room/live_{name}_region.html"}
    if "fragment" in request.GET:
        return TemplateResponse(request, context["region"], context)
    return TemplateResponse(request, f"admin/rooms/room/live_{name}.html", {**site.each_context(request), **context})


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False

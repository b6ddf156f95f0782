"""Rooms in the administration: their members, who is inside now, and a way to end a meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from visio.rooms import slugs
from visio.rooms.errors import LastOwnerError
from visio.rooms.models import Member, OrganizationPolicy, Room
from visio.signalling import live_pages
from visio.signalling.removal import close_for_everybody

if TYPE_CHECKING:
    MemberInline = admin.TabularInline[Member, Room]
    RoomTable = admin.ModelAdmin[Room]
    PolicyTable = admin.ModelAdmin[OrganizationPolicy]
else:
    MemberInline, RoomTable, PolicyTable = admin.TabularInline, admin.ModelAdmin, admin.ModelAdmin

INSIDE = Q(sessions__left_at=None, sessions__revoked_at=None, sessions__answered_at__isnull=False)


@admin.action(description=_("Close the selected rooms for everybody inside"))
def close_rooms(model_admin: RoomAdmin, request: HttpRequest, queryset: QuerySet[Room]) -> None:
    """Put everybody out of each selected room; the rooms stay."""
    count = 0
    for room in queryset:
        count += close_for_everybody(room)
        model_admin.log_change(request, room, "closed for everybody")
    text = ngettext("%(count)d participant was put out.", "%(count)d participants were put out.", count)
    messages.success(request, text % {"count": count})


class MembersOfRoom(MemberInline):
    """The members on a room's page."""

    model = Member
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(OrganizationPolicy)
class OrganizationPolicyAdmin(PolicyTable):
    """What organisations ask of their rooms."""

    list_display = ("name", "code", "sensitivity", "contact")
    list_filter = ("sensitivity",)
    search_fields = ("name", "code")


@admin.register(Room)
class RoomAdmin(RoomTable):
    """Rooms."""

    list_display = ("name", "slug", "access_level", "inside", "created_at")
    list_filter = ("access_level",)
    search_fields = ("name", "slug")
    fields = (
        "name",
        "slug",
        "access_level",
        "sensitivity",
        "encryption_mode",
        "terms",
        "siret",
        "created_at",
        "inside",
        "live",
    )
    readonly_fields = ("slug", "encryption_mode", "created_at", "inside", "live")
    inlines = (MembersOfRoom,)
    actions = (close_rooms,)

    def has_add_permission(self, *_: Any, **__: Any) -> bool:
        """Say no: a room begins with an owner, on the home page."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Room]:
        """Give the rooms of people, each with the number of those inside."""
        rooms = super().get_queryset(request).exclude(slug__startswith=slugs.TEST_PREFIX)
        return rooms.annotate(inside_count=Count("sessions", filter=INSIDE, distinct=True))

    @admin.display(description=_("Inside now"), ordering="inside_count")
    def inside(self, room: Any) -> int:
        """Give how many people are in the room."""
        return int(room.inside_count)

    @admin.display(description=_("As the media worker sees it"))
    def live(self, room: Room) -> SafeString:
        """Lead to the page that shows what the media worker says of the room."""
        address, text = reverse("admin:rooms_room_live", args=(room.pk,)), _("Participants, tracks and subscriptions")
        return format_html('<a href="{}">{}</a>', address, text)

    def get_urls(self) -> list[URLPattern]:
        """Add the live pages."""
        return [*live_pages.urls(self.admin_site), *super().get_urls()]

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show and save a room; a room that would be left without an owner is not saved."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except LastOwnerError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(request.path)

"""Gatherings in the administration: to be looked at, not changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from visio.attendance.models import Gathering, Participation, Rating, Trouble

if TYPE_CHECKING:
    ParticipationInline = admin.TabularInline[Participation, Gathering]
    GatheringTable = admin.ModelAdmin[Gathering]
    RatingTable = admin.ModelAdmin[Rating]
else:
    ParticipationInline, GatheringTable, RatingTable = admin.TabularInline, admin.ModelAdmin, admin.ModelAdmin


class ReadOnly:
    """Nothing is added, changed or deleted here: what happened has happened."""

    def has_add_permission(self, *_: Any) -> bool:
        """Say no."""
        return False

    def has_change_permission(self, *_: Any) -> bool:
        """Say no."""
        return False

    def has_delete_permission(self, *_: Any) -> bool:
        """Say no: the daily task deletes what is old."""
        return False


class ParticipationsOfGathering(ReadOnly, ParticipationInline):
    """Who was there."""

    model = Participation
    fields = ("name", "organization", "is_guest", "how", "admitted_by", "began_at", "ended_at", "spoken_ms")


@admin.register(Gathering)
class GatheringAdmin(ReadOnly, GatheringTable):
    """Gatherings."""

    list_display = ("room", "began_at", "ended_at")
    list_filter = ("began_at",)
    search_fields = ("room__name", "room__slug")
    fields = ("room", "began_at", "ended_at")
    inlines = (ParticipationsOfGathering,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Gathering]:
        """Give them with their rooms."""
        return super().get_queryset(request).select_related("room")


@admin.register(Rating)
class RatingAdmin(ReadOnly, RatingTable):
    """What people said of meetings when they left; nobody is told who it was."""

    list_display = ("given_on", "stars", "went_wrong", "words", "room")
    list_filter = ("stars", "given_on")
    search_fields = ("words", "gathering__room__name", "gathering__room__slug")
    fields = ("given_on", "stars", "went_wrong", "words", "room")
    date_hierarchy = "given_on"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rating]:
        """Give them with their rooms."""
        return super().get_queryset(request).select_related("gathering__room")

    @admin.display(description=_("what went wrong"))
    def went_wrong(self, rating: Rating) -> str:
        """Give it in words."""
        return ", ".join(str(Trouble(trouble).label) for trouble in rating.troubles)

    @admin.display(description=_("room"))
    def room(self, rating: Rating) -> str:
        """Give the room's name."""
        return str(rating.gathering.room)

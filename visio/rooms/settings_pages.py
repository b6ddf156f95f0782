"""The settings of a room: its name and access, its members, leaving and deleting it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from visio.rooms import encryption
from visio.rooms.abilities import Action
from visio.rooms.errors import RoomsError
from visio.rooms.find import SignedInRequest, gone_is_unknown, room_for
from visio.rooms.forms import MemberForm, RoleForm, RoomForm
from visio.rooms.models import Member, Room, Visit
from visio.rooms.policy import Decision
from visio.rooms.posts import posted
from visio.rooms.roles import Role

Abilities = dict[Action, Decision]
Choice = tuple[str, str | Promise]


@require_http_methods(["GET", "POST"])
@login_required
def room_settings(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show the settings to members; take a new name and access from those who may change them."""
    room, may = room_for(request, slug, Action.UPDATE if request.method == "POST" else Action.LEAVE)
    form = RoomForm(request.POST or None, initial=_values(room))
    if form.is_valid():
        with gone_is_unknown():
            room.change(**form.cleaned_data)
        messages.success(request, _("The settings are saved."))
        return redirect("room_settings", slug=slug)
    return _show(request, room, may, room_form=form)


def _values(room: Room) -> dict[str, str]:
    return {"name": room.name, "access_level": room.access_level}


def _show(
    request: SignedInRequest,
    room: Room,
    may: Abilities,
    *,
    room_form: RoomForm | None = None,
    member_form: MemberForm | None = None,
) -> HttpResponse:
    forms = {
        "room_form": room_form or RoomForm(initial=_values(room)),
        "member_form": member_form or MemberForm(roles=_roles(may)),
    }
    context = {
        **forms,
        "room": room,
        "may": {action.value: decision.allowed for action, decision in may.items()},
        "members": _members(room, may),
        "bans": room.visits.banned(),
        "encryption": encryption.of(room.facts.policy),
        "roles": _roles(may),
        "link": settings.PUBLIC_URL + reverse("room", args=[room.slug]),
    }
    is_wrong = any(form.errors for form in forms.values())
    return render(request, "visio/room_settings.html", context, status=400 if is_wrong else 200)


def _roles(may: Abilities) -> list[Choice]:
    """Give the roles that a person with these abilities may hand out."""
    return [(value, label) for value, label in Role.choices if value != Role.OWNER or may[Action.MANAGE_OWNERS].allowed]


def _members(room: Room, may: Abilities) -> list[tuple[Member, bool]]:
    """Give each member and whether their role may be changed, owners first."""
    order = list(Role.values)
    members = sorted(room.members.select_related("user"), key=lambda each: (order.index(each.role), str(each.user)))
    return [(member, _may_change(member, may)) for member in members]


def _may_change(member: Member, may: Abilities) -> bool:
    needed = Action.MANAGE_OWNERS if member.role == Role.OWNER else Action.MANAGE_MEMBERS
    return may[needed].allowed


@posted(back_to="room_settings")
def add_member(request: SignedInRequest, slug: str) -> HttpResponse:
    """Make the person with an e-mail address a member."""
    room, may = room_for(request, slug, Action.MANAGE_MEMBERS)
    form = MemberForm(request.POST, roles=_roles(may))
    if form.is_valid():
        try:
            member = room.add_member_by_email(form.cleaned_data["email"], form.cleaned_data["role"])
        except RoomsError as error:
            form.add_error("email", error.message)
        else:
            messages.success(request, _("%(name)s is now a member.") % {"name": member.user})
            return redirect("room_settings", slug=slug)
    return _show(request, room, may, member_form=form)


@posted(back_to="room_settings")
def change_member(request: SignedInRequest, slug: str, member_id: uuid.UUID) -> HttpResponse:
    """Give a member another role, or (`remove`) end the membership."""
    room, may = room_for(request, slug, Action.MANAGE_MEMBERS)
    member = get_object_or_404(room.members.select_related("user"), pk=member_id)
    form = RoleForm(request.POST, roles=_roles(may))
    if not _may_change(member, may):
        messages.error(request, may[Action.MANAGE_OWNERS].rule.sentence)
    elif "remove" in request.POST:
        _end(request, member, _("%(name)s is no longer a member.") % {"name": member.user})
    elif form.is_valid():
        _give_role(request, member, form.cleaned_data["role"])
    return redirect("room_settings", slug=slug)


def _give_role(request: SignedInRequest, member: Member, role: Role) -> None:
    try:
        with gone_is_unknown():
            member.change_role(role)
    except RoomsError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The role of %(name)s is changed.") % {"name": member.user})


def _end(request: SignedInRequest, member: Member, done: str) -> bool:
    """End a membership and say so, or say why not."""
    try:
        with gone_is_unknown():
            member.delete()
    except RoomsError as error:
        messages.error(request, error.message)
        return False
    messages.success(request, done)
    return True


@posted(back_to="room_settings")
def lift_ban(request: SignedInRequest, slug: str, visit_id: uuid.UUID) -> HttpResponse:
    """Let somebody who was banned knock again."""
    room, _may = room_for(request, slug, Action.MANAGE_MEMBERS)
    visit = get_object_or_404(room.visits.banned(), pk=visit_id)
    Visit.lift_ban(room, visit.identity)
    messages.success(request, _("%(name)s may knock again.") % {"name": visit.name})
    return redirect("room_settings", slug=slug)


@posted(back_to="room_settings")
def leave_room(request: SignedInRequest, slug: str) -> HttpResponse:
    """End one's own membership."""
    room, _may = room_for(request, slug, Action.LEAVE)
    member = get_object_or_404(room.members, user=request.user)
    if _end(request, member, _("You are no longer a member of %(room)s.") % {"room": room}):
        return redirect("home")
    return redirect("room_settings", slug=slug)


@require_http_methods(["GET", "POST"])
@login_required
def delete_room(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask once more, then delete the room and put everybody out of it."""
    room, _may = room_for(request, slug, Action.DESTROY)
    if request.method == "GET":
        return render(request, "visio/delete_room.html", {"room": room})
    room.delete()
    messages.success(request, _("The room %(room)s is deleted.") % {"room": room})
    return redirect("home")

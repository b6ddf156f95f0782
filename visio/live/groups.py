"""What people are told of the groups (breakout rooms) of their meeting, and how everybody comes back from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from visio.live import news
from visio.rooms import breakouts
from visio.rooms.abilities import HOSTS
from visio.rooms.models import Breakouts, Place, Room
from visio.signalling.models import Session
from visio.signalling.removal import bring_back

Said = dict[str, Any]


def state(made: Breakouts | None) -> Said:
    """Give what everybody in the meeting is told; `now` is the server's time, by which `ends_at` counts."""
    found = made or Breakouts()
    groups = breakouts.groups_of(found.room) if made else []
    return {
        "type": "breakouts.state",
        "groups": [{"id": str(group.pk), "name": group.name} for group in groups],
        "open": found.is_open,
        "choosing": found.may_choose,
        "minutes": found.minutes,
        "ends_at": found.ends_at.isoformat() if found.ends_at else None,
        "now": timezone.now().isoformat(),
    }


def mine(main: Room, group: Room | None) -> Said:
    """Give what somebody is told whose open group is `group`; without one they are in the main room."""
    return {"type": "breakouts.mine", "group": str(group.pk) if group else "", "room": (group or main).slug}


def group_of(found: Breakouts, identity: str) -> Room | None:
    """Give the group in which somebody has a place, or nothing."""
    place = found.places.of(identity).select_related("group").first()
    return place.group if place else None


def people(room: Room) -> Said:
    """Give what hosts are told: everybody in the meeting, and the group that each belongs to."""
    found: dict[str, Said] = {}
    for session in Session.objects.inside().in_meeting(room).filter(grant__hidden=False):
        rights = session.rights
        is_host = rights.attributes.get("role") in HOSTS
        found[session.identity] = _person(session.identity, rights.name or session.identity, is_host=is_host)
    for place in Place.objects.in_groups().filter(breakouts=room.main_id):
        person = found.setdefault(place.identity, _person(place.identity, place.name, is_host=False))
        person |= {"group": str(place.group_id), "help": place.asked_at is not None}
    listed = sorted(found.values(), key=lambda person: (person["name"].casefold(), person["identity"]))
    return {"type": "breakouts.people", "people": listed}


def _person(identity: str, name: str, *, is_host: bool) -> Said:
    return {"identity": identity, "name": name, "host": is_host, "group": "", "help": False}


def tell_state(main: Room) -> None:
    """Tell everybody which groups there are, and until when."""
    news.say_meeting(main.pk, state(breakouts.of(main)))


def tell_people(main: Room) -> None:
    """Tell the hosts who belongs where."""
    news.say_meeting(main.pk, people(main), hosts=True)


def tell_places(main: Room, places: Mapping[str, Room]) -> None:
    """Tell people, by their identities, to which open group they belong from now on."""
    together: defaultdict[Room, list[str]] = defaultdict(list)
    for identity, group in places.items():
        together[group].append(identity)
    for group, identities in together.items():
        news.say_meeting(main.pk, mine(main, group), identities=identities)


def finish(main: Room) -> bool:
    """Bring everybody back from the groups of `main`; say whether nobody else has done so before."""
    if not breakouts.shut(main, and_return=True):
        return False
    tell_state(main)
    news.say_meeting(main.pk, mine(main, None))
    tell_people(main)
    bring_back(main)
    return True

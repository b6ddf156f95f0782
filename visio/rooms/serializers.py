"""What the API takes and gives: explicit lists of fields, named like La Suite Meet's where the same thing exists."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework import serializers

from suite.identity.models import User
from visio.rooms import terms
from visio.rooms.abilities import HOSTS, Action
from visio.rooms.entry import Entry
from visio.rooms.models import Member, Room
from visio.rooms.names import ROOM_NAME_MAX
from visio.rooms.policy import Decision, Policy
from visio.rooms.roles import AccessLevel, EncryptionMode, Role, Sensitivity

Abilities = dict[Action, Decision]


class UserSerializer(serializers.ModelSerializer[User]):
    """A person, to themselves and to the owners and hosts of their rooms."""

    short_name = serializers.CharField(source="given_name", read_only=True)
    full_name = serializers.CharField(read_only=True)

    class Meta:
        model = User
        fields = ("id", "email", "full_name", "short_name", "organization_label")
        read_only_fields = fields


class AccessSerializer(serializers.ModelSerializer[Member]):
    """A member, by the ids of the person and the room."""

    resource = serializers.UUIDField(source="room_id", read_only=True)
    user = serializers.UUIDField(source="user_id", read_only=True)

    class Meta:
        model = Member
        fields = ("id", "user", "resource", "role")
        read_only_fields = fields


class RoomAccessSerializer(AccessSerializer):
    """A member with the person's name, inside a room."""

    user = UserSerializer(read_only=True)  # type: ignore[assignment]


class NewAccessSerializer(serializers.Serializer[Any]):
    """Who becomes a member: a person by id or by e-mail address."""

    resource = serializers.UUIDField()
    user = serializers.UUIDField(required=False)
    email = serializers.EmailField(required=False)
    role = serializers.ChoiceField(choices=Role.choices, default=Role.MEMBER)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for exactly one way to name the person."""
        if ("user" in attrs) == ("email" in attrs):
            raise serializers.ValidationError({"user": self.fields["user"].error_messages["required"]})
        return attrs


class RoleChangeSerializer(serializers.Serializer[Any]):
    """The one thing about a member that changes."""

    role = serializers.ChoiceField(choices=Role.choices)


class RoomInputSerializer(serializers.Serializer[Any]):
    """What people say of a room."""

    name = serializers.CharField(required=False, allow_blank=True, max_length=ROOM_NAME_MAX)
    access_level = serializers.ChoiceField(choices=AccessLevel.choices, required=False)
    sensitivity = serializers.ChoiceField(choices=Sensitivity.choices, required=False)
    encryption_mode = serializers.ChoiceField(choices=EncryptionMode.choices, required=False)
    terms = serializers.JSONField(required=False)
    passcode = serializers.CharField(required=False, allow_blank=True, max_length=64, write_only=True)

    def validate_terms(self, value: Any) -> dict[str, Any]:
        """Give the terms as they are kept; null takes a term back."""
        try:
            said = terms.write(terms.read(value))
        except terms.TermsError as error:
            raise serializers.ValidationError(str(error), "terms_malformed") from error
        return {name: said.get(name) for name in value}


class DecisionSerializer(serializers.Serializer[Any]):
    """What a person may do, the rule and the level that say so, and who can change it."""

    allowed = serializers.BooleanField()
    code = serializers.CharField(source="rule.code")
    detail = serializers.CharField(source="rule.sentence")
    level = serializers.CharField(source="source.level")
    set_by = serializers.CharField(source="source.set_by")
    changed_by = serializers.CharField()


class RoomRowSerializer(serializers.ModelSerializer[Room]):
    """A room in the list of a person's own."""

    is_administrable = serializers.SerializerMethodField()

    class Meta:
        model = Room
        fields = ("id", "name", "slug", "access_level", "is_administrable")
        read_only_fields = fields

    def get_is_administrable(self, room: Room) -> bool:
        """Say whether the person may change the room."""
        return room.my_role in HOSTS


class LiveKitSerializer(serializers.Serializer[Any]):
    """How a LiveKit client connects."""

    url = serializers.CharField()
    room = serializers.CharField()
    token = serializers.CharField()


class EntrySerializer(serializers.Serializer[Any]):
    """What the door of the room says, by which rule, and who may change that."""

    outcome = serializers.CharField()
    code = serializers.CharField(source="decision.rule.code")
    detail = serializers.CharField(source="decision.rule.sentence")
    level = serializers.CharField(source="decision.source.level")
    set_by = serializers.CharField(source="decision.source.set_by")
    changed_by = serializers.CharField(source="decision.changed_by")


class RoomSerializer(serializers.ModelSerializer[Room]):
    """A room to one person: `accesses` only for owners and hosts, `livekit` only for those who may enter."""

    is_administrable = serializers.BooleanField()
    encryption_mode = serializers.ChoiceField(choices=EncryptionMode.choices)
    accesses = RoomAccessSerializer(source="members", many=True, required=False)
    entry = EntrySerializer(required=False)
    livekit = LiveKitSerializer(required=False)
    abilities = serializers.DictField(child=DecisionSerializer())

    class Meta:
        model = Room
        fields = (
            "id", "name", "slug", "access_level", "is_administrable", "sensitivity", "terms", "abilities", "accesses",
            "entry", "livekit", "encryption_mode",
        )  # fmt: skip
        read_only_fields = fields


def room_body(room: Room, policy: Policy, may: Abilities, entry: Entry | None = None) -> dict[str, Any]:
    """Give `room` as the person with `room.my_role` may see it, what they may do, and what the door told them."""
    body = {**RoomRowSerializer(room).data, "access_level": room.main.access_level}
    body["encryption_mode"] = policy.encryption_mode
    body["abilities"] = {action: DecisionSerializer(decision).data for action, decision in may.items()}
    if room.my_role in HOSTS:
        body |= {"sensitivity": room.main.sensitivity, "terms": room.main.terms}
        body["accesses"] = RoomAccessSerializer(room.main.members.select_related("user"), many=True).data
    if entry:
        body["entry"] = EntrySerializer(entry).data
    if entry and entry.ticket:
        body["livekit"] = {"url": settings.LIVEKIT_API_URL, "room": str(room.pk), "token": entry.ticket}
    return body

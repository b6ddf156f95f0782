"""The words of the rooms' policy: who enters without being admitted, and what a member is to a room."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AccessLevel(TextChoices):
    """Who enters without being admitted."""

    PUBLIC = "public", _("Everybody with the link")
    TRUSTED = "trusted", _("People who are signed in")
    RESTRICTED = "restricted", _("Members only")


class Role(TextChoices):
    """What a member is to a room."""

    OWNER = "owner", _("Owner")
    HOST = "host", _("Host")
    MEMBER = "member", _("Member")


class Audience(TextChoices):
    """Who may do something in a room, each choice tighter than the one before."""

    EVERYBODY = "everybody", _("Everybody")
    MEMBERS = "members", _("Members")
    HOSTS = "hosts", _("Owners and hosts")
    NOBODY = "nobody", _("Nobody")


class Outsiders(TextChoices):
    """What happens to those who may not enter directly."""

    WAIT = "wait", _("They wait until somebody lets them in")
    REFUSE = "refuse", _("They are refused")


class EncryptionMode(TextChoices):
    """Whether only those in a meeting can decrypt its media; named as in La Suite Meet."""

    NONE = "none", _("Encrypted between each participant and the service")
    BASIC = "basic", _("End-to-end encrypted")


class Sensitivity(TextChoices):
    """The class of a room: each names a pack of locks."""

    ORDINARY = "ordinary", _("Ordinary")
    SENSITIVE = "sensitive", _("Sensitive")
    RESTRICTED = "restricted", _("Restricted")

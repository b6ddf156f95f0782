"""Keeps the account of a person who signs in: found by provider and subject, refreshed from the claims."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from suite.identity import entitlement, staff
from suite.identity.claims import ClaimNames, Person
from suite.identity.errors import Refused
from suite.identity.models import User

COPIED = ("given_name", "usual_name", "email", "siret", "organization_label", "organizational_unit", "idp_id")


def claim_names() -> ClaimNames:
    """Give the names of the claims that the settings choose."""
    return ClaimNames(
        full_name=settings.OIDC_USERINFO_FULLNAME_FIELDS,
        roles=settings.OIDC_USERINFO_ROLES_CLAIM,
        groups=settings.OIDC_USERINFO_GROUPS_CLAIM,
    )


def staff_rule() -> staff.Rule:
    """Give the settings' rule of who is staff."""
    trust = settings.OIDC_STAFF_EMAIL_POLICY == "trusted"
    return staff.Rule(settings.OIDC_STAFF_EMAILS, settings.OIDC_STAFF_GROUPS, trust_emails=trust)


def entitlement_rule() -> entitlement.Rule:
    """Give the settings' rule of who may sign in."""
    return entitlement.Rule(settings.OIDC_ALLOWED_ROLES, timedelta(days=settings.OIDC_ROLES_GRACE_DAYS))


def admit(issuer: str, sub: str, person: Person) -> User:
    """Give the refreshed account of `person`, new if need be. Raise `Refused` when they may not sign in.

    An e-mail never finds an account: only the provider's own name for the person does.
    """
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).filter(issuer=issuer, sub=sub).first()
        verdict = _judge(user, person)
        if user is None:
            user, _ = User.objects.get_or_create(issuer=issuer, sub=sub, defaults={"password": make_password(None)})
        _refresh(user, person)
        user.roles, user.roles_seen_at = list(verdict.roles), verdict.seen_at
        user.save()
    return user


def _judge(user: User | None, person: Person) -> entitlement.Verdict:
    if user is None and not settings.OIDC_CREATE_USER:
        raise Refused("unknown_user")
    if user is not None and not user.is_active:
        raise Refused("account_disabled", str(user.pk))
    known = entitlement.Known(user.roles, user.roles_seen_at) if user else None
    verdict = entitlement.decide(person.roles, known, entitlement_rule(), timezone.now())
    if not verdict.allowed:
        raise Refused("not_public_agent" if person.roles else "no_roles")
    return verdict


def _refresh(user: User, person: Person) -> None:
    """Copy what the provider says. Staff rights follow our settings only; nobody becomes superuser by signing in."""
    for name in COPIED:
        setattr(user, name, getattr(person, name))
    user.is_staff = staff.is_staff(person, staff_rule())
    user.is_superuser = False

"""People who signed in, and each of their logins."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LOCAL_ISSUER = "local"
"""Stands for a provider in break-glass accounts, which no provider vouches for."""


class UserManager(BaseUserManager["User"]):
    """Makes users from an identity provider's subject."""

    def create_user(self, issuer: str, sub: str, **fields: Any) -> User:
        """Make and give the user known to `issuer` as `sub`, without a password."""
        user = self.model(issuer=issuer, sub=sub, **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str) -> User:
        """Make and give a break-glass account for Django's admin (`manage.py createsuperuser`)."""
        user = self.model(issuer=LOCAL_ISSUER, sub=username, username=username, is_staff=True, is_superuser=True)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by the provider that vouches for them (`issuer`) and its name for them (`sub`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.CharField(_("identity provider"), max_length=255)
    sub = models.CharField(_("subject"), max_length=255)
    username = models.CharField(_("sign-in name"), max_length=255, unique=True, null=True, blank=True)
    """Only for break-glass accounts of Django's admin; people who sign in through a provider have none."""
    given_name = models.CharField(_("given names"), max_length=255, blank=True)
    usual_name = models.CharField(_("usual name"), max_length=255, blank=True)
    email = models.EmailField(_("e-mail"), blank=True, db_index=True)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    organization_label = models.CharField(_("organisation"), max_length=255, blank=True)
    organizational_unit = models.CharField(_("unit"), max_length=255, blank=True)
    idp_id = models.CharField(_("identity source"), max_length=255, blank=True)
    roles = models.JSONField(_("roles"), default=list, blank=True)
    roles_seen_at = models.DateTimeField(_("roles last received"), null=True, blank=True, editable=False)
    preferences = models.JSONField(_("preferences"), default=dict, blank=True, editable=False)
    """What the person has chosen for themselves, as the product reads it (visio/preferences/schema.py)."""
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = (models.UniqueConstraint(fields=("issuer", "sub"), name="user_issuer_sub"),)

    def __str__(self) -> str:
        return self.full_name or self.email or self.username or str(self.pk)

    def get_username(self) -> str:
        """Give a name for this account; Django's admin shows it in its header."""
        return str(self)

    @property
    def full_name(self) -> str:
        """Give the name that others see."""
        return f"{self.given_name} {self.usual_name}".strip()


def login_end() -> datetime:
    """Give the time at which a login of now ends by itself."""
    return timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)


class Login(models.Model):
    """One sign-in of one person in one browser: how sure the provider was, and whether it still holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="logins")
    acr = models.CharField(_("assurance level"), max_length=255, blank=True)
    amr = models.JSONField(_("authentication methods"), default=list, blank=True)
    auth_time = models.DateTimeField(_("authenticated at"), null=True, blank=True)
    sid = models.CharField(_("provider's session"), max_length=255, blank=True, db_index=True)
    session_key = models.CharField(max_length=40, blank=True, editable=False)
    """The browser session that this login opened: ending the login deletes it without a search."""
    created_at = models.DateTimeField(_("signed in"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("ends by itself"), default=login_end, editable=False)
    ended_at = models.DateTimeField(_("signed out"), null=True, blank=True)

    class Meta:
        verbose_name = _("login")
        verbose_name_plural = _("logins")

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_live(self) -> bool:
        """Say whether this login still holds; one by password does only while ADMIN_PASSWORD_LOGIN is on."""
        is_possible = settings.ADMIN_PASSWORD_LOGIN or self.user.issuer != LOCAL_ISSUER
        return is_possible and self.ended_at is None and self.expires_at > timezone.now()

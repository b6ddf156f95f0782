"""Signs people in on mozilla-django-oidc's flow, with every step of it replaced by a strict one."""

from __future__ import annotations

import time
from functools import cached_property
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from suite.identity import accounts, claims, client_proof, provider, tokens
from suite.identity.addresses import callback_url
from suite.identity.errors import Refused, TokenError
from suite.identity.models import User
from suite.identity.tokens import Claims

OWN_PACKAGES = ("suite", "visio")


def _is_ours(app_label: str) -> bool:
    app = apps.app_configs.get(app_label)
    return app is not None and app.name.partition(".")[0] in OWN_PACKAGES


def _is_token(value: Any) -> bool:
    return isinstance(value, str) and value != "" and value.isascii() and value.isprintable()


class StrictOIDCBackend(OIDCAuthenticationBackend):
    """One sign-in: after it, `proof` holds the ID token's verified claims and `id_token` the token itself."""

    proof: Claims
    id_token: str
    access_token: str

    def __init__(self) -> None:
        """Read no endpoint: Django makes a backend at each request, and discovery asks the network."""
        self.UserModel = User
        self.OIDC_RP_CLIENT_ID = settings.OIDC_RP_CLIENT_ID
        self.OIDC_RP_CLIENT_SECRET = settings.OIDC_RP_CLIENT_SECRET

    @cached_property
    def provider(self) -> provider.Provider:
        """Give the provider of the settings."""
        return provider.current()

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        """Give a setting, or an endpoint from discovery."""
        return provider.setting(attr, *args)

    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, **kwargs: Any
    ) -> User | None:
        """Turn the code in `request` into a user. Raise `Refused` at the first thing that is not right.

        Without a nonce this is not our callback but another form that asks every backend.
        """
        if request is None or not kwargs.get("nonce"):
            return None
        user: User | None = super().authenticate(request, **kwargs)
        return user

    def get_token(self, payload: dict[str, str]) -> dict[str, Any]:
        """Exchange the code. Raise `Refused` when the provider gives no tokens for it."""
        form, auth = self._prove_client({**payload, "redirect_uri": callback_url()})
        answer = self.provider.line.post(self.provider.endpoint("OIDC_OP_TOKEN_ENDPOINT"), form, auth)
        document = answer.json()
        if answer.status != 200:
            reason = claims.line(document.get("error")) if isinstance(document, dict) else ""
            raise Refused("op_token_error", f"status {answer.status} {reason}")
        if not isinstance(document, dict):
            raise Refused("op_garbage", "token answer")
        if not all(_is_token(document.get(name)) for name in ("id_token", "access_token")):
            raise Refused("op_garbage", "a token is missing")
        self.id_token, self.access_token = document["id_token"], document["access_token"]
        return document

    def _prove_client(self, form: dict[str, str]) -> tuple[dict[str, str], tuple[str, str] | None]:
        """Complete the form with the registered proof of who we are."""
        method, secret = settings.OIDC_RP_TOKEN_AUTH_METHOD, form.pop("client_secret")
        if method == "client_secret_basic":
            return form, (form["client_id"], secret)
        if method == "private_key_jwt":
            audience = self.provider.endpoint("OIDC_OP_TOKEN_ENDPOINT")
            proof = client_proof.assertion(settings.OIDC_RP_PRIVATE_KEY, form["client_id"], audience, time.time())
            kind = client_proof.ASSERTION_TYPE
            return {**form, "client_assertion_type": kind, "client_assertion": proof}, None
        return {**form, "client_secret": secret}, None

    def verify_token(self, token: str, **kwargs: Any) -> Claims:
        """Give the claims of the ID token. Raise `Refused` unless all of it is right."""
        found = self.provider.open(token, "id_token")
        try:
            tokens.check_id_token(
                found,
                self.provider.expected,
                nonce=kwargs["nonce"],
                access_token=self.access_token,
                now=time.time(),
            )
        except TokenError as error:
            raise Refused(f"id_token_{error.reason}", str(error)) from error
        if settings.OIDC_RP_ACR_VALUES and found.get("acr") not in settings.OIDC_RP_ACR_VALUES:
            raise Refused("acr", repr(found.get("acr")))
        return found

    def store_tokens(self, access_token: str, id_token: str) -> None:
        """Keep nothing yet: only a person who is let in gets a session that holds the ID token."""

    def get_userinfo(self, access_token: str, _id_token: str, payload: Claims) -> Claims:
        """Read the claims of the person, signed or not as registered. Raise `Refused` when they cannot be trusted."""
        url = self.provider.endpoint("OIDC_OP_USER_ENDPOINT")
        if not url:
            return {}
        answer = self.provider.line.get(url, {"Authorization": f"Bearer {access_token}"})
        if answer.status != 200:
            raise Refused("op_userinfo_error", f"status {answer.status}")
        signed = answer.media_type == "application/jwt"
        userinfo = self._open_userinfo(answer.text()) if signed else self._plain_userinfo(answer.json())
        try:
            tokens.check_subject(userinfo, payload)
        except TokenError as error:
            raise Refused("userinfo_sub", str(error)) from error
        return userinfo

    def _open_userinfo(self, text: str) -> Claims:
        if settings.OIDC_OP_USER_ENDPOINT_FORMAT == "JSON":
            raise Refused("op_garbage", "userinfo is signed, JSON was configured")
        found = self.provider.open(text, "userinfo")
        try:
            tokens.check_userinfo(found, self.provider.expected, now=time.time())
        except TokenError as error:
            raise Refused(f"userinfo_{error.reason}", str(error)) from error
        return found

    def _plain_userinfo(self, document: Any) -> Claims:
        if settings.OIDC_OP_USER_ENDPOINT_FORMAT == "JWT":
            raise Refused("userinfo_unsigned")
        if not isinstance(document, dict):
            raise Refused("op_garbage", "userinfo is no object")
        return document

    def get_or_create_user(self, access_token: str, id_token: str, payload: Claims) -> User:
        """Give the account of the person whom all of this proves. Raise `Refused` when they may not come in."""
        found = {**payload, **self.get_userinfo(access_token, id_token, payload)}
        absent = claims.missing(found, settings.OIDC_USERINFO_ESSENTIAL_CLAIMS)
        if absent:
            raise Refused("claims_missing", ", ".join(absent))
        self.proof = payload
        person = claims.person(found, accounts.claim_names())
        return accounts.admit(self.provider.issuer, tokens.subject(payload), person)

    def get_user(self, user_id: str | UUID) -> User | None:
        """Give the user of a session, nobody once the account is disabled."""
        try:
            return User.objects.filter(pk=user_id, is_active=True).first()
        except (ValidationError, ValueError):
            return None

    def has_perm(self, user_obj: User | AnonymousUser, perm: str, *_: Any) -> bool:
        """Let staff use the administration of our own tables; what can be done there, the admin classes decide."""
        return self.has_module_perms(user_obj, perm.partition(".")[0])

    def has_module_perms(self, user_obj: User | AnonymousUser, app_label: str) -> bool:
        """Say whether the administration shows that folder to `user_obj`."""
        return isinstance(user_obj, User) and user_obj.is_active and user_obj.is_staff and _is_ours(app_label)

"""Routes of the sign-in."""

from __future__ import annotations

from django.urls import URLPattern, path

from suite.identity import back_channel, callbacks, client_keys, refusals, sign_in, sign_out, step_up

urlpatterns: list[URLPattern] = [
    path("oidc/authenticate/", sign_in.authenticate, name="oidc_authentication_init"),
    path("oidc/callback/", callbacks.callback, name="oidc_authentication_callback"),
    path("oidc/step-up/", step_up.step_up, name="oidc_step_up"),
    path("oidc/logout/", sign_out.sign_out, name="oidc_logout"),
    path("oidc/logout-callback/", sign_out.signed_out, name="oidc_logout_callback"),
    path("oidc/backchannel-logout/", back_channel.back_channel_logout, name="oidc_back_channel_logout"),
    path("oidc/refused/<slug:code>/", refusals.refused, name="oidc_refused"),
    path("oidc/jwks/", client_keys.jwks, name="oidc_jwks"),
]

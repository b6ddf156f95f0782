"""What we ask of the provider when a person starts to sign in: pure, and only parameters that it accepts."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence

from suite.identity import claims, silent

PROMPTS = ("login", "consent", "none")
"""`select_account` is in OpenID Connect Core, but ProConnect refuses it."""
IDP_HINT = re.compile(r"[\w.:/-]{1,255}", re.ASCII)


def wishes(query: Mapping[str, str]) -> dict[str, str]:
    """Give the parameters that the page's link may choose; a value that cannot be right is left out."""
    prompt = "none" if silent.is_wished(query) else query.get("prompt", "")
    hint = query.get("idp_hint", "")
    chosen = {
        "prompt": prompt if prompt in PROMPTS else "",
        "login_hint": claims.email(query.get("login_hint")),
        "siret_hint": claims.siret(query.get("siret_hint")),
        "idp_hint": hint if IDP_HINT.fullmatch(hint) else "",
    }
    return {name: value for name, value in chosen.items() if value}


def claims_request(acr_values: Sequence[str]) -> str:
    """Give the `claims` parameter (Core §5.5): acr, amr and auth_time come only when asked for.

    With `acr_values` one of them is essential: `acr_values` as a parameter would be a mere wish, and the provider
    compares exact values, so the list must hold every level that is good enough. When it was proved is then essential
    too.
    """
    essential = {"essential": True}
    acr = {**essential, "values": list(acr_values)} if acr_values else None
    moment = essential if acr_values else None
    return json.dumps({"id_token": {"acr": acr, "amr": essential, "auth_time": moment}}, separators=(",", ":"))


def extra_parameters(
    query: Mapping[str, str],
    *,
    acr_values: Sequence[str],
    allowed: Collection[str],
    configured: Mapping[str, str],
) -> dict[str, str]:
    """Give all parameters beyond those of every sign-in, without any that is not `allowed`."""
    asked = {**configured, "claims": claims_request(acr_values), **wishes(query)}
    return {name: value for name, value in asked.items() if name in allowed}

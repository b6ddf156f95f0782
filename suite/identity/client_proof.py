"""How we prove to the provider's token endpoint that we are the registered client."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_TTL_S = 60


def load_key(pem: str) -> tuple[EllipticCurvePrivateKey | RSAPrivateKey, str]:
    """Give a private key and the algorithm it signs with. Raise `ValueError` when it cannot serve."""
    key = load_pem_private_key(pem.encode(), password=None)
    if isinstance(key, RSAPrivateKey):
        return key, "RS256"
    if isinstance(key, EllipticCurvePrivateKey) and key.curve.name == "secp256r1":
        return key, "ES256"
    raise ValueError("the key must be RSA or on the curve P-256")


def public_jwk(pem: str) -> dict[str, Any]:
    """Give the public half of our key for the provider, named by its thumbprint (RFC 7638)."""
    key, algorithm = load_key(pem)
    jwk = _bare_jwk(key)
    canonical = json.dumps(jwk, separators=(",", ":"), sort_keys=True).encode()
    kid = base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()
    return {**jwk, "kid": kid, "use": "sig", "alg": algorithm}


def _bare_jwk(key: EllipticCurvePrivateKey | RSAPrivateKey) -> dict[str, str]:
    if isinstance(key, RSAPrivateKey):
        jwk = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    else:
        jwk = jwt.algorithms.ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {name: jwk[name] for name in ("crv", "e", "kty", "n", "x", "y") if name in jwk}


def assertion(pem: str, client_id: str, audience: str, now: float) -> str:
    """Give a signed statement that we are `client_id`, good once and for a minute (RFC 7523 §3)."""
    key, algorithm = load_key(pem)
    statement = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": secrets.token_urlsafe(24),
        "iat": int(now),
        "exp": int(now) + ASSERTION_TTL_S,
    }
    return jwt.encode(statement, key, algorithm=algorithm, headers={"kid": public_jwk(pem)["kid"]})

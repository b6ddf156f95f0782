"""A provider that lies on demand: real HTTP on loopback, real keys, every answer replaceable by a test."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

CLIENT_ID = "visio-test"
CLIENT_SECRET = "a-client-secret-of-more-than-32-bytes"
ALICE = {
    "sub": "alice-sub",
    "given_name": "Alice Marie",
    "usual_name": "Martin",
    "email": "alice@agents.example",
    "siret": "130 025 265 00013",
    "organization_label": "Ministère",
    "idp_id": "idp-1",
    "roles": ["agent_public", "agent_public_etat"],
}
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)

Claims = dict[str, Any]


@dataclass
class Reply:
    """One HTTP answer."""

    body: bytes
    status: int = 200
    media_type: str = "application/json"
    delay_s: float = 0.0
    drip_s: float = 0.0
    """Time between two bytes of the body."""


def as_json(value: Any, status: int = 200) -> Reply:
    """Give `value` as a JSON answer."""
    return Reply(json.dumps(value).encode(), status)


@dataclass
class Forger:
    """The provider: change its fields to make it lie."""

    algorithm: str = "HS256"
    kid: str | None = "one"
    id_claims: Claims = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    headers: Claims = field(default_factory=dict)
    userinfo: Claims = field(default_factory=lambda: dict(ALICE))
    userinfo_dropped: set[str] = field(default_factory=set)
    signed_userinfo: bool = True
    publishes_kid: bool = True
    metadata: Claims = field(default_factory=dict)
    replies: dict[str, Reply] = field(default_factory=dict)
    signer: Callable[[Forger, Claims], str] | None = None
    userinfo_signer: Callable[[Forger, Claims], str] | None = None
    asked: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    nonce: str = ""
    issuer: str = ""

    def __post_init__(self) -> None:
        """Make the first key."""
        self.new_key()

    def new_key(self) -> None:
        """Forget the elliptic key and make another one."""
        self.ec_key = ec.generate_private_key(ec.SECP256R1())

    @property
    def key(self) -> Any:
        """Give the key of the algorithm in use."""
        return {"HS256": CLIENT_SECRET, "RS256": RSA_KEY, "ES256": self.ec_key}[self.algorithm]

    def sign(self, claims: Claims) -> str:
        """Sign with the right key."""
        headers = {**({"kid": self.kid} if self.kid else {}), **self.headers}
        return jwt.encode(claims, self.key, algorithm=self.algorithm, headers=headers)

    def id_token(self) -> str:
        """Give the ID token, with the lies of this test."""
        now = int(time.time())
        honest = {"iss": self.issuer, "aud": CLIENT_ID, "sub": ALICE["sub"], "iat": now, "exp": now + 60}
        claims = {**honest, "nonce": self.nonce, **self.id_claims}
        kept = {name: value for name, value in claims.items() if name not in self.dropped}
        return self.signer(self, kept) if self.signer else self.sign(kept)

    def jwks(self) -> Claims:
        """Give the public keys."""
        named = {"kid": self.kid or "one"} if self.publishes_kid else {}
        key = jwt.algorithms.ECAlgorithm.to_jwk(self.ec_key.public_key(), as_dict=True)
        other = jwt.algorithms.RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True)
        return {"keys": [{**key, **named, "use": "sig"}, {**other, **named, "use": "sig"}, {"kty": "odd"}]}

    def discovery(self) -> Claims:
        """Give the discovery document."""
        paths = {"authorization": "auth", "token": "token", "userinfo": "userinfo", "end_session": "logout"}
        endpoints = {f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in paths.items()}
        return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks", **endpoints, **self.metadata}

    def answer(self, path: str, form: dict[str, str], headers: dict[str, str]) -> Reply:
        """Answer one request."""
        self.asked.append((path, form, headers))
        if path in self.replies:
            return self.replies[path]
        if path == "/token":
            return as_json({"access_token": "access", "token_type": "Bearer", "id_token": self.id_token()})
        if path == "/userinfo":
            return self._userinfo()
        return as_json({"/jwks": self.jwks, "/.well-known/openid-configuration": self.discovery}[path]())

    def _userinfo(self) -> Reply:
        if not self.signed_userinfo:
            return as_json(self.userinfo)
        claims = {"iss": self.issuer, "aud": CLIENT_ID, **self.userinfo}
        kept = {name: value for name, value in claims.items() if name not in self.userinfo_dropped}
        token = self.userinfo_signer(self, kept) if self.userinfo_signer else self.sign(kept)
        return Reply(token.encode(), media_type="application/jwt; charset=utf-8")

    def count(self, path: str) -> int:
        """Give how often `path` was asked for."""
        return sum(asked == path for asked, _, _ in self.asked)

    def form(self, path: str) -> dict[str, str]:
        """Give the last form posted to `path`."""
        return [form for asked, form, _ in self.asked if asked == path][-1]


def serve(forger: Forger) -> ThreadingHTTPServer:
    """Start `forger` on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply({})

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["content-length"])).decode()
            self._reply({name: values[0] for name, values in parse_qs(text).items()})

        def _reply(self, form: dict[str, str]) -> None:
            reply = forger.answer(self.path, form, {k.lower(): v for k, v in self.headers.items()})
            time.sleep(reply.delay_s)
            self.send_response(reply.status)
            self.send_header("content-type", reply.media_type)
            self.send_header("content-length", str(len(reply.body)))
            self.end_headers()
            if reply.drip_s:
                self._drip(reply)
            else:
                self.wfile.write(reply.body)

        def _drip(self, reply: Reply) -> None:
            with suppress(OSError):  # the other side has had enough
                for byte in reply.body:
                    self.wfile.write(bytes([byte]))
                    time.sleep(reply.drip_s)

        def log_message(self, *_: Any) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    forger.issuer = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server

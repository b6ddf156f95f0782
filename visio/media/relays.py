"""The TURN servers that participants may go through, with credentials that end by themselves."""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass

from livekit.protocol import rtc


@dataclass(frozen=True, slots=True)
class Relays:
    """The addresses of the TURN servers, the secret shared with them, how long credentials last; none by default."""

    urls: tuple[str, ...] = ()
    secret: str = ""
    ttl_s: int = 43_200

    def ice_servers(self, now_s: float) -> list[rtc.ICEServer]:
        """Give the servers with credentials of their own for one participant; `now_s` is Unix time.

        coturn's `use-auth-secret` (draft-uberti-behave-turn-rest-00): the name is the second at which it ends and a
        random word that tells nothing about the person, the password its HMAC-SHA1 under the shared secret.
        """
        if not self.urls:
            return []
        username = f"{int(now_s) + self.ttl_s}:{secrets.token_hex(8)}"
        proof = hmac.digest(self.secret.encode(), username.encode(), "sha1")
        return [rtc.ICEServer(urls=self.urls, username=username, credential=base64.b64encode(proof).decode())]

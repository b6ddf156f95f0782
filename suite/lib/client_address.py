"""The network address of whoever asks, as far as the proxies before us can be believed."""

from __future__ import annotations


def client_address(peer: str, forwarded_for: str, proxies: int) -> str:
    """Give the client's address: `peer`, or what the outermost of `proxies` trusted proxies wrote in X-Forwarded-For.

    Whatever stands further left was written by the client itself.
    """
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    return hops[-min(proxies, len(hops))] if proxies and hops else peer

"""How the supervisor sees that a program serves."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

from suite.operations import valkey

PATIENCE_S = 2.0


async def answers_http(host: str, port: int, path: str, *, tls: bool) -> bool:
    """Tell whether `path` on this machine answers with 200."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await _status(host, port, path, tls=tls) == b"200"
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        return False


async def _status(host: str, port: int, path: str, *, tls: bool) -> bytes:
    reader, writer = await asyncio.open_connection(host, port, ssl=_unchecked() if tls else None)
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        line = await reader.readuntil(b"\n")
        return line.split()[1]
    finally:
        writer.close()


def _unchecked() -> ssl.SSLContext:
    """Give a context that takes any certificate: the probe asks whether we serve, not who we are."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def listens(host: str, port: int) -> bool:
    """Tell whether somebody takes TCP connections on `port`."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def valkey_answers(url: str) -> bool:
    """Tell whether the server at `url` takes commands."""
    return await asyncio.to_thread(valkey.answers, url)


async def has_written(log: Path, words: str) -> bool:
    """Tell whether a program wrote `words` in its log."""
    return words in await asyncio.to_thread(log.read_text, encoding="utf-8", errors="replace")

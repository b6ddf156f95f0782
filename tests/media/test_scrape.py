"""The endpoint of a worker's metrics, over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from visio.media.scrape import CONNECTIONS_MAX, HEAD_MAX_BYTES, Scrape

PAGE = b"visio_media_rooms 3\n"


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[int]:
    """Serve the page; give the port."""
    scrape = Scrape(lambda: PAGE)
    await scrape.start("127.0.0.1", 0)
    try:
        yield scrape.port
    finally:
        await scrape.close()


async def ask(port: int, request: bytes) -> bytes:
    """Send bytes; give the whole answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()


async def test_it_works() -> None:
    async with serving() as port:
        answer = await ask(port, b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4")
    assert body == PAGE


async def test_head_has_no_body() -> None:
    async with serving() as port:
        answer = await ask(port, b"HEAD /metrics HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"\r\n\r\n")
    assert f"Content-Length: {len(PAGE)}".encode() in answer


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET / HTTP/1.1", b"404"),
        (b"GET /metrics/../x HTTP/1.1", b"404"),
        (b"POST /metrics HTTP/1.1", b"405"),
        (b"GET /metrics", b"400"),
        (b"\x16\x03\x01 \xff \x00", b"400"),
    ],
)
async def test_everything_else_is_refused(request_line: bytes, status: bytes) -> None:
    async with serving() as port:
        answer = await ask(port, request_line + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert PAGE not in answer


async def test_a_head_without_end_is_cut() -> None:
    async with serving() as port:
        answer = await ask(port, b"GET /metrics HTTP/1.1\r\n" + b"x" * 3 * HEAD_MAX_BYTES)
    assert answer == b""


async def test_silent_connections_do_not_pile_up() -> None:
    async with serving() as port:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(CONNECTIONS_MAX)]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await asyncio.wait_for(reader.read(), 10) == b""
        for _, one in [*silent, (reader, writer)]:
            one.close()

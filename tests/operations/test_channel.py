"""The web role's HTTP connections, through real sockets: what is too large, and what a client may not say of itself."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest
from django.urls import reverse

from suite.operations.channel import MEGABYTE, body_max_bytes
from tests.stack import Stack

pytestmark = pytest.mark.live
FILES = "/abc-defg-hij/chat/files/"
WAIT_S = 20


@contextmanager
def connected(stack: Stack, *head: str) -> Iterator[socket.socket]:
    """Give a connection on which the head of a request was sent."""
    with socket.create_connection(("127.0.0.1", stack.port), timeout=WAIT_S) as connection:
        connection.sendall("\r\n".join([*head, "host: 127.0.0.1", "", ""]).encode())
        yield connection


def answer(connection: socket.socket) -> bytes:
    """Give everything that the server says until it closes."""
    return b"".join(iter(lambda: connection.recv(65_536), b""))


def send(connection: socket.socket, pieces: Iterable[bytes]) -> None:
    """Send in pieces of a chunked body, until the server has enough."""
    try:
        for piece in pieces:
            connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
    except OSError:
        return


def test_a_usual_body_passes(stack: Stack) -> None:
    body = b"x" * 60_000
    with connected(stack, "POST /join/ HTTP/1.1", f"content-length: {len(body)}", "connection: close") as connection:
        connection.sendall(body)
        assert answer(connection).startswith(b"HTTP/1.1 403 ")


def test_a_body_announced_as_too_large_is_refused_before_it_is_sent(stack: Stack) -> None:
    head = "POST /join/ HTTP/1.1", f"content-length: {MEGABYTE + 1}", "expect: 100-continue"
    with connected(stack, *head) as connection:
        assert answer(connection).startswith(b"HTTP/1.1 413 ")


def test_who_sends_it_all_the_same_reads_the_refusal(stack: Stack) -> None:
    with connected(stack, "POST /join/ HTTP/1.1", f"content-length: {3 * MEGABYTE}") as connection:
        connection.sendall(bytes(3 * MEGABYTE))
        assert answer(connection).startswith(b"HTTP/1.1 413 ")


def test_a_body_that_grows_too_large_is_refused(stack: Stack) -> None:
    with connected(stack, "POST /join/ HTTP/1.1", "transfer-encoding: chunked") as connection:
        send(connection, (bytes(50_000) for _ in range(30)))
        assert answer(connection).startswith(b"HTTP/1.1 413 ")


def test_many_chunks_at_once_are_refused_once(stack: Stack) -> None:
    """The end of the body is in the same piece that is too large."""
    with connected(stack, "POST /join/ HTTP/1.1", "transfer-encoding: chunked") as connection:
        connection.sendall(b"%x\r\n%s\r\n0\r\n\r\n" % (2 * MEGABYTE, bytes(2 * MEGABYTE)))
        assert answer(connection).count(b"HTTP/1.1 ") == 1


def test_files_may_be_larger(stack: Stack) -> None:
    body = bytes(5 * MEGABYTE)
    with connected(stack, f"POST {FILES} HTTP/1.1", f"content-length: {len(body)}", "connection: close") as connection:
        connection.sendall(body)
        assert answer(connection).startswith(b"HTTP/1.1 403 ")


def test_the_path_of_files_is_where_the_chat_takes_them() -> None:
    assert reverse("send_chat_file", args=["abc-defg-hij"]) == FILES
    assert body_max_bytes(f"{FILES}?a=b".encode()) == 21 * MEGABYTE
    assert body_max_bytes(b"/join/?x=" + FILES.encode()) == MEGABYTE


def test_no_client_says_where_the_site_begins(stack: Stack) -> None:
    head = "GET /admin/ HTTP/1.1", "daphne-root-path: /elsewhere", "connection: close"
    with connected(stack, *head) as connection:
        assert b"/elsewhere" not in answer(connection)

"""Static files go compressed to browsers that can unpack them."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli
import pytest
from django.conf import settings
from django.test import Client

SCRIPT = "/static/js/ui/find.js"
PICTURE = "/static/favicon.svg"
SOURCE = (settings.BASE_DIR / "static" / "js" / "ui" / "find.js").read_bytes()


def _body(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("accepted", "coding", "unpack"),
    [("gzip, deflate, br", "br", brotli.decompress), ("gzip, br;q=0", "gzip", gzip.decompress)],
)
def test_it_works(client: Client, accepted: str, coding: str, unpack: Callable[[bytes], bytes]) -> None:
    """The same file, smaller; caches are told what it depends on."""
    answer = client.get(SCRIPT, headers={"accept-encoding": accepted})
    packed = _body(answer)
    assert (answer["Content-Encoding"], answer["Vary"]) == (coding, "Accept-Encoding")
    assert int(answer["Content-Length"]) == len(packed) < len(SOURCE)
    assert unpack(packed) == SOURCE


@pytest.mark.parametrize("accepted", ["", "deflate", "gzip;q=0", "gzip; q=0.0, br;q=0"])
def test_who_takes_neither_gets_the_file(client: Client, accepted: str) -> None:
    answer = client.get(SCRIPT, headers={"accept-encoding": accepted})
    assert "Content-Encoding" not in answer
    assert answer["Vary"] == "Accept-Encoding"
    assert _body(answer) == SOURCE


def test_a_range_is_one_of_the_file(client: Client) -> None:
    answer = client.get(SCRIPT, headers={"accept-encoding": "gzip", "range": "bytes=0-9"})
    assert (answer.status_code, "Content-Encoding" in answer) == (206, False)
    assert _body(answer) == SOURCE[:10]


def test_what_a_browser_has_is_not_sent_again(client: Client) -> None:
    etag = client.get(SCRIPT, headers={"accept-encoding": "gzip"})["ETag"]
    assert client.get(SCRIPT, headers={"accept-encoding": "gzip", "if-none-match": etag}).status_code == 304


def test_a_head_says_the_same_without_content(client: Client) -> None:
    headers = {"accept-encoding": "gzip"}
    length = client.get(SCRIPT, headers=headers)["Content-Length"]
    head = client.head(SCRIPT, headers=headers)
    assert (head["Content-Encoding"], head["Content-Length"]) == ("gzip", length)


def test_a_small_file_goes_as_it_is(client: Client) -> None:
    assert "Content-Encoding" not in client.get(PICTURE, headers={"accept-encoding": "gzip"})

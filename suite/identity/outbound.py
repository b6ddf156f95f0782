"""Requests to the provider: bounded in time and size, no redirects, and every failure has a code."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from suite.identity.errors import Refused

MAX_ANSWER_BYTES = 512 * 1024
PIECE_BYTES = 16 * 1024
PLAIN = {"Accept-Encoding": "identity"}
"""A packed answer could take long to show its first byte, and grow."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the provider answered."""

    status: int
    media_type: str
    body: bytes

    def json(self) -> Any:
        """Give the JSON value of the body. Raise `Refused("op_garbage")` when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Refused("op_garbage", "not JSON") from error

    def text(self) -> str:
        """Give the body as text. Raise `Refused("op_garbage")` when it is none."""
        try:
            return self.body.decode("ascii").strip()
        except UnicodeDecodeError as error:
            raise Refused("op_garbage", "not text") from error


@dataclass(frozen=True, slots=True)
class Line:
    """How to reach the provider: seconds for a whole answer, trusted certificates, proxies by scheme."""

    timeout_s: float
    verify: bool | str = True
    proxies: Mapping[str, str] = field(default_factory=dict)

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Read `url`. Raise `Refused("op_unreachable")` or `Refused("op_garbage")` when no answer can be had."""
        return self._send("GET", url, headers=headers)

    def post(self, url: str, data: Mapping[str, str], auth: tuple[str, str] | None = None) -> Answer:
        """Post a form to `url`. Raises as `get`."""
        return self._send("POST", url, data=data, auth=auth)

    def _send(self, method: str, url: str, headers: Mapping[str, str] | None = None, **request: Any) -> Answer:
        deadline = time.monotonic() + self.timeout_s
        try:
            with requests.request(
                method, url, timeout=self.timeout_s, verify=self.verify, proxies=dict(self.proxies),
                allow_redirects=False, stream=True, headers={**PLAIN, **(headers or {})}, **request,
            ) as response:  # fmt: skip
                body = _read(response, deadline)
                media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        except (requests.RequestException, HTTPError) as error:
            raise Refused("op_unreachable", f"{method} {url}: {type(error).__name__}") from error
        if response.status_code >= 500:
            raise Refused("op_unreachable", f"{method} {url}: status {response.status_code}")
        return Answer(response.status_code, media_type, body)


def _read(response: requests.Response, deadline: float) -> bytes:
    """Read what is there while the clock and the size allow: a provider that drips bytes must not hold a thread."""
    body = bytearray()
    while piece := response.raw.read1(PIECE_BYTES, decode_content=False):
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            raise Refused("op_garbage", "answer too large")
        if time.monotonic() > deadline:
            raise Refused("op_unreachable", "answer too slow")
    return bytes(body)

"""The short pass of fuzzing that every change must survive: the whole corpus, then a second of made-up inputs each."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.fuzz import CORPUS
from tests.fuzz.targets import TARGETS, seeds

CORPUS_MAX_BYTES = 600_000
RECORDED = (
    "stun",
    "rtp",
    "extensions",
    "rtcp",
    "transport_feedback",
    "sdp",
    "frame",
    "join",
    "data",
    "codec_video_vp8",
)
ROUNDS_S = 1


@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus_is_harmless(name: str) -> None:
    """Recorded traffic and every finding of the past."""
    for path in seeds(name):
        TARGETS[name].check(path.read_bytes())


def test_the_corpus_is_small_and_whole() -> None:
    """It was recorded for each target that packets or messages reach, and is no burden for a clone."""
    assert [name for name in RECORDED if not seeds(name)] == []
    assert sum(path.stat().st_size for path in CORPUS.glob("*/*")) < CORPUS_MAX_BYTES


def test_the_corpus_holds_no_secret() -> None:
    """Neither tokens nor the passwords of a connection."""
    content = b"".join(path.read_bytes() for path in CORPUS.glob("*/*"))
    assert b"eyJ" not in content
    assert b"a=ice-pwd:" in content
    assert content.count(b"a=ice-pwd:") == content.count(b"a=ice-pwd:pppp")


@pytest.mark.live
def test_a_short_pass_finds_nothing() -> None:
    """The long pass is `make fuzz SECONDS=…`."""
    command = [sys.executable, "-m", "tests.fuzz", "--seconds", str(ROUNDS_S)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"of {len(TARGETS)} targets, 0 findings" in done.stdout

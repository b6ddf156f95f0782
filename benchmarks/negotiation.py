"""What an answer costs a media worker in a room of N people: reading Chromium's offer, deciding, writing the answer.

`python -m benchmarks.negotiation` counts CPU of this process only, without sockets; one connection, everybody sends
sound and a picture, and the client gets as many as it may.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from tests import chromium
from visio.media import negotiation, sdp
from visio.media.limits import DEFAULT, SOUNDS_RECEIVED
from visio.media.negotiation import LocalParameters, Sending

ROUNDS = 9
PEOPLE = (10, 50, 100, 200)
LOCAL = LocalParameters(
    "u" * 8, "p" * 24, "sha-256 " + ":".join(["AA"] * 32), ("candidate:1 1 udp 1 ::1 7882 typ host",)
)


def cost_ms(work: Callable[[], object]) -> float:
    """Return the median CPU time of something, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        before = time.process_time()
        work()
        times.append(time.process_time() - before)
    return median(times) * 1e3


def answer(text: str) -> str:
    """Answer an offer, with a track in each section that can receive."""
    offered = sdp.parse(text)
    sending = {
        section.mid: Sending(
            "PA_0123456789ab|camera", f"TR_{number:012}", number + 1, "PA_0123456789ab", number + 10_000
        )
        for number, section in enumerate(negotiation.placeholders(offered))
    }
    return negotiation.answer(offered, LOCAL, sending=sending)[0].text()


def main() -> None:
    """Print a table."""
    print("| people | sections | offer kB | answer kB | reading ms | all ms |\n|---|---|---|---|---|---|")
    for people in PEOPLE:
        sounds, pictures = min(people, SOUNDS_RECEIVED), min(people, DEFAULT.pictures_received)
        text = chromium.offer(sounds, pictures)
        sizes = f"{len(text) / 1e3:.0f} | {len(answer(text)) / 1e3:.0f}"
        reading, whole = cost_ms(lambda text=text: sdp.parse(text)), cost_ms(lambda text=text: answer(text))  # type: ignore[misc]
        print(f"| {people} | {sounds + pictures + 1} | {sizes} | {reading:.1f} | {whole:.1f} |")


if __name__ == "__main__":
    main()

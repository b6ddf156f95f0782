"""A link to a network of its own, as narrow and lossy as a test wants it: `tc` with tbf, and a filter that draws lots.

To be used inside `@in_network(…)`. Each direction has a queue that holds up to a second, as those of home routers do.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from functools import partial
from types import TracebackType
from typing import Self

from suite.operations.lifeline import die_with
from tests.network import SERVER, ip
from tests.stack import STOP_S

NEAR, FAR = "10.9.3.1", "10.9.3.2"
NEAR_6, FAR_6 = "fd00:9:3::1", "fd00:9:3::2"
WIDE_BPS = 1_000_000_000
QUEUE = "1s"
BURST_S, BURST_BYTES = 0.008, 2000
"""What may pass at once: as little as the timers of a busy machine can serve."""
SAMPLE_S = 0.05
FAIR, DOOMED = "1:10", "1:20"
PICK_DOOMED = 0x10020  # that class, as the filter's verdict
RANDOM = 0xFFFFF038  # SKF_AD_OFF + SKF_AD_RANDOM: a load from there draws a number (linux/filter.h)


class Direction:
    """What leaves one end of the link."""

    def __init__(self, device: str, prefix: tuple[str, ...] = ()) -> None:
        self.device, self._prefix = device, prefix
        self.bps = WIDE_BPS
        tc = partial(self._tc, "class", "add")
        self._tc("qdisc", "add", f"root handle 1: htb default {FAIR.partition(':')[2]}")
        for name in (FAIR, DOOMED):
            tc(f"parent 1: classid {name} htb rate 10gbit quantum 1514")
        self._tc("qdisc", "add", f"parent {FAIR} handle 10: tbf rate {WIDE_BPS} burst 200kb latency {QUEUE}")
        self._tc("qdisc", "add", f"parent {DOOMED} handle 20: pfifo limit 0")

    def narrow(self, bps: int) -> None:
        """Carry so much from now on."""
        burst = max(BURST_BYTES, round(bps * BURST_S / 8))
        self._tc("qdisc", "change", f"parent {FAIR} handle 10: tbf rate {bps} burst {burst} latency {QUEUE}")
        self.bps = bps

    def lose(self, share: float) -> None:
        """Lose this share of all packets from now on, each by its own lot."""
        lot = round((1 - share) * 2**32) if share else 2**32 - 1
        draw = ("4", f"32 0 0 {RANDOM}", f"53 0 1 {lot}", f"6 0 0 {PICK_DOOMED}", "6 0 0 0")
        self._run("filter", "replace", "dev", self.device, "parent", "1:", "handle", "1", "protocol", "ip", "prio", "1",
                  "bpf", "bytecode", ",".join(draw))  # fmt: skip

    def queue_s(self) -> float:
        """Return how long a packet that enters the queue now will wait."""
        shown = subprocess.run(
            [*self._prefix, "tc", "-j", "-s", "qdisc", "show", "dev", self.device], check=True, capture_output=True
        )
        (bucket,) = (one for one in json.loads(shown.stdout) if one["kind"] == "tbf")
        return float(bucket["backlog"] * 8 / self.bps)

    def _tc(self, kind: str, verb: str, rest: str) -> None:
        self._run(kind, verb, "dev", self.device, *rest.split())

    def _run(self, *command: str) -> None:
        subprocess.run([*self._prefix, "tc", *command], check=True)


class Link:
    """A context manager; `inside` is put before a command that is to run at the far end."""

    def __enter__(self) -> Self:
        self._holder = subprocess.Popen(
            ["unshare", "--net", "sleep", "infinity"],
            preexec_fn=partial(die_with, os.getpid()),  # noqa: PLW1509  (it makes two system calls, no more)
        )
        pid = str(self._holder.pid)
        self.inside = ("nsenter", "--target", pid, "--net")
        self._lay(pid)
        self.down, self.up = Direction("near"), Direction("far", self.inside)
        self.waits: list[tuple[float, float]] = []
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._watcher.join()
        ip("link delete near")
        self._holder.kill()
        self._holder.wait(STOP_S)

    def _lay(self, pid: str) -> None:
        _await_other_network(pid)
        for command in (
            "link add near type veth peer name far",
            f"link set far netns {pid}",
            "link set near gso_max_segs 1 up",
            f"address add {NEAR}/24 dev near",
            f"address add {NEAR_6}/64 dev near nodad",
            f"address replace {SERVER}/32 dev lo",
            "route add default dev near",
        ):
            ip(command)
        for command in (
            "link set lo up",
            "link set far gso_max_segs 1 up",
            f"address add {FAR}/24 dev far",
            f"address add {FAR_6}/64 dev far nodad",
            f"route add default via {NEAR}",
        ):
            self.far_ip(command)

    def far_ip(self, command: str) -> None:
        """Change the network at the far end; see ip(8)."""
        subprocess.run([*self.inside, "ip", *command.split()], check=True)

    def _watch(self) -> None:
        while not self._over.wait(SAMPLE_S):
            self.waits.append((time.monotonic(), self.down.queue_s()))

    def waited_s(self, since: float, until: float) -> list[float]:
        """Return the waiting times that were seen between two moments, shortest first."""
        return sorted(wait for at, wait in self.waits if since <= at <= until)


def _await_other_network(pid: str) -> None:
    """Wait until the process has its own network; before, its end of the link would stay here."""
    own = os.readlink("/proc/self/ns/net")
    deadline = time.monotonic() + STOP_S
    while os.readlink(f"/proc/{pid}/ns/net") == own:
        assert time.monotonic() < deadline
        time.sleep(0.01)

"""When to ask a sender for a key frame: at most every half second, again until it comes; and what was promised."""

from visio.media.allowance import Allowance

INTERVAL_S = 0.5
ASKED_PER_S, ASKED_BURST = 1 / 3, 10  # key frames for one subscriber of a track: everybody else gets them too


class KeyFrameRequests:
    """The wish for a key frame of one layer; a new stream starts with one, so that counts as asked."""

    __slots__ = ("_asked", "asked_total", "came_total", "wanted")

    def __init__(self, now: float) -> None:
        self._asked = now
        self.wanted = False
        self.asked_total = self.came_total = 0

    def begin(self, now: float) -> None:
        """Note that the stream goes on after a pause, with a key frame."""
        self._asked = now

    def came(self) -> None:
        """Note that a key frame has arrived."""
        self.wanted = False
        self.came_total += 1

    def want(self, now: float) -> bool:
        """Note that somebody needs a key frame; True when to ask for it at once."""
        self.wanted = True
        return self._take(now)

    def due(self, now: float, last_packet: float) -> bool:
        """Tell whether to ask again; a sender that has sent nothing since the last time is muted and left alone."""
        return self.wanted and last_packet >= self._asked and self._take(now)

    def _take(self, now: float) -> bool:
        if now - self._asked < INTERVAL_S:
            return False
        self._asked = now
        self.asked_total += 1
        return True


class Answers:
    """The key frames that one subscriber asked for (PLI, FIR), and how many of its requests one has followed.

    `sent` changes with every key frame that the subscriber is sent. Who asks for too many waits; asking again for one
    that has not come is free.
    """

    __slots__ = ("_granted", "_may", "_open", "_seen", "answered", "asked")

    def __init__(self) -> None:
        self.asked = self.answered = 0
        self._open = 0
        self._granted = False
        self._may = Allowance(ASKED_PER_S, ASKED_BURST, 0.0)
        self._seen: object = None

    def ask(self, sent: object, now: float) -> bool:
        """Note a request; tell whether to pass it on."""
        self.settle(sent)
        self.asked += 1
        self._open += 1
        self._seen = sent
        self._granted = self._granted or self._may.take(1, now)
        return self._granted

    def settle(self, sent: object) -> None:
        """Count what has been answered by now."""
        if self._open and sent != self._seen:
            self.answered += self._open
            self._open, self._granted = 0, False

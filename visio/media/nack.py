"""Packets of one stream that did not arrive: which they are, when to ask for them, when to give up."""

FIRST_RTT_S = 0.1  # assumed until a recovered packet tells the true one
MIN_INTERVAL_S = 0.04
MAX_TRIES = 10
MAX_MISSING = 256
GIVE_UP_S = 1.5  # older packets are of no use to a conversation


class _Request:
    """When one missing packet was noticed and asked for."""

    __slots__ = ("asked", "noticed", "tries")

    def __init__(self, now: float) -> None:
        self.noticed = self.asked = now
        self.tries = 1


class Missing:
    """The gaps of one stream, by whole sequence number; knows which late packets are still new."""

    __slots__ = ("_requests", "given_up", "recovered", "rtt_s")

    def __init__(self) -> None:
        self._requests: dict[int, _Request] = {}
        self.rtt_s = FIRST_RTT_S
        self.recovered = 0
        self.given_up = 0

    def __len__(self) -> int:
        return len(self._requests)

    def gap(self, first: int, last: int, now: float) -> list[int]:
        """Note that `first` to `last` were skipped; return those to ask for at once, ascending."""
        self.given_up += max(0, last - first + 1 - MAX_MISSING)
        fresh = list(range(max(first, last - MAX_MISSING + 1), last + 1))
        for number in fresh:
            self._requests[number] = _Request(now)
        while len(self._requests) > MAX_MISSING:
            self._forget(next(iter(self._requests)))
        return fresh

    def arrived(self, number: int, now: float) -> bool:
        """Strike off a packet that came late; False when it was not missing."""
        request = self._requests.pop(number, None)
        if request is None:
            return False
        self.recovered += 1
        if request.tries == 1:
            self.rtt_s += (now - request.asked - self.rtt_s) / 8
        return True

    def due(self, now: float) -> list[int]:
        """Return the packets to ask for again, ascending, and give up those that are too old."""
        interval = max(MIN_INTERVAL_S, self.rtt_s * 1.5)
        again: list[int] = []
        for number, request in list(self._requests.items()):
            if now - request.noticed > GIVE_UP_S or request.tries >= MAX_TRIES:
                self._forget(number)
            elif now - request.asked >= interval:
                request.asked = now
                request.tries += 1
                again.append(number)
        return again

    def _forget(self, number: int) -> None:
        del self._requests[number]
        self.given_up += 1

"""Which media section of a peer connection carries which subscribed track; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from visio.media.formats import Format
from visio.media.negotiation import Sending
from visio.media.sections import Kind

REMIND_S = 0.8
REMIND_DOUBLINGS = 4


class Wanted(NamedTuple):
    """A track that should be delivered; `stream` names what plays together, `format` what is sent."""

    track: str
    kind: Kind
    stream: str
    format: Format | None = None


class Count(NamedTuple):
    """A number of sections of each kind."""

    audio: int
    video: int


@dataclass(slots=True)
class DownSlot:
    """One media section in which the server can send; empty without `sending`."""

    mid: str
    kind: Kind
    sending: Sending | None = None
    carried: str = ""
    """The last track that was sent in it."""
    answered: str = ""
    """The track that the last answer named; a browser tells of another one only after an answer that names none."""
    stopped: bool = False
    """It ends; a section with another mid may take its place once the peer has agreed (RFC 8829 section 5.2.2)."""
    vacant: bool = False
    """The peer has agreed."""

    def takes(self, item: Wanted, *, reuse: bool) -> bool:
        """Tell whether the track can be put here."""
        empty = self.sending is None and not self.stopped and self.answered in ("", item.track)
        return self.kind == item.kind and empty and (reuse or self.carried in ("", item.track))


class SlotTable:
    """Sections in the order of their SDP; a track stays in its section as long as it is wanted.

    Without `reuse` a section carries one track in its life: with two connections libwebrtc keeps the first track's id
    for the section's receiver, and by that id the clients know the track. With one they go by `mid_to_track_id`.
    Then sections that are over are stopped, and their places in the SDP go to new ones of their kind.
    """

    def __init__(self, describe: Callable[[Wanted], Sending], *, reuse: bool) -> None:
        self._describe = describe
        self._reuse = reuse
        self.slots: list[DownSlot] = []

    def open(self, mid: str, kind: Kind) -> None:
        """Add an empty section unless it is known, in a vacant place if there is one."""
        if any(slot.mid == mid for slot in self.slots):
            return
        vacant = (n for n, slot in enumerate(self.slots) if slot.vacant and slot.kind == kind)
        place = next(vacant, len(self.slots))
        self.slots[place : place + 1] = [DownSlot(mid, kind)]

    def stop(self) -> None:
        """Stop the sections that have carried a track and carry none."""
        for slot in self.slots:
            slot.stopped = slot.sending is None and slot.carried != ""

    def vacate(self) -> None:
        """Note that the peer has agreed to what was stopped."""
        for slot in self.slots:
            slot.vacant = slot.stopped

    def retain(self, mids: Iterable[str]) -> None:
        """Forget sections that the peer no longer offers."""
        kept = set(mids)
        self.slots = [slot for slot in self.slots if slot.mid in kept]

    def release(self, wanted: Sequence[Wanted]) -> bool:
        """Empty the sections of tracks that are not wanted, or in another format; tell whether there were any."""
        kept = {(item.track, item.format) for item in wanted}
        stale = [slot for slot in self.slots if slot.sending and (slot.sending.track, slot.sending.format) not in kept]
        for slot in stale:
            slot.sending = None
        return bool(stale)

    def missing(self, wanted: Sequence[Wanted]) -> list[Wanted]:
        """Give the wanted tracks that have no section."""
        placed = {slot.sending.track for slot in self.slots if slot.sending}
        return [item for item in wanted if item.track not in placed]

    def shortfall(self, wanted: Sequence[Wanted]) -> Count:
        """Count the sections that are lacking."""
        free, lacking = [slot for slot in self.slots if slot.sending is None], {"audio": 0, "video": 0}
        for item in self.missing(wanted):
            slot = self._place(item, free)
            if slot is None:
                lacking[item.kind] += 1
            else:
                free.remove(slot)
        return Count(lacking["audio"], lacking["video"])

    def assign(self, wanted: Sequence[Wanted]) -> None:
        """Put each wanted track that has no section into an empty one of its kind, while there are any."""
        for item in self.missing(wanted):
            slot = self._place(item, self.slots)
            if slot is not None:
                slot.sending, slot.carried = self._describe(item), item.track

    def _place(self, item: Wanted, slots: Iterable[DownSlot]) -> DownSlot | None:
        """Give an empty section for a track: the one that it was in before, if there is one."""
        fitting = [slot for slot in slots if slot.takes(item, reuse=self._reuse)]
        return next((slot for slot in fitting if slot.carried == item.track), next(iter(fitting), None))

    def sending(self) -> dict[str, Sending]:
        """Give what is sent, by mid."""
        return {slot.mid: slot.sending for slot in self.slots if slot.sending}

    def answer(self) -> dict[str, Sending]:
        """Give what is sent, by mid, for an answer to the peer."""
        for slot in self.slots:
            slot.answered = slot.sending.track if slot.sending else ""
        return self.sending()

    def tracks(self) -> dict[str, str]:
        """Give the track sid by mid, as `mid_to_track_id` wants it."""
        return {mid: sending.track for mid, sending in self.sending().items()}


class SectionRequests:
    """How many sections the client was asked for and has not offered yet, so that it is not asked twice.

    The Rust SDK can lose a request that comes while it makes an offer, and can forget to offer a track that it has
    announced meanwhile: then it has to be reminded.
    """

    def __init__(self) -> None:
        self._open = Count(0, 0)
        self._known = Count(0, 0)
        self._asked = False
        self._reminders = 0
        self._remind_at: float | None = None

    def lacking(self, shortfall: Count) -> Count | None:
        """Give what to ask for now; None when the offer that is on its way will do."""
        more = Count(max(0, shortfall.audio - self._open.audio), max(0, shortfall.video - self._open.video))
        return None if self._asked and not any(more) else more

    def ask(self, more: Count) -> None:
        """Note that the client is asked for so many more."""
        self._open = Count(self._open.audio + more.audio, self._open.video + more.video)
        self._asked = True

    def offered(self, sections: Count) -> None:
        """Note how many sections the client has offered by now; an offer made before it was asked changes nothing."""
        grown = Count(sections.audio - self._known.audio, sections.video - self._known.video)
        self._known = sections
        self._open = Count(max(0, self._open.audio - grown.audio), max(0, self._open.video - grown.video))
        self._asked = any(self._open)
        if self._reminders or not self._asked:
            self.forget()

    def overdue(self, now: float, *, owed: bool = False) -> bool:
        """Tell whether the client must be reminded now; less and less often as long as it does not offer.

        An offer is `owed` too when a track is announced that no section carries.
        """
        if not (self._asked or owed):
            self._reminders, self._remind_at = 0, None
            return False
        if self._remind_at is not None and now >= self._remind_at:
            self._reminders += 1
            self._remind_at = None
            return True
        if self._remind_at is None:
            self._remind_at = now + REMIND_S * 2 ** min(self._reminders, REMIND_DOUBLINGS)
        return False

    def forget(self) -> None:
        """Start anew: what was asked for may be lost, and what is lacking is asked for once more."""
        self._open = Count(0, 0)
        self._asked = False
        self._reminders = 0
        self._remind_at = None

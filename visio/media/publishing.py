"""Matching of announced tracks with the media sections that the client offers for them, in whatever order they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from visio.media.negotiation import Negotiated
from visio.media.publication import Publication


@dataclass(frozen=True, slots=True)
class Change:
    """What an offer or an announcement changed: tracks that now have a section, tracks that lost theirs."""

    bound: list[tuple[Publication, Negotiated]] = field(default_factory=list)
    gone: list[Publication] = field(default_factory=list)


class Publishing:
    """The tracks of one participant: announced, bound to a section, and sections that nobody announced yet."""

    def __init__(self) -> None:
        self._pending: dict[str, Publication] = {}
        self._bound: dict[str, Publication] = {}
        self._nameless: dict[str, Negotiated] = {}

    def __iter__(self) -> Iterator[Publication]:
        """Give every track that has a section, second versions left out."""
        return iter([item for item in self._bound.values() if item.primary is None])

    def __len__(self) -> int:
        return sum(item.primary is None for item in self._all())

    @property
    def is_waiting(self) -> bool:
        """Tell whether a track is announced that no section carries."""
        return bool(self._pending)

    def find(self, sid: str) -> Publication | None:
        """Give the track with this sid, announced or bound."""
        return next((item for item in self._all() if item.sid == sid and item.primary is None), None)

    def second(self, primary: Publication) -> Publication | None:
        """Give the second version of a track, announced or bound."""
        return next((item for item in self._all() if item.primary is primary), None)

    def announced(self, cid: str) -> Publication | None:
        """Give the track with this client id that still waits for its section."""
        return self._pending.get(cid)

    def by_mid(self) -> dict[str, Publication]:
        """Give the bound tracks by the mid of their section."""
        return dict(self._bound)

    def announce(self, publication: Publication) -> Change:
        """Take a new track; it is bound at once when its section was offered before."""
        self._pending[publication.cid] = publication
        return Change(bound=self._match(list(self._nameless.values())))

    def settle(self, sections: Iterable[Negotiated]) -> Change:
        """Take what an offer settled; sections that stopped sending end their tracks, with their second versions."""
        sending = {section.mid: section for section in sections if section.up is not None}
        ended = [mid for mid, item in self._bound.items() if not _continues(item, sending.get(mid))]
        gone = [self._bound.pop(mid) for mid in ended]
        seconds = [second for item in gone if (second := self.second(item)) is not None]
        for second in seconds:
            self.withdraw(second)
        gone += seconds
        fresh = [section for mid, section in sending.items() if mid not in self._bound]
        self._nameless = {section.mid: section for section in fresh}
        return Change(bound=self._match(fresh), gone=gone)

    def withdraw(self, publication: Publication) -> None:
        """Forget a track with its second version; a section that still sends stays without a name."""
        for items in (self._pending, self._bound):
            for key in [key for key, item in items.items() if publication in (item, item.primary)]:
                del items[key]

    def _all(self) -> list[Publication]:
        return [*self._bound.values(), *self._pending.values()]

    def guess(self, msid: tuple[str, str] | None, kind: str) -> Publication | None:
        """Give the waiting track that a section is for: by client id, else the first of its kind that fits no other."""
        if msid and msid[1] in self._pending:
            return self._pending[msid[1]]
        named = {section.msid[1] for section in self._nameless.values() if section.msid}
        return next((p for p in self._pending.values() if p.kind == kind and p.cid not in named), None)

    def _match(self, sections: list[Negotiated]) -> list[tuple[Publication, Negotiated]]:
        bound = []
        for section in sections:
            publication = self.guess(section.msid, section.kind)
            if publication is not None and publication.kind == section.kind:
                del self._pending[publication.cid]
                self._nameless.pop(section.mid, None)
                self._bound[section.mid] = publication
                bound.append((publication, section))
        return bound


def _continues(publication: Publication, section: Negotiated | None) -> bool:
    """Tell whether a section still carries the track: it sends, and under the same msid."""
    return section is not None and section.msid == publication.offered_as

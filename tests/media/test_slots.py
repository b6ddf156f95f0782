"""Which section carries which track."""

from __future__ import annotations

import itertools

from visio.media.negotiation import Sending
from visio.media.sections import Kind
from visio.media.slots import REMIND_S, Count, SectionRequests, SlotTable, Wanted


def wanted(track: str, kind: Kind = "video") -> Wanted:
    return Wanted(track, kind, "PA_x|camera")


def table(*sections: tuple[str, Kind], reuse: bool = True) -> SlotTable:
    made = SlotTable(lambda item: Sending(stream=item.stream, track=item.track, ssrc=1, cname="x"), reuse=reuse)
    for mid, kind in sections:
        made.open(mid, kind)
    return made


def test_a_track_goes_into_a_section_of_its_kind() -> None:
    slots = table(("0", "audio"), ("1", "video"))
    slots.assign([wanted("TR_v"), wanted("TR_a", "audio")])
    assert slots.tracks() == {"0": "TR_a", "1": "TR_v"}


def test_a_track_stays_where_it_is() -> None:
    slots = table(("0", "video"), ("1", "video"))
    slots.assign([wanted("TR_a"), wanted("TR_b")])
    slots.release([wanted("TR_b")])
    slots.assign([wanted("TR_b"), wanted("TR_c")])
    assert slots.tracks() == {"0": "TR_c", "1": "TR_b"}


def test_a_section_that_was_answered_is_empty_in_one_answer_before_it_carries_another_track() -> None:
    """A browser that is told of both at once tells its page of none."""
    slots = table(("0", "audio"), ("1", "audio"))
    slots.assign([wanted("TR_a", "audio")])
    slots.answer()
    slots.release([])
    assert slots.shortfall([wanted("TR_b", "audio"), wanted("TR_c", "audio")]) == Count(1, 0)
    slots.assign([wanted("TR_b", "audio")])
    assert slots.tracks() == {"1": "TR_b"}
    assert "0" not in slots.answer()
    slots.assign([wanted("TR_b", "audio"), wanted("TR_c", "audio")])
    assert slots.tracks() == {"0": "TR_c", "1": "TR_b"}


def test_without_reuse_a_section_carries_one_track_only() -> None:
    slots = table(("0", "video"), reuse=False)
    slots.assign([wanted("TR_a")])
    slots.release([])
    assert slots.shortfall([wanted("TR_b")]) == Count(0, 1)
    assert slots.shortfall([wanted("TR_a")]) == Count(0, 0)
    slots.assign([wanted("TR_b"), wanted("TR_a")])
    assert slots.tracks() == {"0": "TR_a"}


def test_release_tells_whether_something_ended() -> None:
    slots = table(("0", "video"))
    slots.assign([wanted("TR_a")])
    assert not slots.release([wanted("TR_a")])
    assert slots.release([])


def test_shortfall_counts_only_what_has_no_place() -> None:
    slots = table(("0", "audio"), ("1", "video"))
    assert slots.shortfall([wanted("TR_a"), wanted("TR_b"), wanted("TR_c", "audio")]) == Count(0, 1)


def test_sections_that_the_peer_dropped_are_forgotten() -> None:
    slots = table(("0", "video"), ("1", "video"))
    slots.retain(["1"])
    assert [slot.mid for slot in slots.slots] == ["1"]


def test_a_known_section_is_not_opened_twice() -> None:
    assert len(table(("0", "video"), ("0", "video")).slots) == 1


def ask(requests: SectionRequests, shortfall: Count) -> Count | None:
    """Ask for what is lacking now."""
    more = requests.lacking(shortfall)
    if more is not None:
        requests.ask(more)
    return more


def test_one_offer_is_asked_for_once() -> None:
    requests = SectionRequests()
    assert ask(requests, Count(0, 0)) == Count(0, 0)
    assert ask(requests, Count(0, 0)) is None


def test_an_offer_allows_to_ask_again() -> None:
    requests = SectionRequests()
    ask(requests, Count(0, 0))
    requests.offered(Count(3, 3))
    assert ask(requests, Count(0, 0)) == Count(0, 0)


def test_only_what_was_not_asked_for_is_asked() -> None:
    requests = SectionRequests()
    assert ask(requests, Count(1, 1)) == Count(1, 1)
    assert ask(requests, Count(1, 2)) == Count(0, 1)


def test_an_offer_that_crossed_the_request_leaves_it_open() -> None:
    requests = SectionRequests()
    requests.offered(Count(3, 3))
    ask(requests, Count(1, 0))
    requests.offered(Count(3, 3))
    assert ask(requests, Count(1, 0)) is None
    requests.offered(Count(4, 3))
    assert ask(requests, Count(1, 0)) == Count(1, 0)


def test_what_was_lost_with_the_socket_is_asked_again() -> None:
    requests = SectionRequests()
    ask(requests, Count(1, 0))
    requests.forget()
    assert ask(requests, Count(1, 0)) == Count(1, 0)


def test_a_client_that_does_not_offer_is_reminded_less_and_less_often() -> None:
    requests = SectionRequests()
    assert not requests.overdue(0.0)
    ask(requests, Count(1, 1))
    reminded = [tenth for tenth in range(600) if requests.overdue(tenth / 10)]
    assert 4 < len(reminded) < 10
    gaps = [late - early for early, late in itertools.pairwise(reminded)]
    assert gaps == sorted(gaps)


def test_a_client_that_forgets_to_offer_its_own_track_is_reminded() -> None:
    requests = SectionRequests()
    assert not requests.overdue(0.0, owed=True)
    assert not requests.overdue(REMIND_S / 2, owed=True)
    assert requests.overdue(REMIND_S, owed=True)
    assert not requests.overdue(REMIND_S + 0.1, owed=True)
    assert not requests.overdue(100.0, owed=False)
    assert not requests.overdue(200.0, owed=True)
    assert requests.overdue(200.0 + REMIND_S, owed=True)


def test_a_reminded_client_that_still_offers_too_little_is_asked_anew() -> None:
    requests = SectionRequests()
    ask(requests, Count(1, 1))
    requests.overdue(0.0)
    assert requests.overdue(REMIND_S)
    requests.offered(Count(3, 3))
    assert ask(requests, Count(1, 1)) == Count(1, 1)


def test_a_client_that_offered_what_was_asked_is_not_reminded() -> None:
    requests = SectionRequests()
    ask(requests, Count(1, 1))
    requests.overdue(0.0)
    requests.offered(Count(1, 1))
    assert not requests.overdue(100.0)

"""What subscribers ask for and publishers allow costs a bounded time, however it is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from livekit.protocol import rtc

from tests.media.hall import Guest, Hall
from visio.media import limits
from visio.media.errors import CloseCode
from visio.media.limits import Limits
from visio.media.subscription import Subscription
from visio.media.terms import Terms

OFFER = (Path(__file__).parent / "sdp/chromium_publisher.txt").read_text()
CAMERA = "7a1aa878-73ff-4ce1-ba04-6fa3831a9bb9"


def stage(*guests: str, terms: Terms | None = None) -> tuple[Guest, str, list[Guest]]:
    """Let alice publish a picture to some guests; give her, the track and them."""
    hall = Hall(terms)
    alice = hall.enter("alice")
    alice.say(add_track=rtc.AddTrackRequest(cid=CAMERA, type="VIDEO", source="CAMERA"))
    alice.say(offer=rtc.SessionDescription(type="offer", sdp=OFFER, id=1))
    return alice, alice.responses("track_published")[-1].track.sid, [hall.enter(name) for name in guests]


def closed_for_excess(guest: Guest) -> bool:
    closed = guest.closed()
    return closed is not None and closed.code == CloseCode.POLICY


async def test_a_track_named_often_is_set_once(monkeypatch: pytest.MonkeyPatch) -> None:
    _, sid, (bob,) = stage("bob")
    applied: list[Subscription] = []
    monkeypatch.setattr(Subscription, "apply", lambda self, _now: applied.append(self))
    bob.say(track_setting=rtc.UpdateTrackSettings(track_sids=[sid] * limits.LISTED_TRACKS, width=320))
    assert [item.width for item in applied] == [320]


async def test_settings_are_limited_and_refill() -> None:
    _, sid, (bob, carol) = stage("bob", "carol")
    bob.participant.may.wishes.take(limits.WISHES_BURST - 1, bob.hall.now)
    bob.say(track_setting=rtc.UpdateTrackSettings(track_sids=[sid], width=320))
    bob.hall.now += 1
    for width in range(limits.WISHES_PER_S):
        bob.say(track_setting=rtc.UpdateTrackSettings(track_sids=[sid], width=width))
    assert bob.closed() is None
    bob.say(track_setting=rtc.UpdateTrackSettings(track_sids=[sid], width=320))
    assert closed_for_excess(bob)
    assert carol.closed() is None


async def test_only_what_changes_is_negotiated(monkeypatch: pytest.MonkeyPatch) -> None:
    _, sid, (bob,) = stage("bob")
    refreshed: list[str] = []
    monkeypatch.setattr(bob.participant, "refresh", lambda: refreshed.append(sid))
    for subscribe in (True, True, False, False, True):
        bob.say(subscription=rtc.UpdateSubscription(track_sids=[sid] * 5, subscribe=subscribe))
    bob.say(subscription=rtc.UpdateSubscription(track_sids=["TR_other"], subscribe=False))
    assert len(refreshed) == 2


async def test_to_and_fro_is_limited() -> None:
    _, sid, (bob,) = stage("bob")
    most = limits.WISHES_BURST // (limits.REFRESH_WISHES + 1)
    for number in range(most):
        bob.say(subscription=rtc.UpdateSubscription(track_sids=[sid], subscribe=bool(number % 2)))
    assert bob.closed() is None
    bob.say(subscription=rtc.UpdateSubscription(track_sids=[sid], subscribe=bool(most % 2)))
    assert closed_for_excess(bob)


def allow(**who: object) -> rtc.SubscriptionPermission:
    return rtc.SubscriptionPermission(track_permissions=[rtc.TrackPermission(**who)])  # type: ignore[arg-type]


async def test_a_publisher_chooses_who_gets_a_track() -> None:
    alice, sid, (bob, carol) = stage("bob", "carol")
    alice.say(subscription_permission=allow(participant_sid=bob.participant.sid, track_sids=[sid]))
    assert [(one.track_sid, one.allowed) for one in carol.responses("subscription_permission_update")] == [(sid, False)]
    assert not bob.responses("subscription_permission_update")
    alice.say(subscription_permission=allow(participant_identity="carol", all_tracks=True))
    assert [guest.participant.subscriptions[sid].permitted for guest in (bob, carol)] == [False, True]
    alice.say(subscription_permission=allow(participant_identity=bob.participant.sid, all_tracks=True))
    assert not bob.participant.subscriptions[sid].permitted
    alice.say(subscription_permission=rtc.SubscriptionPermission(all_participants=True))
    assert bob.responses("subscription_permission_update")[-1].allowed


async def test_each_who_is_told_of_a_permission_counts() -> None:
    alice, _, guests = stage("bob", "carol", "dave", terms=Terms(limits=Limits(changes_per_minute=10)))
    nobody, everybody = rtc.SubscriptionPermission(), rtc.SubscriptionPermission(all_participants=True)
    alice.say(subscription_permission=everybody)
    for permission in (nobody, everybody):
        alice.say(subscription_permission=permission)
    assert alice.closed() is None
    alice.say(subscription_permission=nobody)
    assert closed_for_excess(alice)
    assert all(len(guest.responses("subscription_permission_update")) == 2 for guest in guests)

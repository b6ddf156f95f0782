"""Telling subscribers which tracks they cannot have because they cannot decode them."""

from __future__ import annotations

from livekit.protocol import models, rtc

from visio.media.participant import Participant

UNSUPPORTED = models.SubscriptionError.SE_CODEC_UNSUPPORTED


def tell(who: Participant) -> None:
    """Say it once for each track; a track that comes in another format later is simply delivered."""
    for sid, item in who.subscriptions.items():
        if item.refused and not item.told_refused:
            who.send(rtc.SignalResponse(subscription_response=rtc.SubscriptionResponse(track_sid=sid, err=UNSUPPORTED)))
        item.told_refused = item.refused

"""What a client publishes: announcing tracks, muting them, describing them anew."""

from __future__ import annotations

from livekit.protocol import models, rtc

from visio.media import limits, sdp
from visio.media.errors import CloseCode, SignalError
from visio.media.participant import Participant
from visio.media.permissions import fits, may_publish
from visio.media.publication import Publication, announced, describe, second
from visio.media.room import Room
from visio.media.signals.handler import Handler, count_change

Refusal = rtc.RequestResponse.Reason


def add_track(room: Room, who: Participant, message: rtc.AddTrackRequest, now: float) -> None:  # noqa: ARG001
    """Take the announcement of a track and answer it, or refuse it and say why."""
    _check(message)
    refusal = _refusal(room, who, message)
    if refusal is not None:
        _refuse(who, message, *refusal)
        return
    publication = who.publishing.announced(message.cid)
    if publication is None:
        fresh = _publication(who, message)
        if fresh.info.ByteSize() > limits.TRACK_BYTES:
            _refuse(who, message, Refusal.LIMIT_EXCEEDED, "the description of the track is too long")
            return
        change = who.publishing.announce(fresh)
    else:
        fresh, change = publication, None
    published = rtc.TrackPublishedResponse(cid=message.cid, track=(fresh.primary or fresh).info)
    who.send(rtc.SignalResponse(track_published=published))
    if change is not None:
        room.apply(who, change)


def _publication(who: Participant, message: rtc.AddTrackRequest) -> Publication:
    """Make what is announced: a track, or the second version of one."""
    primary = who.publishing.find(message.sid) if message.sid else None
    if primary is not None:
        return second(primary, message)
    return Publication(who.sid, message.cid, describe(message), announced(message))


def mute(room: Room, who: Participant, message: rtc.MuteTrackRequest, now: float) -> None:
    """Note that a client muted or unmuted its track and tell the others."""
    publication = who.publishing.find(message.sid)
    if publication is None:
        return
    count_change(who, now)
    if not message.muted and not may_publish(who.grant, publication.info.source):
        _refuse_mute(who, message)
        return
    set_muted(room, who, publication, muted=message.muted, forced=False, now=now)


def set_muted(room: Room, who: Participant, publication: Publication, *, muted: bool, forced: bool, now: float) -> None:
    """Mute or unmute a track for everybody; what was muted by force is not even forwarded."""
    if publication.forced_mute != (forced and muted):
        publication.forced_mute = forced and muted
        for other in room.others(who):
            subscription = other.subscriptions.get(publication.sid)
            if subscription is not None:
                subscription.apply(now)
    if publication.info.muted != muted:
        publication.info.muted = muted
        who.changed()
        room.tell(who, itself=forced)


def update_video_track(room: Room, who: Participant, message: rtc.UpdateLocalVideoTrack, now: float) -> None:
    """Note the new size of a picture."""
    publication = who.publishing.find(message.track_sid)
    if publication is not None:
        count_change(who, now)
        publication.info.width, publication.info.height = message.width, message.height
        _described(room, who)


def update_audio_track(room: Room, who: Participant, message: rtc.UpdateLocalAudioTrack, now: float) -> None:
    """Note the new features of a sound."""
    publication = who.publishing.find(message.track_sid)
    if publication is not None:
        count_change(who, now)
        del publication.info.audio_features[:]
        publication.info.audio_features.extend(list(message.features)[: limits.LAYERS])
        _described(room, who)


def update_layers(room: Room, who: Participant, message: rtc.UpdateVideoLayers, now: float) -> None:
    """Note the new sizes of a picture's layers."""
    publication = who.publishing.find(message.track_sid)
    size_bytes = sum(layer.ByteSize() for layer in message.layers)
    if publication is None or len(message.layers) > limits.LAYERS or size_bytes > limits.TRACK_BYTES:
        return
    count_change(who, now)
    del publication.info.layers[:]
    publication.info.layers.extend(message.layers)
    if publication.up is not None:
        publication.up.widths = tuple(sorted(layer.width for layer in message.layers))
    _described(room, who)


def _described(room: Room, who: Participant) -> None:
    who.changed()
    room.tell(who, itself=False)


def _check(message: rtc.AddTrackRequest) -> None:
    """Raise `SignalError` for an announcement that no client makes."""
    labels = [message.cid, message.name, message.stream]
    if not message.cid or max(map(len, labels)) > limits.LABEL_LENGTH:
        raise SignalError(CloseCode.POLICY, "add_track: a label is empty or too long")
    if len(message.layers) > limits.LAYERS or len(message.simulcast_codecs) > limits.CODECS:
        raise SignalError(CloseCode.POLICY, "add_track: too many layers or codecs")


def _refusal(room: Room, who: Participant, message: rtc.AddTrackRequest) -> tuple[int, str] | None:
    if message.type not in (models.TrackType.AUDIO, models.TrackType.VIDEO):
        return Refusal.UNSUPPORTED_TYPE, "only sound and pictures can be published"
    if not may_publish(who.grant, message.source) or not fits(message.source, message.type):
        return Refusal.NOT_ALLOWED, "publishing from this source is not allowed"
    if message.stream and not sdp.is_token(message.stream):
        return Refusal.NOT_ALLOWED, "the name of a stream is one word of ASCII letters, digits and marks"
    if message.sid:
        return _refusal_of_second(who, message)
    if len(who.publishing) >= room.services.limits.participant_tracks:
        return Refusal.LIMIT_EXCEEDED, "too many tracks"
    return None


def _refusal_of_second(who: Participant, message: rtc.AddTrackRequest) -> tuple[int, str] | None:
    """Refuse a second version of nothing, one in a format that was not promised, and a third one."""
    primary, wanted = who.publishing.find(message.sid), announced(message)
    if primary is None or primary.info.source != message.source:
        return Refusal.NOT_FOUND, "there is no such track"
    if wanted is None or wanted.name not in primary.promised[1:]:
        return Refusal.UNSUPPORTED_TYPE, "this format was not announced"
    there = who.publishing.second(primary)
    if there is not None and there.cid != message.cid:
        return Refusal.LIMIT_EXCEEDED, "the track has a second version already"
    return None


def _refuse(who: Participant, message: rtc.AddTrackRequest, reason: int, text: str) -> None:
    name = Refusal.Name(reason)
    who.send(rtc.SignalResponse(request_response=rtc.RequestResponse(reason=name, message=text, add_track=message)))


def _refuse_mute(who: Participant, message: rtc.MuteTrackRequest) -> None:
    refusal = rtc.RequestResponse(reason=Refusal.NOT_ALLOWED, message="not allowed to speak", mute=message)
    who.send(rtc.SignalResponse(request_response=refusal))
    who.send(rtc.SignalResponse(mute=rtc.MuteTrackRequest(sid=message.sid, muted=True)))


HANDLERS: dict[str, Handler] = {
    "add_track": add_track,
    "mute": mute,
    "update_video_track": update_video_track,
    "update_audio_track": update_audio_track,
    "update_layers": update_layers,
}

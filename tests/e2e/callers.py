"""People in pages that use livekit-client by itself, without the product: several may share one page."""

from __future__ import annotations

from typing import Any

from tests.e2e.visitor import Visitor
from tests.stack import Stack

JOIN = """async ([name, address, ticket, options]) => {
  await import("/static/vendor/livekit-client/livekit-client.umd.js");
  const livekit = window.LivekitClient;
  const room = new livekit.Room(options);
  const me = { livekit, room, videos: {}, refused: [] };
  (window.callers ??= {})[name] = me;
  room.on("trackSubscribed", (track, publication) => {
    const media = document.createElement(track.kind);
    media.muted = track.kind === "video";
    media.autoplay = true;
    document.body.append(media);
    track.attach(media);
    if (track.kind === "video") me.videos[publication.source] = media;
  });
  room.on("trackSubscriptionFailed", (sid, who, reason) => me.refused.push(reason));
  await room.connect(address, ticket);
}"""
PUBLISH = """async ([name, capture, options]) => {
  const { livekit, room } = window.callers[name];
  const track = await livekit.createLocalVideoTrack({ resolution: capture });
  await room.localParticipant.publishTrack(track, options);
}"""
UNPUBLISH = """async (name) => {
  const { localParticipant } = window.callers[name].room;
  const tracks = [...localParticipant.trackPublications.values()].map((publication) => publication.track);
  for (const track of tracks) await localParticipant.unpublishTrack(track);
}"""
RECEIVED = """async ([name, kind]) => {
  const { room, videos } = window.callers[name];
  const publications = [...room.remoteParticipants.values()].flatMap((one) => [...one.trackPublications.values()]);
  const found = {};
  for (const publication of publications) {
    if (publication.kind !== kind || !publication.track) continue;
    const stats = (await publication.track.getRTCStatsReport()) ?? new Map();
    const inbound = [...stats.values()].find((report) => report.type === "inbound-rtp") ?? {};
    const { mimeType: mime, sdpFmtpLine: parameters } = stats.get(inbound.codecId) ?? {};
    found[publication.source] = { ...inbound, mime, parameters, width: videos[publication.source]?.videoWidth ?? 0 };
  }
  return found;
}"""
SENT = """async (name) => {
  const { localParticipant } = window.callers[name].room;
  const found = [];
  for (const peer of window.peers) {
    if (peer.connectionState === "closed") continue;
    const stats = await peer.getStats();
    for (const report of stats.values())
      if (report.type === "outbound-rtp") found.push({ ...report, mime: stats.get(report.codecId)?.mimeType });
  }
  return found;
}"""
WANT = """([name, quality, fps]) => {
  for (const participant of window.callers[name].room.remoteParticipants.values())
    for (const publication of participant.videoTrackPublications.values()) {
      if (quality !== null) publication.setVideoQuality(quality);
      if (fps !== null) publication.setVideoFPS(fps);
    }
}"""
REFUSED = "(name) => window.callers[name].refused"

LOW, MEDIUM, HIGH = 0, 1, 2  # livekit-client's `VideoQuality`


class Caller:
    """One participant. What it receives is keyed by the source of the track, such as "camera"."""

    def __init__(self, visitor: Visitor, name: str) -> None:
        self.visitor = visitor
        self.name = name

    def enter(self, stack: Stack, slug: str, **options: Any) -> None:
        """Join a room; `options` are those of livekit-client's `Room`."""
        if not self.visitor.page.url.startswith(stack.url):
            self.visitor.open("/")
        self.run(JOIN, *stack.ticket(slug, self.name), {"dynacast": True, **options})

    def publish(self, width: int, height: int, fps: int = 30, **options: Any) -> None:
        """Publish the camera; `options` are those of `publishTrack`."""
        self.run(PUBLISH, {"width": width, "height": height, "frameRate": fps}, options)

    def unpublish(self) -> None:
        """Publish nothing any more."""
        self.visitor.page.evaluate(UNPUBLISH, self.name)

    def wants(self, quality: int | None = None, fps: int | None = None) -> None:
        """Ask for every picture in this quality, or with no more frames a second."""
        self.run(WANT, quality, fps)

    def received(self, source: str = "camera", kind: str = "video") -> dict[str, Any]:
        """Give the inbound statistics of a track, with its `mime`, `parameters` and `width`; {} without one."""
        found: dict[str, dict[str, Any]] = self.run(RECEIVED, kind)
        return found.get(source, {})

    def sent(self) -> list[dict[str, Any]]:
        """Give the outbound statistics of this page, each with its `mime`."""
        return list(self.visitor.page.evaluate(SENT, self.name))

    def refused(self) -> list[int]:
        """Give why tracks could not be subscribed to, in `SubscriptionError`s."""
        return list(self.visitor.page.evaluate(REFUSED, self.name))

    def run(self, script: str, *values: Any) -> Any:
        """Call a function of JavaScript with this caller's name and these values."""
        return self.visitor.page.evaluate(script, [self.name, *values])

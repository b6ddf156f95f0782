"""How soon things happen in Chromium: layers come back, silence costs nothing, lips and voice stay in step."""

from __future__ import annotations

from statistics import median
from typing import Any

import pytest

from tests.e2e.callers import HIGH, LOW, Caller
from tests.e2e.conftest import Visit
from tests.media_live.headquarters import Headquarters, ask
from tests.stack import Stack, wait_until
from visio.rooms import slugs

pytestmark = [pytest.mark.live, pytest.mark.browser, pytest.mark.long]

TRIES = 3
"""A machine that is busy makes single tries late; one that is in time shows that nothing in the way takes longer."""
SOON_MS = 1000
LOOK_AWAY = """async ([name, sender, looks]) => {
  const { livekit, room, videos } = window.callers[name];
  const [publication] = [...room.remoteParticipants.values()].flatMap((one) => [...one.trackPublications.values()]);
  const [published] = [...window.callers[sender].room.localParticipant.videoTrackPublications.values()];
  const pause = (ms) => new Promise((next) => setTimeout(next, ms));
  const sent = async () => [...(await published.track.sender.getStats()).values()]
    .filter((report) => report.type === "outbound-rtp" && (looks === "off" || report.rid === "h"));
  const frames = async () => (await sent()).reduce((sum, report) => sum + report.framesSent, 0);
  const { LOW, HIGH } = livekit.VideoQuality;
  const away = () => (looks === "off" ? publication.setEnabled(false) : publication.setVideoQuality(LOW));
  const back = () => (looks === "off" ? publication.setEnabled(true) : publication.setVideoQuality(HIGH));
  const video = videos.camera;
  const whole = video.videoWidth;
  const end = performance.now() + 30_000;
  away();
  for (let before = -1, since = performance.now(); performance.now() - since < 1500; await pause(100)) {
    if (performance.now() > end) throw new Error("the layer is still sent");
    const now = await frames();
    if (now !== before) since = performance.now();
    before = now;
  }
  const drawn = () => video.getVideoPlaybackQuality().totalVideoFrames;
  const [start, before] = [performance.now(), drawn()];
  back();
  while (video.videoWidth !== whole || drawn() === before) {
    if (performance.now() > end) throw new Error("the layer does not come back");
    await pause(10);
  }
  return performance.now() - start;
}"""
SPEAK = """async (name) => {
  const { livekit, room } = window.callers[name];
  const context = new AudioContext();
  const [tone, volume] = [context.createOscillator(), context.createGain()];
  const out = context.createMediaStreamDestination();
  tone.connect(volume).connect(out);
  tone.start();
  window.volume = volume;
  const [sound] = out.stream.getAudioTracks();
  await room.localParticipant.publishTrack(sound, { source: livekit.Track.Source.Microphone });
}"""
HEAR = """async (name) => {
  const { room } = window.callers[name];
  const [publication] = [...room.remoteParticipants.values()].flatMap((one) => [...one.trackPublications.values()]);
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(new MediaStream([publication.track.mediaStreamTrack])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const start = performance.now();
  window.volume.gain.value = 1;
  while (!samples.some((sample) => Math.abs(sample) > 0.1)) {
    if (performance.now() - start > 20_000) throw new Error("nothing is heard");
    await new Promise((next) => setTimeout(next, 10));
    analyser.getFloatTimeDomainData(samples);
  }
  await context.close();
  return performance.now() - start;
}"""
QUIET = "() => { window.volume.gain.value = 0; }"
SILENT_PACKETS = 6
"""A second: Opus sends one packet in 400 ms for comfort, and what is on its way at the beginning."""
CLAP = """async ([name, watcher, claps]) => {
  const { livekit, room } = window.callers[name];
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [320, 180];
  const picture = canvas.getContext("2d");
  let bright = false;
  const drawing = setInterval(() => {
    picture.fillStyle = bright ? "white" : "black";
    picture.fillRect(0, 0, 320, 180);
    picture.fillStyle = "grey";
    picture.fillRect(performance.now() / 10 % 320, 170, 10, 10);
  }, 33);
  const context = new AudioContext();
  const [tone, volume] = [context.createOscillator(), context.createGain()];
  const out = context.createMediaStreamDestination();
  volume.gain.value = 0;
  tone.connect(volume).connect(out);
  tone.start();
  const local = new MediaStream([...canvas.captureStream(30).getTracks(), ...out.stream.getTracks()]);
  const { Camera, Microphone } = livekit.Track.Source;
  await room.localParticipant.publishTrack(local.getVideoTracks()[0], { source: Camera, simulcast: false, dtx: false });
  await room.localParticipant.publishTrack(local.getAudioTracks()[0], { source: Microphone, dtx: false });

  const watch = (tracks) => {
    const seen = { flashes: [], beeps: [] };
    const video = document.createElement("video");
    video.muted = video.autoplay = true;
    video.srcObject = new MediaStream(tracks.filter((track) => track.kind === "video"));
    document.body.append(video);
    const eye = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    let light = false;
    const look = (now, { expectedDisplayTime }) => {
      eye.drawImage(video, 0, 0, 8, 8);
      const lit = eye.getImageData(4, 4, 1, 1).data[0] > 128;
      if (lit && !light) seen.flashes.push(expectedDisplayTime);
      light = lit;
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
    const ear = context.createAnalyser();
    ear.fftSize = 256;
    context.createMediaStreamSource(new MediaStream(tracks.filter((track) => track.kind === "audio"))).connect(ear);
    const samples = new Float32Array(ear.fftSize);
    let quietSince = 0;
    seen.listening = setInterval(() => {
      ear.getFloatTimeDomainData(samples);
      const [now, loud] = [performance.now(), samples.some((sample) => Math.abs(sample) > 0.1)];
      if (loud && now - quietSince > 300) seen.beeps.push(now);
      if (loud) quietSince = now;
    }, 5);
    return seen;
  };
  const theirs = () => [...window.callers[watcher].room.remoteParticipants.values()]
    .flatMap((one) => [...one.trackPublications.values()])
    .map((publication) => publication.track?.mediaStreamTrack).filter(Boolean);
  const pause = (ms) => new Promise((next) => setTimeout(next, ms));
  const end = performance.now() + 60_000;
  while (theirs().length < 2) {
    if (performance.now() > end) throw new Error("the tracks do not arrive");
    await pause(50);
  }
  const [near, far] = [watch(local.getTracks()), watch(theirs())];
  while (far.beeps.length < claps || far.flashes.length < claps) {
    if (performance.now() > end) throw new Error("the claps do not arrive: " + JSON.stringify([near, far]));
    await pause(700);
    [bright, volume.gain.value] = [true, 1];
    await pause(300);
    [bright, volume.gain.value] = [false, 0];
  }
  await pause(500);
  clearInterval(drawing);
  for (const seen of [near, far]) clearInterval(seen.listening);
  return [near, far];
}"""
SHARE = """async (name) => {
  const { room } = window.callers[name];
  await room.localParticipant.setScreenShareEnabled(true, { resolution: { width: 1280, height: 720, frameRate: 15 } });
}"""
CLAPS = 8
SKEW_MS = 120
"""From there on people notice that a voice lags (ITU-R BT.1359)."""


def _pair(visit: Visit, stack: Stack, **options: Any) -> tuple[Caller, Caller]:
    """Give two callers in one page, so that one clock measures both."""
    page, slug = visit(), slugs.generate()
    alice, bob = Caller(page, "alice"), Caller(page, "bob")
    for caller in (alice, bob):
        caller.enter(stack, slug, **options)
    return alice, bob


def test_a_layer_is_back_within_a_second(visit: Visit, installation: Stack) -> None:
    """What nobody watches is not sent; it is there again when somebody looks."""
    alice, bob = _pair(visit, installation)
    alice.publish(640, 360, 15, backupCodec=False)
    wait_until(lambda: bob.received().get("width") == 640, "the whole picture")
    for looks in ("small", "off"):
        took_ms: list[float] = []
        while len(took_ms) < TRIES and min(took_ms, default=SOON_MS) >= SOON_MS:
            took_ms.append(bob.run(LOOK_AWAY, "alice", looks))
        assert min(took_ms) < SOON_MS, f"{looks}: {took_ms}"


def test_a_shared_screen_has_two_layers(visit: Visit, installation: Stack) -> None:
    """The larger one is called `h` there, as LiveKit's clients have it; both can be watched."""
    alice, bob = _pair(visit, installation)
    alice.visitor.page.mouse.click(1, 1)  # a screen may be shared only after that
    alice.visitor.page.evaluate(SHARE, "alice")

    def width() -> int:
        return int(bob.received("screen_share").get("width", 0))

    wait_until(lambda: width() > 0, "the shared screen")
    wait_until(lambda: set(ask(_rids(installation))) == {"q", "h"}, "two layers")
    wait_until(lambda: width() in _widths(alice), "a layer")
    small, whole = min(_widths(alice)), max(_widths(alice))
    for quality, wanted in ((LOW, small), (HIGH, whole), (LOW, small)):
        bob.wants(quality)
        wait_until(lambda wanted=wanted: width() == wanted, f"a screen of {wanted} pixels")  # type: ignore[misc]


def _widths(caller: Caller) -> set[int]:
    """Give the widths of the layers that are sent."""
    return {report["frameWidth"] for report in caller.sent() if report.get("frameWidth")}


async def _rids(stack: Stack) -> list[str]:
    async with Headquarters(stack) as headquarters:
        _, _, alice = await headquarters.find("alice")
    return [layer["rid"] for track in alice["tracks"] if track["media"] for layer in track["media"]["layers"]]


def test_silence_costs_nothing(visit: Visit, installation: Stack) -> None:
    """Hardly a packet while nobody speaks, and the first word is heard at once."""
    alice, bob = _pair(visit, installation)
    page = alice.visitor.page
    page.evaluate(SPEAK, "alice")
    wait_until(lambda: _packets_per_s(bob) > 20, "sound")
    took_ms: list[float] = []
    while len(took_ms) < TRIES and min(took_ms, default=SOON_MS) >= SOON_MS:
        page.evaluate(QUIET)
        wait_until(lambda: _packets_per_s(bob) < SILENT_PACKETS, "silence")
        took_ms.append(page.evaluate(HEAR, "bob"))
    assert min(took_ms) < SOON_MS, took_ms


def _packets_per_s(caller: Caller) -> float:
    before = caller.received("microphone", "audio")
    caller.visitor.page.wait_for_timeout(1000)  # over which packets are counted
    after = caller.received("microphone", "audio")
    passed_s = (after.get("timestamp", 0) - before.get("timestamp", 0)) / 1000
    return (after.get("packetsReceived", 0) - before.get("packetsReceived", 0)) / passed_s if passed_s else 0.0


@pytest.mark.parametrize("single", [False, True], ids=["dual", "single"])
def test_lips_and_voice_stay_in_step(visit: Visit, installation: Stack, single: bool) -> None:
    """Claps that flash and beep arrive as far apart as they were made."""
    alice, _ = _pair(visit, installation, singlePeerConnection=single)
    near, far = alice.run(CLAP, "bob", CLAPS)
    skews_ms = _skew_ms(far), _skew_ms(near)
    assert abs(skews_ms[0] - skews_ms[1]) < SKEW_MS, skews_ms


def _skew_ms(seen: dict[str, list[float]]) -> float:
    """Give by how much flashes come after their beeps; the first ones are those of a call that has just begun."""
    pairs = [(flash, min(seen["beeps"], key=lambda beep: abs(beep - flash))) for flash in seen["flashes"]]
    return median(flash - beep for flash, beep in pairs[len(pairs) // 3 :])

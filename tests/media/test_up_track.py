"""A published track and its layers."""

from tests.media import streams_of
from tests.media.streams_of import AUDIO, SIMULCAST, Layer, Sink
from visio.media import feedback, layers
from visio.media.backchannel import Backchannel
from visio.media.extensions import AUDIO_LEVEL
from visio.media.loudest import Loudest
from visio.media.rtp import Packet
from visio.media.up_track import UpTrack


class Watcher:
    current = None

    """Keeps when it chose and what it got."""

    def __init__(self) -> None:
        self.chosen: list[float] = []
        self.got: list[tuple[str, int]] = []

    def choose(self, now: float) -> None:
        self.chosen.append(now)

    def forward(self, layer: layers.Layer, packet: Packet) -> None:
        self.got.append((layer.rid, packet.ssrc))

    def dump(self) -> dict[str, object]:
        return {"chosen": self.chosen}


def begun(*rids: str) -> tuple[Sink, UpTrack]:
    sink = Sink()
    track = UpTrack(Backchannel(sink), SIMULCAST)
    for n, rid in enumerate(rids):
        track.begin_layer(rid, streams_of.read(Layer(rid, 700 + n).frame(key=True)[0], 1.0))
    return sink, track


def test_watchers_choose_when_a_layer_appears() -> None:
    _, track = begun("q")
    watcher = Watcher()
    track.down_tracks.add(watcher)
    track.begin_layer("h", streams_of.read(Layer("h", 800).frame(key=True)[0], 2.0))
    assert watcher.chosen == [2.0]


def test_only_listeners_of_a_layer_get_its_packets() -> None:
    _, track = begun("q", "h")
    watcher = Watcher()
    low, middle = track.layers
    low.attach(watcher)
    low.attach(watcher)
    for layer, rid, ssrc in ((low, "q", 700), (middle, "h", 701)):
        layer.receive(streams_of.read(Layer(rid, ssrc).frame(key=True)[0], 1.0))
    assert watcher.got == [("q", 700)]
    low.detach(watcher)
    assert low.listeners == ()


def test_key_frames_are_asked_of_layers_that_are_watched() -> None:
    sink, track = begun("q", "h")
    track.layers[1].attach(Watcher())
    track.request_key_frame(5.0)
    assert [feedback.media_source(item) for item in sink.items(feedback.PAYLOAD)] == [701]


def test_an_ended_track_has_no_listeners() -> None:
    _, track = begun("q")
    (layer,) = track.layers
    layer.attach(Watcher())
    track.end()
    assert (track.layers, layer.listeners, track.layer("q")) == ([], (), None)


def test_it_describes_itself_and_its_watchers() -> None:
    _, track = begun("q")
    track.down_tracks.add(Watcher())
    dump = track.dump()
    assert (dump["mid"], dump["kind"], dump["down_tracks"]) == ("2", "video", 1)


def test_an_unheard_voice_leaves_no_gap_and_comes_back_with_a_mark() -> None:
    sink, ranking = Sink(), Loudest(1)
    other = ranking.voice("PA_2")
    other.take(-20, 0.0)
    track = UpTrack(Backchannel(sink), AUDIO)
    track.voice = ranking.voice("PA_1")
    sounds = {n: _sound(n, -50 if n < 106 else -10) for n in range(100, 110)}
    layer = track.begin_layer("", sounds[100])
    watcher = Hearing()
    layer.attach(watcher)
    for number in (100, 101, 104, 105, 107, 108):  # two are lost unheard, one just before the voice is heard again
        layer.receive(sounds[number])
    assert watcher.heard == [(100, True), (101, False)]
    assert not sink.items(feedback.TRANSPORT, feedback.NACK)
    other.take(-5, 1.0)
    ranking.admit(other, 1.0)
    layer.receive(_sound(109, -60))
    assert len(watcher.heard) == 2


def _sound(sequence: int, dbov: int) -> Packet:
    data = streams_of.packet(sequence=sequence, timestamp=sequence * 960, elements={AUDIO_LEVEL: bytes((-dbov,))})
    return streams_of.read(data)


class Hearing(Watcher):
    """Keeps index and mark of what it gets."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[int, bool]] = []

    def forward(self, layer: layers.Layer, packet: Packet) -> None:
        super().forward(layer, packet)
        self.heard.append((packet.index, bool(packet.marker)))

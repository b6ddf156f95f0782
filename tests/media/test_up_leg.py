"""One peer connection's receiving side."""

from struct import pack

from hypothesis import given
from hypothesis import strategies as st

from tests.media import streams_of
from tests.media.streams_of import AUDIO, IDS, SIMULCAST, VIDEO, Layer, Sink
from visio.media import extensions, feedback, rtcp
from visio.media.rtcp import SenderReport
from visio.media.sections import UpSection
from visio.media.up_leg import UpLeg
from visio.media.up_track import UpTrack


def legs(*sections: UpSection) -> tuple[Sink, UpLeg, list[UpTrack]]:
    sink = Sink()
    leg = UpLeg(sink)
    return sink, leg, [leg.add(section) for section in sections]


def simulcast() -> tuple[Sink, UpLeg, UpTrack, Layer]:
    """Return a leg that has got the first frame of layer h."""
    sink, leg, (track,) = legs(SIMULCAST)
    layer = Layer("h", 700)
    for data in layer.frame(key=True):
        leg.receive_rtp(data, 1.0)
    return sink, leg, track, layer


def test_an_announced_ssrc_is_bound() -> None:
    _, leg, (audio, video) = legs(AUDIO, VIDEO)
    leg.receive_rtp(streams_of.packet(ssrc=500), 1.0)
    assert (len(audio.layers), len(video.layers)) == (1, 0)
    assert audio.active(1.5)
    assert not audio.active(2.5)


def test_simulcast_layers_are_bound_by_rid_and_kept_in_order() -> None:
    _, leg, (track,) = legs(SIMULCAST)
    for rid, ssrc in (("f", 800), ("q", 700)):
        leg.receive_rtp(Layer(rid, ssrc).frame(key=True)[0], 1.0)
    assert [(layer.rid, layer.ssrc) for layer in track.layers] == [("q", 700), ("f", 800)]


def test_a_payload_type_of_one_section_is_enough() -> None:
    _, leg, (audio, _) = legs(AUDIO, VIDEO)
    leg.receive_rtp(streams_of.packet(ssrc=12345), 1.0)
    assert audio.layers[0].ssrc == 12345


def test_what_cannot_be_placed_is_dropped_and_counted() -> None:
    _, leg, _ = legs(SIMULCAST, VIDEO)
    leg.receive_rtp(Layer("x", 700).frame()[0], 1.0)
    leg.receive_rtp(streams_of.packet(payload_type=streams_of.VP8, ssrc=9), 1.0)
    leg.receive_rtp(streams_of.packet(payload_type=50, ssrc=9), 1.0)
    leg.receive_rtp(b"\x80", 1.0)
    assert (leg.unbound, leg.malformed) == (3, 1)


def test_a_gap_is_asked_for_and_repaired() -> None:
    sink, leg, track, layer = simulcast()
    _, lost = layer.frame()
    leg.receive_rtp(layer.frame()[0], 1.1)
    (nack,) = sink.items(feedback.TRANSPORT, feedback.NACK)
    assert list(feedback.read_nack(nack, 100)) == [102, 103]
    leg.receive_rtp(layer.repair(103), 1.15)
    assert track.layers[0].missing.recovered == 1
    cached = track.layers[0].cache.get(103)
    assert cached is not None
    assert cached.payload == streams_of.read(lost).payload


def test_a_lost_packet_is_asked_for_again() -> None:
    sink, leg, _, layer = simulcast()
    layer.frame()
    leg.receive_rtp(layer.frame()[0], 1.1)
    sink.rtcp.clear()
    leg.tick(1.3)
    (nack,) = sink.items(feedback.TRANSPORT, feedback.NACK)
    assert list(feedback.read_nack(nack, 100)) == [102, 103]


def test_a_probe_on_the_repair_stream_is_a_duplicate() -> None:
    _, leg, track, layer = simulcast()
    leg.receive_rtp(layer.repair(100), 1.1)
    assert track.layers[0].duplicates == 1
    assert track.layers[0].missing.recovered == 0


def test_a_repair_before_its_layer_is_dropped() -> None:
    _, leg, _ = legs(SIMULCAST)
    layer = Layer("q", 700)
    layer.frame()
    leg.receive_rtp(layer.repair(100), 1.0)
    assert leg.unbound == 1


def test_receiver_reports_go_out_every_second() -> None:
    sink, leg, _, layer = simulcast()
    layer.frame()
    leg.receive_rtp(layer.frame()[0], 1.1)
    for n in range(30):
        leg.tick(1.5 + n * 0.05)
    first, _second = sink.items(rtcp.RECEIVER_REPORT)
    (block,) = rtcp.read_blocks(first)
    assert (block.ssrc, block.total_lost, block.highest) == (700, 2, 104)
    assert len(sink.items(rtcp.SOURCE_DESCRIPTION)) == 2


def test_transport_feedback_begins_when_a_stream_is_bound() -> None:
    sink, leg, _ = legs(SIMULCAST)
    number = {extensions.TRANSPORT_SEQUENCE: b"\x00\x05"}
    leg.receive_rtp(streams_of.packet(payload_type=50, ssrc=1, elements=number), 1.0)
    leg.tick(1.1)
    assert sink.rtcp == []
    leg.receive_rtp(Layer("q", 700).frame(key=True)[0], 1.2)
    leg.tick(1.25)
    assert len(sink.items(feedback.TRANSPORT, feedback.TRANSPORT_WIDE)) == 1


def test_a_sender_report_sets_the_layers_clock() -> None:
    _, leg, track, _ = simulcast()
    leg.receive_rtcp(rtcp.write_sender_report(SenderReport(700, 5 << 32, 7, 0, 0)), 2.0)
    assert track.layers[0].clock.at(2.0) == (5 << 32, 7)


def test_goodbye_makes_a_layer_stale() -> None:
    _, leg, track, _ = simulcast()
    leg.receive_rtcp(rtcp.write(rtcp.GOODBYE, 2, pack("!II", 700, 1)), 1.1)
    assert track.layers[0].last_packet == 0.0


def test_a_new_ssrc_replaces_the_layer() -> None:
    _, leg, track, old = simulcast()
    before = track.layers[0]
    leg.receive_rtp(old.repair(100), 1.0)
    leg.receive_rtp(Layer("h", 800, sequence=9).frame(key=True)[0], 1.1)
    assert [layer.ssrc for layer in track.layers] == [800]
    assert track.layers[0] is not before
    assert (set(leg._media), set(leg._repairs)) == ({800}, set())


def test_a_sequence_that_starts_anew_is_a_new_layer() -> None:
    _, leg, track, layer = simulcast()
    before = track.layers[0]
    layer.sequence += 20000
    first, second = layer.frame(key=True)
    leg.receive_rtp(first, 1.1)
    assert track.layers[0] is before
    leg.receive_rtp(second, 1.1)
    assert track.layers[0] is not before


def test_one_stray_packet_changes_nothing() -> None:
    sink, leg, track, layer = simulcast()
    leg.receive_rtp(Layer("h", 700, sequence=30000).frame()[0], 1.1)
    for data in layer.frame():
        leg.receive_rtp(data, 1.1)
    assert track.layers[0].reception.highest == 103
    assert sink.items(feedback.TRANSPORT, feedback.NACK) == []


def test_key_frames_are_asked_for_until_they_come() -> None:
    sink, leg, track, layer = simulcast()
    track.layers[0].request_key_frame(2.0)
    for tick in range(1, 30):
        leg.receive_rtp(layer.frame()[0], 2.0 + tick * 0.05)
        leg.tick(2.0 + tick * 0.05)
    assert len(sink.items(feedback.PAYLOAD, feedback.PLI)) == 3
    leg.receive_rtp(layer.frame(key=True)[0], 4.0)
    sink.rtcp.clear()
    leg.tick(5.0)
    assert sink.items(feedback.PAYLOAD, feedback.PLI) == []


def test_audio_levels_are_metered() -> None:
    _, leg, (audio,) = legs(AUDIO)
    for n in range(5):
        level = {extensions.AUDIO_LEVEL: b"\x0a"}
        leg.receive_rtp(streams_of.packet(sequence=n, timestamp=n * 960, elements=level), 1.0)
    assert audio.meter.take()[0] > 0.07


def test_a_removed_track_is_forgotten() -> None:
    _, leg, track, layer = simulcast()
    leg.remove(track)
    leg.receive_rtp(layer.frame()[0], 1.1)
    assert leg.unbound == 1
    assert (leg._media, leg._repairs, track.layers) == ({}, {}, [])


def test_a_second_track_in_a_section_replaces_the_first() -> None:
    _, leg, first, layer = simulcast()
    second = leg.add(SIMULCAST)
    leg.remove(first)
    leg.receive_rtp(layer.frame(key=True)[0], 1.1)
    assert (len(first.layers), len(second.layers)) == (0, 1)


def test_a_flood_of_ssrcs_leaves_nothing_behind() -> None:
    _, leg, (track,) = legs(SIMULCAST)
    for ssrc in range(1, 2000):
        leg.receive_rtp(Layer("h", ssrc).frame(key=True)[0], 1.0)
        leg.receive_rtp(streams_of.packet(payload_type=50, ssrc=ssrc + 5000), 1.0)
    assert (len(leg._media), len(track.layers)) == (1, 1)


def test_it_describes_itself() -> None:
    _, leg, _, _ = simulcast()
    tracks = leg.dump()["tracks"]
    assert isinstance(tracks, list)
    assert tracks[0]["layers"][0]["rid"] == "h"


RTP_LIKE = st.builds(
    streams_of.packet,
    st.binary(max_size=12),
    payload_type=st.sampled_from([streams_of.VP8, streams_of.VP8_RTX, streams_of.OPUS, 0]),
    sequence=st.integers(0, 0xFFFF),
    timestamp=st.integers(0, 0xFFFFFFFF),
    ssrc=st.sampled_from([500, 600, 601, 700, 701]),
    padding=st.integers(0, 3),
    elements=st.dictionaries(st.sampled_from(sorted(IDS)), st.binary(min_size=1, max_size=4) | st.just(b"2")),
)


@given(st.lists(st.tuples(st.binary(max_size=60) | RTP_LIKE, st.booleans()), max_size=30))
def test_any_bytes_are_taken(packets: list[tuple[bytes, bool]]) -> None:
    _, leg, _ = legs(AUDIO, VIDEO, SIMULCAST)
    for n, (data, control) in enumerate(packets):
        now = n * 0.3
        leg.receive_rtp(data, now)
        if control:
            leg.receive_rtcp(data, now)
            leg.receive_rtcp(rtcp.write(200 + n % 4, n % 32, data), now)
        leg.tick(now)
    assert len(leg._media) <= 5

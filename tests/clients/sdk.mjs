/** A participant in a process of its own with LiveKit's SDK for Node; reads orders as lines of JSON, answers each. */

import { createInterface } from "node:readline";
import * as livekit from "@livekit/rtc-node";

const RATE_HZ = 48_000;
const FRAME = 480;
const [WIDTH, HEIGHT] = [640, 360];
const SOURCES = { 1: "camera", 2: "microphone", 3: "screen_share" };

const room = new livekit.Room();
const texts = [];
const heard = {};
const seen = {};
let stopped = false;

const key = (publication, who) => `${who.identity}/${SOURCES[publication.source]}`;

room.on("trackSubscribed", (track, publication, who) => {
  const take = track.kind === livekit.TrackKind.KIND_AUDIO ? listen : watch;
  void take(track, key(publication, who));
});
room.on("dataReceived", (payload) => texts.push(new TextDecoder().decode(payload)));

async function listen(track, name) {
  for await (const { data } of new livekit.AudioStream(track, RATE_HZ, 1)) {
    heard[name] = { level: Math.max(...data) / 32_768, hz: pitch(data) };
  }
}

/** Counts how often the wave comes up through zero. */
function pitch(samples) {
  const ups = [];
  for (let at = 1; at < samples.length; at += 1) if (samples[at - 1] < 0 && samples[at] >= 0) ups.push(at);
  if (ups.length < 3) return 0;
  return (RATE_HZ * (ups.length - 1)) / (ups.at(-1) - ups[0]);
}

async function watch(track, name) {
  let frames = 0;
  for await (const { frame } of new livekit.VideoStream(track)) {
    const picture = frame.convert(livekit.VideoBufferType.RGBA);
    frames += 1;
    const middle = 4 * ((frame.height >> 1) * frame.width + (frame.width >> 1));
    seen[name] = { red: picture.data[middle], width: frame.width, frames };
  }
}

async function tone(sound) {
  for (let sent = 0; !stopped; sent += FRAME) {
    const wave = Int16Array.from({ length: FRAME }, (_, at) => 12_000 * Math.sin((2 * Math.PI * 880 * (sent + at)) / RATE_HZ));
    await sound.captureFrame(new livekit.AudioFrame(wave, RATE_HZ, 1, FRAME));
  }
}

function picture(camera) {
  const pixels = new Uint8Array(WIDTH * HEIGHT * 4);
  let shown = 0;
  return setInterval(() => {
    for (let at = 0; at < pixels.length; at += 4) {
      pixels[at] = 60;
      pixels[at + 1] = (at / 4 + shown) % 80 === 0 ? 255 : 0;
      pixels[at + 3] = 255;
    }
    shown += 8;
    camera.captureFrame(new livekit.VideoFrame(pixels, WIDTH, HEIGHT, livekit.VideoBufferType.RGBA));
  }, 1000 / 15);
}

const publish = (track, source) =>
  room.localParticipant.publishTrack(track, new livekit.TrackPublishOptions({ source }));

const orders = {
  join: ({ address, ticket }) => room.connect(address, ticket, { autoSubscribe: true, dynacast: true }),
  async publish() {
    const [sound, camera] = [new livekit.AudioSource(RATE_HZ, 1), new livekit.VideoSource(WIDTH, HEIGHT)];
    void tone(sound);
    picture(camera);
    await publish(livekit.LocalAudioTrack.createAudioTrack("mic", sound), livekit.TrackSource.SOURCE_MICROPHONE);
    await publish(livekit.LocalVideoTrack.createVideoTrack("cam", camera), livekit.TrackSource.SOURCE_CAMERA);
  },
  send: ({ text }) => room.localParticipant.publishData(new TextEncoder().encode(text), { reliable: true }),
  look() {
    const muted = [];
    for (const who of room.remoteParticipants.values())
      for (const publication of who.trackPublications.values()) if (publication.muted) muted.push(key(publication, who));
    return { sid: room.localParticipant.sid, texts, muted, heard, seen };
  },
  async leave() {
    stopped = true;
    await room.disconnect();
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...given } = JSON.parse(line);
  let answer;
  try {
    answer = { result: (await orders[name](given)) ?? null };
  } catch (error) {
    answer = { failed: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);

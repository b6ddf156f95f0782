/** Counts the bytes of sound and picture that this browser has sent and received since it entered. */

/** @typedef {import("livekit-client").Track} Track */
/** @typedef {{sent: number, received: number}} Bytes */

const EVERY_MS = 5000;
/** @type {Record<string, keyof Bytes>} */
const DIRECTIONS = { "outbound-rtp": "sent", "inbound-rtp": "received" };

/** Adds up what the streams have grown by, since streams come and go. Says `change` after each look. */
export class Traffic extends EventTarget {
  /** @type {Bytes} */
  total = { sent: 0, received: 0 };
  /** @type {Map<string, number>} bytes of each stream at the last look */
  #seen = new Map();

  /** @param {import("livekit-client").Room} room */
  constructor(room) {
    super();
    this.room = room;
    setInterval(() => void this.look(), EVERY_MS);
  }

  /** Count what has come since the last look. */
  async look() {
    const { localParticipant, remoteParticipants } = this.room;
    const publications = [localParticipant, ...remoteParticipants.values()].flatMap(({ trackPublications }) => [...trackPublications.values()]);
    const tracks = /** @type {(import("livekit-client").LocalTrack | import("livekit-client").RemoteTrack)[]} */ (publications.flatMap(({ track }) => track ?? []));
    const reports = await Promise.all(tracks.map((track) => track.getRTCStatsReport().catch(() => undefined)));
    for (const report of reports) for (const entry of report?.values() ?? []) this.count(entry);
    this.dispatchEvent(new Event("change"));
  }

  /**
   * Count one entry of getStats.
   * @param {any} entry
   */
  count(entry) {
    const direction = DIRECTIONS[entry.type];
    if (!direction) return;
    const bytes = (entry.bytesSent ?? entry.bytesReceived ?? 0) + (entry.headerBytesSent ?? entry.headerBytesReceived ?? 0);
    const key = `${entry.type} ${entry.ssrc}`;
    const before = this.#seen.get(key) ?? 0;
    // Less than before: the stream began anew after a reconnection.
    this.total[direction] += bytes >= before ? bytes - before : bytes;
    this.#seen.set(key, bytes);
  }
}

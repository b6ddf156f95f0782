/** A participant in a page of its own: what `browser.py` can ask of livekit-client, whichever version was loaded. */

({
  room: null,
  livekit: null,
  texts: [],
  taken: new Map(),
  heard: new Map(),
  seen: new Map(),

  async join({ module, address, ticket, single, relay }) {
    this.livekit = await import(module);
    this.room = new this.livekit.Room({ dynacast: true, singlePeerConnection: single });
    this.room.on("dataReceived", (payload) => this.texts.push(new TextDecoder().decode(payload)));
    await this.room.connect(address, ticket, relay ? { rtcConfig: { iceTransportPolicy: "relay" } } : {});
  },

  /** Send sound and picture of the browser's own devices, or a tone instead of the sound; a busy machine costs frames. */
  async publish({ hz }) {
    const { localParticipant } = this.room;
    if (hz) await localParticipant.publishTrack(this.tone(hz), { name: "mic", source: "microphone" });
    else await localParticipant.setMicrophoneEnabled(true, { echoCancellation: false, autoGainControl: false }, { name: "mic" });
    const { resolution } = this.livekit.VideoPresets.h720;
    await localParticipant.setCameraEnabled(true, { resolution }, { name: "cam", degradationPreference: "maintain-resolution" });
  },

  tone(hz) {
    const context = new AudioContext();
    const oscillator = new OscillatorNode(context, { frequency: hz });
    const end = new MediaStreamAudioDestinationNode(context);
    oscillator.connect(end);
    oscillator.start();
    return end.stream.getAudioTracks()[0];
  },

  async share() {
    await this.room.localParticipant.setScreenShareEnabled(true, {}, { name: "screen" });
  },

  async mute({ on }) {
    await this.room.localParticipant.setMicrophoneEnabled(!on);
  },

  async send({ text }) {
    await this.room.localParticipant.publishData(new TextEncoder().encode(text), { reliable: true });
  },

  watch({ quality }) {
    for (const who of this.room.remoteParticipants.values())
      for (const publication of who.trackPublications.values())
        if (publication.kind === "video") publication.setVideoQuality(quality);
  },

  /** Take the tracks that are there and drop those that are gone; events are lost after a full reconnect. */
  follow() {
    const there = new Map();
    for (const who of this.room.remoteParticipants.values())
      for (const publication of who.trackPublications.values())
        if (publication.track) there.set(this.key(publication, who), publication.track);
    for (const [key, track] of this.taken) if (there.get(key) !== track) this.drop(key);
    for (const [key, track] of there) if (!this.taken.has(key)) this.take(key, track);
  },

  async look() {
    this.follow();
    const muted = [];
    for (const who of this.room.remoteParticipants.values())
      for (const publication of who.trackPublications.values())
        if (publication.isMuted) muted.push(this.key(publication, who));
    return {
      sid: this.room.localParticipant.sid,
      texts: this.texts,
      muted,
      heard: Object.fromEntries(await Promise.all([...this.heard].map(async ([key, listen]) => [key, await listen()]))),
      seen: Object.fromEntries([...this.seen].map(([key, watch]) => [key, watch()])),
    };
  },

  /** How each connection reaches the server now, and by which protocol; Firefox marks the pair, Chromium names it. */
  async routes() {
    const { publisher, subscriber } = this.room.engine.pcManager;
    const found = [];
    for (const connection of [publisher, subscriber]) {
      const stats = connection ? await connection.getStats() : new Map();
      const named = [...stats.values()].map(({ selectedCandidatePairId }) => selectedCandidatePairId);
      for (const { id, selected, localCandidateId, remoteCandidateId } of stats.values()) {
        if (!selected && !named.includes(id)) continue;
        const { candidateType, protocol, relayProtocol } = stats.get(localCandidateId);
        const { address } = stats.get(remoteCandidateId);
        found.push({ type: candidateType, protocol: relayProtocol ?? protocol, address });
      }
    }
    return found;
  },

  async leave() {
    await this.room.disconnect();
  },

  key(publication, who) {
    return `${who.identity}/${publication.source}`;
  },

  drop(key) {
    for (const kept of [this.taken, this.heard, this.seen]) kept.delete(key);
  },

  take(key, track) {
    const element = track.attach();
    document.body.append(element);
    this.taken.set(key, track);
    if (track.kind === "audio") this.heard.set(key, ear(track));
    else this.seen.set(key, eye(Object.assign(element, { muted: true })));

    /**
     * Gives how loud it is; the strongest frequency, or 0 where no sound card lets the page look closer; the samples
     * so far, and those that had to be made up.
     */
    function ear({ mediaStreamTrack, receiver }) {
      const context = new AudioContext();
      const analyser = new AnalyserNode(context, { fftSize: 8192 });
      context.createMediaStreamSource(new MediaStream([mediaStreamTrack])).connect(analyser);
      const levels = new Uint8Array(analyser.frequencyBinCount);
      return async () => {
        analyser.getByteFrequencyData(levels);
        const strongest = levels.reduce((best, level, index) => (level > levels[best] ? index : best), 0);
        const reports = [...(await receiver.getStats()).values()];
        const found = reports.find(({ type }) => type === "inbound-rtp") ?? {};
        const { audioLevel = 0, totalSamplesReceived = 0, concealedSamples = 0, silentConcealedSamples = 0 } = found;
        return {
          level: audioLevel,
          hz: (strongest * context.sampleRate) / analyser.fftSize,
          samples: totalSamplesReceived,
          made_up: concealedSamples - silentConcealedSamples,
        };
      };
    }

    /** Gives how much red is in the middle of the picture, its width, and how many frames were shown. */
    function eye(video) {
      void video.play();
      let frames = 0;
      const count = () => {
        frames += 1;
        video.requestVideoFrameCallback(count);
      };
      video.requestVideoFrameCallback(count);
      const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
      return () => {
        const { videoWidth: width, videoHeight: height } = video;
        if (!width) return { red: -1, width, frames };
        pen.drawImage(video, width / 2, 0, 1, height, 0, 0, 1, 1);
        return { red: pen.getImageData(0, 0, 1, 1).data[0], width, frames };
      };
    }
  },
})

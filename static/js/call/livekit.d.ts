/** Gives the vendored media client the types of its npm package. */

export * from "livekit-client";

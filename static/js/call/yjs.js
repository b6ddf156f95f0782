/** The parts of Yjs that Visio uses; the library comes from npm (`manage.py vendor`). */

export { Doc, applyUpdate, encodeStateAsUpdate, encodeStateVector, mergeUpdates } from "../../vendor/yjs/yjs.mjs";

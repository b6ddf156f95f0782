/** Types for `yjs.js`, whose source is the file in `static/vendor/`. */

export { Doc, applyUpdate, encodeStateAsUpdate, encodeStateVector, mergeUpdates } from "yjs";

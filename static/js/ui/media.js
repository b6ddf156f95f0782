/** Everything about picture and sound that the room's page offers, in one call. */

import { MediaEffects } from "../call/media_effects.js";
import { markPage } from "../call/sharing.js";
import { resumeAtOnce, watchSleep } from "../call/wake.js";
import { MediaNotices } from "./media_notices.js";
import { enableMediaSettings } from "./settings_media.js";
import { enableTrafficMeter } from "./traffic_meter.js";

/**
 * @param {HTMLElement} root of the page
 * @param {import("../call/preview.js").Preview} preview
 * @param {import("../call/call.js").Call} call
 * @param {import("../call/live.js").Live} live
 */
export function enableMedia(root, preview, call, live) {
  new MediaEffects(preview, call);
  new MediaNotices(root, call);
  enableMediaSettings(root);
  enableTrafficMeter(root, call.room);
  markPage();
  watchSleep(() => void resumeAtOnce(call, live));
}

/** The last page of the small window in which somebody proved their identity: tells the meeting's page, and closes. */

import { find } from "../ui/find.js";
import { CHANNEL } from "../ui/step_up.js";

const { steppedUp, words } = find(document, "[data-stepped-up]", HTMLElement).dataset;
const channel = new BroadcastChannel(CHANNEL);
channel.postMessage({ words });
channel.close();
if (steppedUp === "confirmed") window.close();

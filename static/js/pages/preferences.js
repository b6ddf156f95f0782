/** The page of preferences. */

import { Chimes } from "../call/chimes.js";
import { find } from "../ui/find.js";
import { enableChimes, enableFields, preferencesOf } from "../ui/preference_fields.js";
import { KeyboardSettings } from "../ui/settings_keyboard.js";

const root = find(document, "[data-preferences-page]", HTMLElement);
const preferences = preferencesOf(root);

enableFields(root, preferences);
enableChimes(root, preferences, new Chimes());
new KeyboardSettings(root, preferences);
find(root, "[data-preferences-reset]", HTMLElement).addEventListener("click", () => preferences.reset());

/**
 * What happens without a click: the choice, the permission that it needs, and private windows.
 */

import { byId, text } from "../shared/pages.js";
import { clean, readSettings, writeSettings } from "../shared/settings.js";
import { EVERYWHERE, giveBack, holds, request } from "./permissions.js";

const form = byId("automatic", HTMLFormElement);
const state = byId("automatic-state", HTMLElement);
const missing = byId("automatic-allow", HTMLElement);
const inPrivate = byId("in-private", HTMLInputElement);

form.addEventListener("change", ({ target }) => {
  if (target === inPrivate) {
    void writeSettings({ inPrivate: inPrivate.checked });
  } else if (target instanceof HTMLInputElement) {
    void choose(target.value, target.value === "off" ? Promise.resolve(true) : request(EVERYWHERE));
  }
});
form.addEventListener("submit", (event) => event.preventDefault());
byId("allow-all", HTMLButtonElement).addEventListener("click", () => {
  void request(EVERYWHERE).then(showAutomatic);
});

/** Shows what is chosen, whether the browser allows it, and whether this build has what it takes. */
export async function showAutomatic() {
  const settings = await readSettings();
  const isPackaged = (await chrome.runtime.sendMessage({ type: "automatic" })) !== false;
  byId("automatic-choices", HTMLFieldSetElement).disabled = !isPackaged;
  byId("automatic-unpackaged", HTMLElement).hidden = isPackaged;
  for (const radio of form.querySelectorAll("input[type=radio]")) {
    if (radio instanceof HTMLInputElement) {
      radio.checked = radio.value === settings.automatic;
    }
  }
  missing.hidden = settings.automatic === "off" || (await holds(EVERYWHERE));
  inPrivate.checked = settings.inPrivate;
  byId("private-hint", HTMLElement).textContent = (await chrome.extension.isAllowedIncognitoAccess())
    ? text("options_private_allowed")
    : text("options_private_blocked");
}

/**
 * @param {string} value
 * @param {Promise<boolean>} permission already asked for, in the click's own turn
 */
async function choose(value, permission) {
  state.textContent = "";
  if (await permission) {
    const { automatic } = clean({ automatic: value });
    await writeSettings({ automatic });
    if (automatic === "off") {
      await giveBack(EVERYWHERE);
    }
  } else {
    state.textContent = text("options_automatic_refused");
  }
  await showAutomatic();
}

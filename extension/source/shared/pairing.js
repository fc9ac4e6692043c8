/**
 * The form that pairs this browser with the daemon, on whichever page it stands.
 */

import { deleteKey, importKey, writeKey } from "./keys.js";

/** @typedef {import("../../types/notime.js").PairingState} PairingState */
/** @typedef {PairingState | "checking" | "not_a_key"} Answer */

/**
 * @param {"check" | "pair" | "unpair"} type
 * @returns {Promise<PairingState>}
 */
export async function askPairing(type) {
  return (await chrome.runtime.sendMessage({ type })) ?? "failed";
}

/**
 * @param {HTMLFormElement} form with the field `key`
 * @param {HTMLButtonElement} test its button, disabled while the daemon is asked
 * @param {(answer: Answer) => void} tell
 */
export function wirePairing(form, test, tell) {
  const field = form.elements.namedItem("key");
  if (!(field instanceof HTMLInputElement)) {
    throw new TypeError("the form has no field for the key");
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void pair(field, test, tell);
  });
}

/**
 * @param {HTMLInputElement} field
 * @param {HTMLButtonElement} test
 * @param {(answer: Answer) => void} tell
 */
async function pair(field, test, tell) {
  test.disabled = true;
  tell("checking");
  try {
    const candidate = await importKey(field.value);
    if (!candidate) {
      tell("not_a_key");
      field.focus();
      return;
    }
    await writeKey("candidate", candidate);
    const answer = await askPairing("pair");
    if (answer === "paired") {
      field.value = "";
    }
    tell(answer);
  } finally {
    test.disabled = false;
    await deleteKey("candidate");
  }
}

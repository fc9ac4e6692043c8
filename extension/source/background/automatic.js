/**
 * By itself, where the reader wants it: a small script is registered for the sites that it may look at, and for no other.
 */

import { patternsOf, readSettings } from "../shared/settings.js";

/** @typedef {import("../shared/settings.js").Settings} Settings */

const ID = "automatic";

/** The first is @mozilla/readability's, and comes with the packages; see scripts/build-extension. */
const FILES = ["vendor/readerable.js", "content/automatic.js"];

// Not "*://*/*": Chromium, told to give that back, takes 127.0.0.1 along.
const EVERYWHERE = "https://*/*";

/** Brings what is registered in line with the settings and with what the browser grants. */
export async function syncAutomatic() {
  const wanted = (await isPackaged()) ? whereTo(await readSettings()) : { matches: [], excludeMatches: [] };
  const granted = await Promise.all(
    wanted.matches.map((match) => chrome.permissions.contains({ origins: [match] })),
  );
  const matches = wanted.matches.filter((_, index) => granted[index]);
  const registered = await chrome.scripting.getRegisteredContentScripts({ ids: [ID] });
  if (registered.length > 0) {
    await chrome.scripting.unregisterContentScripts({ ids: [ID] });
  }
  if (matches.length > 0) {
    await chrome.scripting.registerContentScripts([
      { id: ID, js: FILES, matches, excludeMatches: wanted.excludeMatches, runAt: "document_idle" },
    ]);
  }
}

/**
 * @param {Pick<Settings, "automatic" | "sites">} settings
 * @returns {{matches: string[], excludeMatches: string[]}}
 */
export function whereTo({ automatic, sites }) {
  /** @param {(rule: string) => boolean} chosen */
  const patterns = (chosen) =>
    Object.entries(sites)
      .filter(([, rule]) => chosen(rule))
      .flatMap(([site]) => patternsOf(site));
  const matches = [...(automatic === "off" ? [] : [EVERYWHERE]), ...patterns((rule) => rule === "on")];
  return { matches, excludeMatches: patterns((rule) => rule !== "on") };
}

/** @returns {Promise<boolean>} whether this build has what it takes */
export async function isPackaged() {
  try {
    // Firefox says 200 of a file that is not there, and fails where it is read.
    await Promise.all(FILES.map(async (file) => (await fetch(chrome.runtime.getURL(file))).text()));
    return true;
  } catch {
    return false;
  }
}

/**
 * What the reader chose, in storage.local. The pairing key is not among it (keys.js).
 */

/** @typedef {"headline" | "brief" | "full"} Length */
/** @typedef {"page" | "light" | "dark"} Theme  `page`: as the article's own page is */
/** @typedef {{port: number, length: Length, theme: Theme}} Settings */

/** @type {Readonly<Settings>} */
export const DEFAULTS = Object.freeze({ port: 8717, length: "brief", theme: "page" });

/** @type {readonly Length[]} */
export const LENGTHS = ["headline", "brief", "full"];

/** @type {readonly Theme[]} */
export const THEMES = ["page", "light", "dark"];

/** @returns {Promise<Settings>} */
export async function readSettings() {
  return clean(await chrome.storage.local.get(Object.keys(DEFAULTS)));
}

/** @param {Partial<Settings>} changes */
export async function writeSettings(changes) {
  await chrome.storage.local.set(changes);
}

/**
 * @param {Record<string, unknown>} stored
 * @returns {Settings} each value that makes no sense replaced by its default
 */
export function clean(stored) {
  return {
    port: isPort(stored.port) ? stored.port : DEFAULTS.port,
    length: LENGTHS.find((length) => length === stored.length) ?? DEFAULTS.length,
    theme: THEMES.find((theme) => theme === stored.theme) ?? DEFAULTS.theme,
  };
}

/**
 * @param {unknown} value
 * @returns {value is number}
 */
export function isPort(value) {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value < 65536;
}

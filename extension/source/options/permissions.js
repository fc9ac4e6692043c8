/**
 * The sites that the browser lets notime read without being asked. What is asked for here is given back here.
 */

import { isFirefox } from "../shared/pages.js";

/**
 * Every site that is encrypted. Not `*://`, which has 127.0.0.1 in it: Chromium, told to give that back, takes the
 * daemon's own permission along, and asks the reader before it returns it (seen in Chromium 156).
 */
export const EVERYWHERE = ["https://*/*"];

/**
 * To be called in the turn of the reader's click, before anything is awaited.
 *
 * @param {string[]} origins
 * @returns {Promise<boolean>} whether the reader allows it
 */
export async function request(origins) {
  try {
    return await chrome.permissions.request({ origins });
  } catch {
    return false;
  }
}

/**
 * @param {string[]} origins
 * @returns {Promise<boolean>}
 */
export async function holds(origins) {
  return chrome.permissions.contains({ origins });
}

/** @param {string[]} origins those of them that were asked for by themselves */
export async function giveBack(origins) {
  const { origins: held = [] } = await chrome.permissions.getAll();
  await remove(held.filter((origin) => origins.includes(origin)));
}

/** Gives back all but what the extension cannot be without. */
export async function giveBackAll() {
  const { origins: held = [] } = await chrome.permissions.getAll();
  const needed = chrome.runtime.getManifest().host_permissions ?? [];
  await remove(held.filter((origin) => !needed.includes(origin)));
}

/** @param {string[]} origins */
async function remove(origins) {
  const free = isFirefox ? origins : origins.filter((origin) => !takesDaemonAlong(origin));
  if (free.length > 0) {
    await chrome.permissions.remove({ origins: free });
  }
}

/**
 * @param {string} origin
 * @returns {boolean} whether Chromium would take the daemon's permission along; it comes there by its own settings alone
 */
function takesDaemonAlong(origin) {
  return origin === "<all_urls>" || /^(\*|http):\/\/(\*|127\.0\.0\.1)\//.test(origin);
}

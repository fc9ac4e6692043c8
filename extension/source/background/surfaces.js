/**
 * Where else than in the page the panel can be: beside it, for those who prefer that, and in the toolbar button's popup,
 * where a page cannot be written into.
 */

import { readSettings } from "../shared/settings.js";

/** @typedef {"never" | "unwritable"} Why */

/** Whether the reader prefers the side panel; known before the first click, since that may not wait. */
let beside = false;

void readSettings().then(({ surface }) => {
  beside = surface === "side";
});
chrome.storage.local.onChanged.addListener(({ surface }) => {
  if (surface) {
    beside = surface.newValue === "side";
  }
});

/**
 * @param {chrome.tabs.Tab} tab
 * @returns {boolean} false where it is not wanted, or not to be had in this browser
 */
export function openBeside({ windowId }) {
  if (!beside) {
    return false;
  }
  // Each browser has one of the two.
  const { sidePanel, sidebarAction } = /** @type {any} */ (chrome);
  const opening = sidePanel ? sidePanel.open({ windowId }) : sidebarAction?.open();
  // Where it is open already, it looks at the tab anew, which the click has allowed it to read.
  opening?.then(() => chrome.runtime.sendMessage({ type: "look" })).catch(() => {});
  return opening !== undefined;
}

/**
 * Opens the popup; where the browser does not open one by itself, the next click does.
 *
 * @param {chrome.tabs.Tab} tab
 * @param {Why} why
 */
export async function openInstead({ id: tabId, windowId }, why) {
  if (tabId === undefined) {
    return;
  }
  await chrome.action.setPopup({ tabId, popup: `panel/panel.html?in=popup&why=${why}` });
  await chrome.action.openPopup({ windowId }).catch(() => chrome.action.setBadgeText({ tabId, text: "–" }));
}

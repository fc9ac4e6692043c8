/**
 * The background: listens, and hands on. It may be ended at any time, so it keeps nothing that it cannot make anew,
 * and every listener is registered at once.
 */

import { readSettings } from "../shared/settings.js";
import { check, pair, unpair } from "./connection.js";
import { openPanel } from "./inject.js";
import { isOwnTab, relay } from "./relay.js";

/** @type {Record<string, () => Promise<unknown>>} what the extension's own pages may ask for */
const PAGE_MESSAGES = { check, pair, unpair };

chrome.runtime.onInstalled.addListener(({ reason }) => {
  chrome.contextMenus.create({
    id: "page",
    title: chrome.i18n.getMessage("menu_page"),
    contexts: ["page"],
    documentUrlPatterns: ["http://*/*", "https://*/*", "file:///*"],
  });
  chrome.contextMenus.create({
    id: "selection",
    title: chrome.i18n.getMessage("menu_selection"),
    contexts: ["selection"],
  });
  if (reason === "install") {
    void chrome.runtime.openOptionsPage();
  }
});

chrome.action.onClicked.addListener((tab) => void open(tab));

chrome.contextMenus.onClicked.addListener((info, tab) => {
  void open(tab, info.menuItemId === "selection" ? info.selectionText : undefined);
});

chrome.runtime.onConnect.addListener((port) => {
  if (port.name === "summary") {
    relay(port);
  }
});

chrome.runtime.onMessage.addListener((message, sender, respond) => {
  const type = typeof message === "object" && message !== null ? message.type : undefined;
  if (type === "options" && isOwnTab(sender)) {
    void chrome.runtime.openOptionsPage();
  } else if (typeof type === "string" && Object.hasOwn(PAGE_MESSAGES, type) && isOwnPage(sender)) {
    PAGE_MESSAGES[type]?.().then(respond, () => respond("internal"));
    return true;
  }
  return false;
});

/**
 * @param {chrome.tabs.Tab | undefined} tab
 * @param {string} [selection]
 */
async function open(tab, selection) {
  if (tab?.id === undefined) {
    return;
  }
  const { length, theme } = await readSettings();
  const badge = { tabId: tab.id };
  try {
    await openPanel(tab.id, { length, theme, ...(selection ? { selection } : {}) });
    await chrome.action.setBadgeText({ ...badge, text: "" });
    await chrome.action.setTitle({ ...badge, title: "" });
  } catch {
    await chrome.action.setBadgeText({ ...badge, text: "–" });
    await chrome.action.setTitle({ ...badge, title: chrome.i18n.getMessage("cannot_write") });
  }
}

/** @param {chrome.runtime.MessageSender} sender */
function isOwnPage(sender) {
  return sender.id === chrome.runtime.id && sender.url?.startsWith(chrome.runtime.getURL("")) === true;
}

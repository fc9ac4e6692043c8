/**
 * The background: listens, and hands on. It may be ended at any time, so it keeps nothing that it cannot make anew,
 * and every listener is registered at once.
 */

import { readSettings, siteOf, writeSettings } from "../shared/settings.js";
import { isPackaged, syncAutomatic } from "./automatic.js";
import { check, pair, unpair } from "./connection.js";
import { health } from "./daemon.js";
import { addSummaryScripts, openPanel } from "./inject.js";
import { LIBRARY } from "./library.js";
import { grantLink } from "./links.js";
import { createMenus } from "./menus.js";
import { isOwnPage, isOwnTab, prepare, relay } from "./relay.js";
import { openBeside, openInstead } from "./surfaces.js";

/** @typedef {import("../../types/notime.js").OpenRequest} OpenRequest */
/** @typedef {chrome.runtime.MessageSender} Sender */

/** @type {Record<string, (message: any) => Promise<unknown>>} what the extension's own pages may ask for */
const PAGE_MESSAGES = { check, pair, unpair, automatic: isPackaged, ...LIBRARY };

/** @type {Record<string, (message: any, sender: Sender) => unknown>} what a panel may ask for */
const PANEL_MESSAGES = {
  options: () => chrome.runtime.openOptionsPage(),
  open_history: () => chrome.tabs.create({ url: chrome.runtime.getURL("history/history.html") }),
  more: (_message, { tab }) => addSummaryScripts(tab?.id ?? -1),
  prepare: ({ request }, sender) => prepare(request, sender),
  article: ({ minutes }, { tab }) => byItself(tab, Number(minutes) || 0),
  running: async () => (await health((await readSettings()).port)) === "running",
  with_link: ({ on }) => writeSettings({ withLink: on === true }),
  not_here: (_message, { tab }) => notHere(tab),
};

chrome.runtime.onInstalled.addListener(({ reason }) => {
  void createMenus();
  void syncAutomatic();
  if (reason === "install") {
    void chrome.tabs.create({ url: chrome.runtime.getURL("welcome/welcome.html") });
  }
});

chrome.runtime.onStartup.addListener(() => void syncAutomatic());
chrome.permissions.onAdded.addListener(() => void syncAutomatic());
chrome.permissions.onRemoved.addListener(() => void syncAutomatic());
chrome.storage.local.onChanged.addListener((changes) => {
  if ("automatic" in changes || "sites" in changes) {
    void syncAutomatic();
  }
  if ("language" in changes) {
    void createMenus();
  }
});

chrome.action.onClicked.addListener((tab) => {
  // A panel beside the page opens in the click itself, or not at all.
  if (!openBeside(tab)) {
    void open(tab);
  }
});

chrome.contextMenus.onClicked.addListener((info, tab) => {
  if (info.menuItemId === "link" && tab?.id !== undefined && info.linkUrl) {
    const link = info.linkUrl;
    void grantLink(tab.id, link).then(async (granted) => {
      if (granted) {
        await open(tab, { link });
      }
    });
  } else {
    const { selectionText: selection } = info;
    void open(tab, info.menuItemId === "selection" && selection ? { selection } : {});
  }
});

chrome.runtime.onConnect.addListener((port) => {
  if (port.name === "summary") {
    relay(port);
  }
});

chrome.runtime.onMessage.addListener((message, sender, respond) => {
  const type = typeof message === "object" && message !== null ? message.type : undefined;
  if (typeof type !== "string") {
    return false;
  }
  /** @type {unknown} */
  let work;
  if (Object.hasOwn(PANEL_MESSAGES, type) && (isOwnTab(sender) || isOwnPage(sender))) {
    work = PANEL_MESSAGES[type]?.(message, sender);
  } else if (Object.hasOwn(PAGE_MESSAGES, type) && isOwnPage(sender)) {
    work = PAGE_MESSAGES[type]?.(message);
  } else {
    return false;
  }
  Promise.resolve(work).then(respond, () => respond("internal"));
  return true;
});

/**
 * @param {chrome.tabs.Tab | undefined} tab
 * @param {Pick<OpenRequest, "selection" | "link">} [what] the page, where nothing is said
 */
async function open(tab, what = {}) {
  if (tab?.id === undefined) {
    return;
  }
  const settings = await readSettings();
  if (settings.sites[siteOf(tab.url ?? "")] === "never") {
    await openInstead(tab, "never");
    return;
  }
  try {
    await openPanel(tab.id, settings, { manner: "asked", ...what });
  } catch {
    await openInstead(tab, "unwritable");
  }
}

/**
 * An article was found in a tab where the reader wants the panel by itself.
 *
 * @param {chrome.tabs.Tab | undefined} tab
 * @param {number} minutes that reading it takes
 */
async function byItself(tab, minutes) {
  const settings = await readSettings();
  const manner = settings.automatic === "off" ? "offer" : settings.automatic;
  if (tab?.id !== undefined && (!tab.incognito || settings.inPrivate)) {
    await openPanel(tab.id, settings, { manner, minutes }).catch(() => {});
  }
}

/** @param {chrome.tabs.Tab | undefined} tab */
async function notHere(tab) {
  const { sites } = await readSettings();
  const site = siteOf(tab?.url ?? "");
  if (site) {
    await writeSettings({ sites: { ...sites, [site]: "off" } });
  }
}

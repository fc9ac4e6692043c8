/**
 * The page behind a link: opened in a tab behind the reader's, only from a site that the reader granted and only what was
 * asked for, read and closed. The browser opens it, since the extension's own policy lets it connect to the daemon alone.
 */

import { patternsOf, siteOf } from "../shared/settings.js";
import { DaemonError } from "./daemon.js";

/** Milliseconds; what is there by then is read. */
const PATIENCE = 20_000;

/** @param {number} tabId */
const keyOf = (tabId) => `link-${tabId}`;

/**
 * Asks for the link's site, in the reader's own click, and notes what the tab may now ask for.
 *
 * @param {number} tabId
 * @param {string} link
 * @returns {Promise<boolean>} whether it was granted
 */
export async function grantLink(tabId, link) {
  const site = siteOf(link);
  // Nothing may be awaited before this: the browsers take the request for the reader's only in the click itself.
  const granted = site !== "" && (await chrome.permissions.request({ origins: patternsOf(site) }));
  if (granted) {
    await chrome.storage.session.set({ [keyOf(tabId)]: link });
  }
  return granted;
}

/**
 * @param {string} link
 * @param {chrome.tabs.Tab | undefined} asking
 * @param {AbortSignal} signal
 * @returns {Promise<string>} the page
 * @throws {DaemonError} `forbidden` where nobody asked for it, `not_fetched` where it does not come
 */
export async function readLink(link, asking, signal) {
  const key = keyOf(asking?.id ?? -1);
  const noted = await chrome.storage.session.get(key);
  if (asking?.id === undefined || noted[key] !== link) {
    throw new DaemonError("forbidden");
  }
  const { id: openerTabId, windowId } = asking;
  const behind = await chrome.tabs.create({ url: link, active: false, openerTabId, windowId });
  const tabId = behind.id ?? -1;
  try {
    await loaded(tabId, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]));
    const [answer] = await chrome.scripting.executeScript({
      target: { tabId },
      func: () => document.documentElement.outerHTML,
    });
    if (answer?.result) {
      return answer.result;
    }
  } catch {
    // As with a page that is none.
  } finally {
    await chrome.tabs.remove(tabId).catch(() => {});
  }
  throw new DaemonError("not_fetched");
}

/**
 * @param {number} tabId
 * @param {AbortSignal} signal ends the wait
 * @returns {Promise<void>}
 */
async function loaded(tabId, signal) {
  await new Promise((resolve) => {
    const done = () => {
      chrome.tabs.onUpdated.removeListener(look);
      resolve(undefined);
    };
    /**
     * @param {number} id
     * @param {unknown} _change
     * @param {chrome.tabs.Tab} tab
     */
    const look = (id, _change, { status, url }) => {
      // Before the page there is an empty one, which is complete too.
      if (id === tabId && status === "complete" && url?.startsWith("http")) {
        done();
      }
    };
    chrome.tabs.onUpdated.addListener(look);
    signal.addEventListener("abort", done, { once: true });
    void chrome.tabs.get(tabId).then((tab) => look(tabId, null, tab), done);
  });
}

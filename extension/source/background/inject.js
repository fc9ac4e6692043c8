/**
 * Brings the panel into a tab, on the reader's word and only then.
 */

/** @typedef {import("../../types/notime.js").OpenRequest} OpenRequest */

/** In this order: each builds on those before it. */
export const PANEL_FILES = ["base", "problems", "state", "place", "source", "view", "reader"].map(
  (name) => `content/${name}.js`,
);

/**
 * Milliseconds, and how often. Chrome sometimes refuses for a moment after the click, before the grant has
 * reached the tab.
 */
const RETRY_PAUSE = 50;
const RETRIES = 4;

/**
 * @param {number} tabId
 * @param {Omit<OpenRequest, "styles">} wanted
 * @throws where the browser lets no extension write into the page
 */
export async function openPanel(tabId, wanted) {
  const [panel, source] = await Promise.all([read("content/panel.css"), read("content/source.css")]);
  const request = { ...wanted, styles: { panel, source } };
  if (!(await callPanel(tabId, request))) {
    await patiently(() => chrome.scripting.executeScript({ target: { tabId }, files: PANEL_FILES }));
    await callPanel(tabId, request);
  }
}

/**
 * @param {number} tabId
 * @param {OpenRequest} request
 * @returns {Promise<boolean>} false where the panel's scripts are not in the page yet
 */
async function callPanel(tabId, request) {
  const [answer] = await patiently(() =>
    chrome.scripting.executeScript({ target: { tabId }, func: openInPage, args: [request] }),
  );
  return answer?.result === true;
}

/**
 * Runs in the page's isolated world.
 *
 * @param {OpenRequest} request
 */
function openInPage(request) {
  if (!Object.hasOwn(globalThis, "notime") || !globalThis.notime.open) {
    return false;
  }
  globalThis.notime.open(request);
  return true;
}

/** @param {string} file of the extension */
async function read(file) {
  return (await fetch(chrome.runtime.getURL(file))).text();
}

/**
 * @template T
 * @param {() => Promise<T>} call
 * @returns {Promise<T>}
 */
async function patiently(call) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries > RETRIES) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE));
    }
  }
}

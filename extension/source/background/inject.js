/**
 * Brings the panel into a tab, on the reader's word and only then.
 */

import { readMessages } from "../shared/words.js";

/** @typedef {import("../../types/notime.js").OpenRequest} OpenRequest */
/** @typedef {import("../shared/settings.js").Settings} Settings */

/** What a click brings in, in this order: each builds on those before it. */
export const PANEL_FILES = ["base", "state", "place", "make", "view", "session", "reader"].map(
  (name) => `content/${name}.js`,
);

/** What is brought in when the article is read, or something is wrong, since nothing needs it before. */
export const SUMMARY_FILES = [
  ...["problems", "copy", "source", "pointer", "reasons", "points", "outline", "voice", "menu", "tools"],
  ...["remedy", "furnish"],
].map((name) => `content/${name}.js`);

/** The panel's, in this order: of two rules that are as specific the later one counts. */
const PANEL_STYLES = ["panel", "points", "tools", "modes"].map((name) => `content/${name}.css`);

/**
 * Milliseconds, and how often. Chrome sometimes refuses for a moment after the click, before the grant has
 * reached the tab.
 */
const RETRY_PAUSE = 50;
const RETRIES = 4;

/**
 * @param {number} tabId
 * @param {Settings} settings
 * @param {Pick<OpenRequest, "manner" | "minutes" | "selection" | "link">} wanted
 * @throws where the browser lets no extension write into the page
 */
export async function openPanel(tabId, settings, wanted) {
  const request = await openRequest(settings, wanted);
  if (!(await callPanel(tabId, request))) {
    await patiently(() => chrome.scripting.executeScript({ target: { tabId }, files: PANEL_FILES }));
    await callPanel(tabId, request);
  }
}

/**
 * @param {Settings} settings
 * @param {Pick<OpenRequest, "manner" | "minutes" | "selection" | "link">} wanted
 * @returns {Promise<OpenRequest>}
 */
export async function openRequest({ length, form, theme, language, command, withLink }, wanted) {
  const [panel, source, words] = await Promise.all([
    Promise.all(PANEL_STYLES.map(read)),
    read("content/source.css"),
    readMessages(language),
  ]);
  return {
    ...wanted,
    length,
    form,
    theme,
    command,
    withLink,
    words,
    styles: { panel: panel.join(""), source },
  };
}

/** A page that the browser shows by a program of its own, which covers whatever is put into it. */
class Covered extends Error {}

/** @param {number} tabId */
export async function addSummaryScripts(tabId) {
  await patiently(() => chrome.scripting.executeScript({ target: { tabId }, files: SUMMARY_FILES }));
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
  if (answer?.result === "covered") {
    throw new Covered();
  }
  return answer?.result === true;
}

/**
 * Runs in the page's isolated world.
 *
 * @param {OpenRequest} request
 */
function openInPage(request) {
  // Chromium's PDF viewer; Firefox lets no extension into its own.
  if (document.contentType === "application/pdf") {
    return "covered";
  }
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

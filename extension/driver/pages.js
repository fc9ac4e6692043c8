/**
 * The verbs for the extension's own pages: one is open at a time, and what a reader does there is done by real input.
 * They are mixed into Session.
 */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { auditPage } from "./panel.js";
import { LOOK } from "./wait.js";

/** @typedef {import("puppeteer-core").Page} Page */
/** @typedef {import("./session.js").Session} Session */

/** @type {WeakMap<Session, Page>} */
const pages = new WeakMap();

/**
 * @param {Session} session
 * @returns {Page}
 */
function pageOf(session) {
  const page = pages.get(session);
  if (!page) {
    throw new Error("no page of the extension is open");
  }
  return page;
}

const verbs = {
  /**
   * Opens a page of the extension in a tab of its own, instead of the one before.
   *
   * @param {Session} session
   * @param {{path: string, width?: number, height?: number}} what
   */
  async openPage(session, { path, width = 1100, height = 900 }) {
    await verbs.closePage(session);
    const page = await session.browser.newPage();
    pages.set(session, page);
    await page.setViewport({ width, height });
    await session.prepare(page);
    await session.openOwn(page, `${session.origin}/${path}`);
    await page.bringToFront();
    await page.waitForSelector("html[data-ready]");
  },

  /** @param {Session} session */
  async closePage(session) {
    await pages.get(session)?.close();
    pages.delete(session);
  },

  /**
   * @param {Session} session
   * @param {{selector: string}} what
   */
  async pageClick(session, { selector }) {
    const page = pageOf(session);
    // A page behind another one draws nothing, and what waits for its frames would wait for ever.
    await page.bringToFront();
    for (let isDone = false; !isDone;) {
      const element = await page.waitForSelector(selector, { visible: true });
      try {
        await element?.evaluate((each) => each.scrollIntoView({ block: "center", behavior: "instant" }));
        await element?.click();
        isDone = true;
      } catch (error) {
        // The page drew it anew in between: then the new one is meant.
        if (!String(error).includes("detached")) {
          throw error;
        }
      }
    }
  },

  /**
   * @param {Session} session
   * @param {{selector: string, text: string}} what takes the place of what stands there
   */
  async pageType(session, { selector, text }) {
    const page = pageOf(session);
    const field = await page.waitForSelector(selector, { visible: true });
    await field?.evaluate((each) => /** @type {HTMLInputElement} */ (each).select());
    await field?.press("Backspace");
    await field?.type(text);
  },

  /**
   * @param {Session} session
   * @param {{selector: string, value: string}} what
   */
  async pageSelect(session, { selector, value }) {
    const page = pageOf(session);
    await page.waitForSelector(selector, { visible: true });
    await page.select(selector, value);
  },

  /**
   * @param {Session} session
   * @param {{key: import("puppeteer-core").KeyInput}} which
   */
  async pageKey(session, { key }) {
    await pageOf(session).keyboard.press(key);
  },

  /**
   * @param {Session} session
   * @param {{script: string}} what an expression
   */
  async pageEvaluate(session, { script }) {
    return pageOf(session).evaluate(script);
  },

  /**
   * @param {Session} session
   * @param {{script: string, timeout: number}} what waits until the expression is true; returns it
   */
  async pageWait(session, { script, timeout }) {
    const found = await pageOf(session).waitForFunction(script, { timeout, polling: LOOK });
    return found.jsonValue();
  },

  /**
   * @param {Session} session
   * @returns {Promise<string[]>} what is not accessible
   */
  async pageAudit(session) {
    const page = pageOf(session);
    await page.evaluate(
      await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"),
    );
    return page.evaluate(auditPage);
  },

  /**
   * Answers the browser's question whether the extension may read these sites, before it is asked. Chromium's question
   * cannot be reached; Firefox is told by a preference not to ask.
   *
   * @param {Session} session
   * @param {{pattern: string}} which
   */
  async grant(session, { pattern }) {
    if (!session.origin.startsWith("chrome-extension:")) {
      return;
    }
    const page = await session.browser.newPage();
    try {
      await page.goto("chrome://extensions");
      await page.evaluate(
        (id, host) => /** @type {any} */ (globalThis).chrome.developerPrivate.addHostPermission(id, host),
        new URL(session.origin).hostname,
        pattern,
      );
    } finally {
      await page.close();
    }
  },

  /**
   * @param {Session} session
   * @param {{path: string, full?: boolean}} where
   */
  async pageScreenshot(session, { path, full = true }) {
    await pageOf(session).screenshot({ path: /** @type {`${string}.png`} */ (path), fullPage: full });
  },
};

/**
 * Gives a session these verbs.
 *
 * @param {Session} prototype
 */
export function mixPages(prototype) {
  for (const [name, verb] of Object.entries(verbs)) {
    Object.defineProperty(prototype, name, {
      /** @this {Session} @param {any} what */
      value(what) {
        return verb(this, what);
      },
    });
  }
}

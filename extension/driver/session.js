/**
 * A real browser with the extension in it, as a reader has it in front of them: options page, article, toolbar button,
 * panel. What differs between the browsers is in chromium.js and firefox.js.
 */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { getuid } from "node:process";
import { audit, auditPage, box, glued, highlightedText, middle, placeOf, snapshot, sweep } from "./panel.js";
import { mixPages } from "./pages.js";
import { worldScripts } from "./placement.js";

/** @typedef {import("puppeteer-core").Page} Page */
/** @typedef {import("./panel.js").Snapshot} Snapshot */
/** @typedef {{phase?: string[], sentences?: number, button?: string, heard?: boolean, pressed?: string, focus?: string, renewing?: boolean, meta?: string}} Wanted */
/**
 * `offline`: nothing but this machine can be reached.
 *
 * @typedef {{extension: string, dark?: boolean, width?: number, height?: number, executable?: string, offline?: boolean}} LaunchOptions
 */

/** Milliseconds between two looks at something that is awaited. */
const LOOK = 50;

/** Chromium's sandbox refuses to work for root. */
export const isRoot = getuid?.() === 0;

/** @abstract */
export class Session {
  /** @type {Page | null} */
  #article = null;
  /** @type {Page | null} */
  #first = null;
  /** @type {Page | null} */
  #options = null;

  /**
   * @param {import("puppeteer-core").Browser} browser
   * @param {string} origin of the extension's own pages
   * @param {LaunchOptions} options
   */
  constructor(browser, origin, options) {
    this.browser = browser;
    this.origin = origin;
    this.options = options;
  }

  /**
   * A click on the extension's toolbar button.
   *
   * @abstract
   * @param {Page} _page
   * @returns {Promise<void>}
   */
  async clickAction(_page) {
    throw new Error("not implemented");
  }

  /**
   * A click on an item of the page's context menu.
   *
   * @abstract
   * @param {Page} _page
   * @param {{x: number, y: number}} _point where the menu is opened
   * @param {string} _label
   * @returns {Promise<void>}
   */
  async clickMenu(_page, _point, _label) {
    throw new Error("not implemented");
  }

  /**
   * @abstract
   * @template A, R
   * @param {Page} _page
   * @param {(root: ShadowRoot, argument: A) => R} _ask
   * @param {A} _argument
   * @param {{inPage?: boolean, inWorld?: boolean}} [_how] where what is asked needs what was put into the page, or
   *   into the driver's own world of scripts in it
   * @returns {Promise<Awaited<R> | null>} null where there is no panel
   */
  async inPanel(_page, _ask, _argument, _how) {
    throw new Error("not implemented");
  }

  /**
   * Runs a script in a world of its own, which sees the page's elements but none of what its scripts did to the language.
   *
   * @abstract
   * @param {Page} _page
   * @param {string} _script
   * @returns {Promise<unknown>} what it comes to, where that is a string, a number or a truth
   */
  async inWorld(_page, _script) {
    throw new Error("not implemented");
  }

  /**
   * The addresses of all tabs.
   *
   * @abstract
   * @returns {Promise<string[]>}
   */
  async tabs() {
    throw new Error("not implemented");
  }

  /**
   * Closes every tab that shows a page of the extension.
   *
   * @abstract
   * @returns {Promise<void>}
   */
  async closeOwnTabs() {
    throw new Error("not implemented");
  }

  /** @param {Page} _page */
  async prepare(_page) {}

  /**
   * @param {Page} page
   * @param {string} url of a page of the extension
   */
  async openOwn(page, url) {
    await page.goto(url);
  }

  /**
   * Types key and port into the options page and presses the button.
   *
   * @param {{key: string, port: number}} how
   * @returns {Promise<{state: string, words: string}>}
   */
  async pair({ key, port }) {
    await this.setPort({ port });
    const page = await this.#optionsPage();
    await page.waitForSelector("#pairing:not([hidden]), #paired:not([hidden])");
    if (await page.$("#paired:not([hidden])")) {
      await page.click("#repair");
    }
    await page.$eval("#key", (field) => {
      /** @type {HTMLInputElement} */ (field).value = "";
    });
    await page.type("#key", key);
    await page.click("#test");
    return this.#settledState(page);
  }

  /** @param {{port: number}} how */
  async setPort({ port }) {
    const page = await this.#optionsPage();
    await page.$eval(
      "#port",
      (field, value) => {
        /** @type {HTMLInputElement} */ (field).value = value;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      },
      String(port),
    );
    return this.#settledState(page);
  }

  /** Forgets the key, by the button. */
  async unpair() {
    const page = await this.#optionsPage();
    await page.waitForSelector("#unpair", { visible: true });
    await page.click("#unpair");
    await page.waitForSelector('#state[data-state="not_paired"]');
  }

  /** Opens the options page afresh and reads how things stand. */
  async pairing() {
    await this.#options?.close();
    this.#options = null;
    return this.#settledState(await this.#optionsPage());
  }

  /** @param {{url: string, timeout?: number}} where of the web, or a path in the extension; milliseconds */
  async open({ url, timeout }) {
    await this.#article?.close();
    await this.#options?.close();
    this.#options = null;
    this.#article = await this.#newPage();
    if (url.startsWith("/")) {
      await this.openOwn(this.#article, this.origin + url);
      await this.#article.waitForSelector("html[data-ready]");
    } else {
      await this.#article.goto(url, timeout === undefined ? {} : { timeout });
    }
    await this.#article.bringToFront();
  }

  /**
   * Opens another page beside the one that is open, which is the one now.
   *
   * @param {{url: string}} where
   */
  async second({ url }) {
    this.#first = this.#article;
    this.#article = await this.#newPage();
    await this.#article.goto(url);
    await this.#article.bringToFront();
  }

  /** Closes the second page and goes back to the first. */
  async first() {
    await this.#article?.close();
    this.#article = this.#first;
    this.#first = null;
    await this.#article?.bringToFront();
  }

  /** Ends the extension's background, as the browser may at any time. */
  async endBackground() {
    throw new Error("not implemented");
  }

  /** @param {{kind: "print" | "screen"}} which */
  async media({ kind }) {
    await this.setMedia(this.#page, kind);
  }

  /**
   * @abstract
   * @param {Page} _page
   * @param {"print" | "screen"} _kind
   */
  async setMedia(_page, _kind) {
    throw new Error("not implemented");
  }

  /** @param {{text: string, timeout: number}} what waits until that is on the clipboard */
  async waitPasted({ text, timeout }) {
    let now = "";
    const failure = () => `wanted ${JSON.stringify(text)}, on the clipboard is ${JSON.stringify(now)}`;
    await until(timeout, failure, async () => (now = await this.pasted()) === text);
  }

  /** @returns {Promise<string>} what is on the clipboard, as pasted into a field of the page */
  async pasted() {
    const page = this.#page;
    const field = await page.evaluateHandle(() => {
      const made = document.createElement("textarea");
      document.documentElement.append(made);
      made.focus();
      return made;
    });
    await page.keyboard.down("Control");
    await page.keyboard.press("v", { commands: ["Paste"] });
    await page.keyboard.up("Control");
    return field.evaluate((made) => {
      made.remove();
      return made.value;
    });
  }

  async act() {
    await this.clickAction(this.#page);
  }

  /**
   * @param {{label: string, select?: string, at?: string}} what the item; what to select before, or where to click, by
   *   its selector
   */
  async menu({ label, select = "", at = "h1" }) {
    const point = await this.#page.evaluate(
      (selected, place) => {
        const range = document.createRange();
        range.selectNodeContents(document.querySelector(selected || place) ?? document.body);
        const first = () => range.getClientRects()[0];
        scrollBy({ top: (first()?.top ?? 0) - innerHeight / 2, behavior: "instant" });
        if (selected) {
          getSelection()?.removeAllRanges();
          getSelection()?.addRange(range);
        }
        return { x: (first()?.left ?? 0) + 20, y: (first()?.top ?? 0) + 8 };
      },
      select,
      at,
    );
    await this.clickMenu(this.#page, point, label);
  }

  /** @returns {Promise<Snapshot | null>} */
  async panel() {
    return this.inPanel(this.#page, snapshot, null);
  }

  /**
   * @param {{wanted: Wanted, timeout: number}} what milliseconds
   * @returns {Promise<Snapshot>}
   */
  async waitPanel({ wanted, timeout }) {
    /** @type {Snapshot | null} */
    let now = null;
    const failure = () => `wanted ${JSON.stringify(wanted)}, the panel shows ${JSON.stringify(now)}`;
    return until(timeout, failure, async () => {
      now = await this.panel();
      return now && meets(now, wanted) ? now : null;
    });
  }

  /** @param {{timeout: number}} how waits until there is no panel */
  async waitGone({ timeout }) {
    await until(timeout, "the panel is still there", async () => !(await this.panel()));
  }

  /**
   * @param {{name: string, index?: number}} button of the panel, by the name of its message
   */
  async press({ name, index = 0 }) {
    const { x, y } = await this.#middle(`button[name="${name}"]`, index);
    await this.#page.mouse.click(x, y);
  }

  /** @param {{index: number}} which */
  async hoverSentence({ index }) {
    const { x, y } = await this.#middle(".points li", index);
    await this.#page.mouse.move(x, y);
  }

  async hoverNothing() {
    await this.#page.mouse.move(1, 1);
  }

  /** A click in the page, away from the panel. */
  async clickNothing() {
    await this.#page.mouse.click(1, 1);
  }

  /** @param {{selector: string}} which part of the panel */
  async clickPart({ selector }) {
    const { x, y } = await this.#middle(selector, 0);
    await this.#page.mouse.click(x, y);
  }

  /** @param {{key: import("puppeteer-core").KeyInput}} which */
  async key({ key }) {
    await this.#page.keyboard.press(key);
  }

  /**
   * @param {{text: string, timeout: number}} what
   * @returns {Promise<string>} the text highlighted in the page
   */
  async waitHighlighted({ text, timeout }) {
    await this.#page.waitForFunction(
      (wanted) =>
        [...(CSS.highlights.get("notime-source") ?? [])].map(String).join("").replace(/\s+/g, "") === wanted,
      { timeout, polling: LOOK },
      text.replace(/\s+/g, ""),
    );
    return this.#page.evaluate(highlightedText);
  }

  async highlighted() {
    return this.#page.evaluate(highlightedText);
  }

  /** @param {{text: string, timeout: number}} what waits until the middle of that text is in the window */
  async waitInView({ text, timeout }) {
    await this.#page.waitForFunction(
      (wanted) => {
        const [range] = [...(CSS.highlights.get("notime-source") ?? [])];
        if (!(range instanceof Range) || String(range).replace(/\s+/g, "") !== wanted) {
          return false;
        }
        const { top, bottom } = range.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
      },
      { timeout, polling: LOOK },
      text.replace(/\s+/g, ""),
    );
  }

  /** @param {{y: number, timeout: number}} what waits until the page is scrolled there */
  async waitScroll({ y, timeout }) {
    await this.#page.waitForFunction(
      (wanted) => Math.abs(scrollY - wanted) < 2,
      { timeout, polling: LOOK },
      y,
    );
  }

  /** @param {{script: string}} what an expression, evaluated in the page's own world */
  async evaluate({ script }) {
    return this.#page.evaluate(script);
  }

  /** @param {{part: string, timeout: number}} what waits for a tab whose address has that part */
  async waitTab({ part, timeout }) {
    await until(timeout, `no tab with ${part}`, async () =>
      (await this.tabs()).some((url) => url.includes(part)),
    );
  }

  /** @param {{width: number, height: number}} size */
  async resize({ width, height }) {
    this.options = { ...this.options, width, height };
    await this.#page.setViewport({ width, height });
  }

  async box() {
    return this.inPanel(this.#page, box, null);
  }

  /** @param {{widths: number[], sizes: number[]}} columns */
  async sweep(columns) {
    return this.inPanel(this.#page, sweep, columns);
  }

  async glued() {
    return this.inPanel(this.#page, glued, null);
  }

  /** @param {{selector: string}} which */
  async place({ selector }) {
    return this.inPanel(this.#page, placeOf, selector);
  }

  /**
   * What placement.js has to say of the page.
   *
   * @param {{ask: "look" | "judge" | "sources", argument?: unknown}} what
   */
  async placement({ ask, argument = null }) {
    if (ask === "judge") {
      return this.inPanel(this.#page, (root) => /** @type {any} */ (globalThis).placement.judge(root), null, {
        inWorld: true,
      });
    }
    for (const script of await worldScripts(this.options.extension)) {
      await this.inWorld(this.#page, script);
    }
    return JSON.parse(
      String(
        await this.inWorld(
          this.#page,
          `JSON.stringify(placement.${ask}(${JSON.stringify(argument)}) ?? null)`,
        ),
      ),
    );
  }

  /**
   * @param {{options?: boolean}} which the options page instead of the panel
   * @returns {Promise<string[] | null>} what is not accessible
   */
  async audit({ options = false } = {}) {
    const page = options ? await this.#optionsPage() : this.#page;
    await page.evaluate(
      await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"),
    );
    return options ? page.evaluate(auditPage) : this.inPanel(page, audit, null, { inPage: true });
  }

  /** @param {{path: string, options?: boolean}} where */
  async screenshot({ path, options = false }) {
    const page = options ? await this.#optionsPage() : this.#page;
    await page.screenshot({ path: /** @type {`${string}.png`} */ (path) });
  }

  async close() {
    await this.browser.close();
  }

  get #page() {
    if (!this.#article) {
      throw new Error("no page is open");
    }
    return this.#article;
  }

  async #newPage() {
    const page = await this.browser.newPage();
    const { width = 1100, height = 900 } = this.options;
    await page.setViewport({ width, height });
    await this.prepare(page);
    return page;
  }

  async #optionsPage() {
    if (!this.#options) {
      this.#options = await this.#newPage();
      await this.openOwn(this.#options, `${this.origin}/options/options.html`);
    }
    await this.#options.bringToFront();
    return this.#options;
  }

  /** @param {Page} page */
  async #settledState(page) {
    const state = await page.waitForSelector('#state[data-state]:not([data-state="checking"]):not(:empty)');
    if (!state) {
      throw new Error("the options page does not say how things stand");
    }
    return state.evaluate((element) => ({
      state: element.getAttribute("data-state") ?? "",
      words: element.textContent,
    }));
  }

  /**
   * @param {string} selector
   * @param {number} index
   */
  async #middle(selector, index) {
    const point = await this.inPanel(this.#page, middle, { selector, index });
    if (!point) {
      throw new Error(`the panel has no ${selector} [${index}]`);
    }
    return point;
  }
}

mixPages(Session.prototype);

/**
 * @template T
 * @param {number} timeout milliseconds
 * @param {string | (() => string)} failure
 * @param {() => Promise<T | null | false>} look
 * @returns {Promise<T>} the first that is neither null nor false
 */
export async function until(timeout, failure, look) {
  const end = Date.now() + timeout;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== false) {
      return seen;
    }
    if (Date.now() > end) {
      throw new Error(typeof failure === "string" ? failure : failure());
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
}

/**
 * @param {Snapshot} now
 * @param {Wanted} wanted
 */
function meets(now, { phase, sentences = 0, button, heard = false, pressed, focus, renewing, meta = "" }) {
  return (
    (!phase || phase.includes(now.phase)) &&
    now.sentences.length >= sentences &&
    (!button || now.buttons.includes(button)) &&
    (!heard || now.heard !== "") &&
    (!pressed || now.pressed.includes(pressed)) &&
    (!focus || now.focus === focus) &&
    now.meta.includes(meta) &&
    (renewing === undefined || now.renewing === renewing)
  );
}

/**
 * A real browser with the extension in it: its tabs, the extension's options page, and what the browsers do differently
 * (chromium.js, firefox.js).
 */

import { getuid } from "node:process";

/** @typedef {import("puppeteer-core").Page} Page */
/**
 * `offline`: nothing but this machine can be reached.
 *
 * @typedef {{extension: string, dark?: boolean, width?: number, height?: number, executable?: string, offline?: boolean}} LaunchOptions
 */

/** Chromium's sandbox refuses to work for root. */
export const isRoot = getuid?.() === 0;

/** @abstract */
export class Browsing {
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
    const page = await this.optionsPage();
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
    const page = await this.optionsPage();
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
    const page = await this.optionsPage();
    await page.waitForSelector("#unpair", { visible: true });
    await page.click("#unpair");
    await page.waitForSelector('#state[data-state="not_paired"]');
  }

  /** Opens the options page afresh and reads how things stand. */
  async pairing() {
    await this.#options?.close();
    this.#options = null;
    return this.#settledState(await this.optionsPage());
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
    await this.setMedia(this.page, kind);
  }

  /**
   * @abstract
   * @param {Page} _page
   * @param {"print" | "screen"} _kind
   */
  async setMedia(_page, _kind) {
    throw new Error("not implemented");
  }

  /** @param {{width: number, height: number}} size */
  async resize({ width, height }) {
    this.options = { ...this.options, width, height };
    await this.page.setViewport({ width, height });
  }

  async close() {
    await this.browser.close();
  }

  /** The page that is open now. */
  get page() {
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

  /** The options page, in front. */
  async optionsPage() {
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
}

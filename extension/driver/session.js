/**
 * What a reader does with an article and the panel in it, and sees of them.
 */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Browsing } from "./browsing.js";
import { audit, auditPage, box, glued, highlightedText, middle, placeOf, snapshot, sweep } from "./panel.js";
import { mixPages } from "./pages.js";
import { worldScripts } from "./placement.js";
import { LOOK, meets, until } from "./wait.js";

/** @typedef {import("./panel.js").Snapshot} Snapshot */
/** @typedef {import("./wait.js").Wanted} Wanted */

/** @abstract */
export class Session extends Browsing {
  /** @param {{text: string, timeout: number}} what waits until that is on the clipboard */
  async waitPasted({ text, timeout }) {
    let now = "";
    const failure = () => `wanted ${JSON.stringify(text)}, on the clipboard is ${JSON.stringify(now)}`;
    await until(timeout, failure, async () => (now = await this.pasted()) === text);
  }

  /** @returns {Promise<string>} what is on the clipboard, as pasted into a field of the page */
  async pasted() {
    const page = this.page;
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
    await this.clickAction(this.page);
  }

  /**
   * @param {{label: string, select?: string, at?: string}} what the item; what to select before, or where to click, by
   *   its selector
   */
  async menu({ label, select = "", at = "h1" }) {
    const point = await this.page.evaluate(
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
    await this.clickMenu(this.page, point, label);
  }

  /** @returns {Promise<Snapshot | null>} */
  async panel() {
    return this.inPanel(this.page, snapshot, null);
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
    await this.page.mouse.click(x, y);
  }

  /** @param {{index: number}} which */
  async hoverSentence({ index }) {
    const { x, y } = await this.#middle(".points li", index);
    await this.page.mouse.move(x, y);
  }

  async hoverNothing() {
    await this.page.mouse.move(1, 1);
  }

  /** A click in the page, away from the panel. */
  async clickNothing() {
    await this.page.mouse.click(1, 1);
  }

  /** @param {{selector: string}} which part of the panel */
  async clickPart({ selector }) {
    const { x, y } = await this.#middle(selector, 0);
    await this.page.mouse.click(x, y);
  }

  /** @param {{key: import("puppeteer-core").KeyInput}} which */
  async key({ key }) {
    await this.page.keyboard.press(key);
  }

  /**
   * @param {{text: string, timeout: number}} what
   * @returns {Promise<string>} the text highlighted in the page
   */
  async waitHighlighted({ text, timeout }) {
    await this.page.waitForFunction(
      (wanted) =>
        [...(CSS.highlights.get("notime-source") ?? [])].map(String).join("").replace(/\s+/g, "") === wanted,
      { timeout, polling: LOOK },
      text.replace(/\s+/g, ""),
    );
    return this.page.evaluate(highlightedText);
  }

  async highlighted() {
    return this.page.evaluate(highlightedText);
  }

  /** @param {{text: string, timeout: number}} what waits until the middle of that text is in the window */
  async waitInView({ text, timeout }) {
    await this.page.waitForFunction(
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
    await this.page.waitForFunction(
      (wanted) => Math.abs(scrollY - wanted) < 2,
      { timeout, polling: LOOK },
      y,
    );
  }

  /** @param {{script: string}} what an expression, evaluated in the page's own world */
  async evaluate({ script }) {
    return this.page.evaluate(script);
  }

  /** @param {{part: string, timeout: number}} what waits for a tab whose address has that part */
  async waitTab({ part, timeout }) {
    await until(timeout, `no tab with ${part}`, async () =>
      (await this.tabs()).some((url) => url.includes(part)),
    );
  }

  async box() {
    return this.inPanel(this.page, box, null);
  }

  /** @param {{widths: number[], sizes: number[]}} columns */
  async sweep(columns) {
    return this.inPanel(this.page, sweep, columns);
  }

  async glued() {
    return this.inPanel(this.page, glued, null);
  }

  /** @param {{selector: string}} which */
  async place({ selector }) {
    return this.inPanel(this.page, placeOf, selector);
  }

  /**
   * What placement.js has to say of the page.
   *
   * @param {{ask: "look" | "judge" | "sources", argument?: unknown}} what
   */
  async placement({ ask, argument = null }) {
    if (ask === "judge") {
      return this.inPanel(this.page, (root) => /** @type {any} */ (globalThis).placement.judge(root), null, {
        inWorld: true,
      });
    }
    for (const script of await worldScripts(this.options.extension)) {
      await this.inWorld(this.page, script);
    }
    return JSON.parse(
      String(
        await this.inWorld(
          this.page,
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
    const page = options ? await this.optionsPage() : this.page;
    await page.evaluate(
      await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"),
    );
    return options ? page.evaluate(auditPage) : this.inPanel(page, audit, null, { inPage: true });
  }

  /** @param {{path: string, options?: boolean}} where */
  async screenshot({ path, options = false }) {
    const page = options ? await this.optionsPage() : this.page;
    await page.screenshot({ path: /** @type {`${string}.png`} */ (path) });
  }

  /**
   * @param {string} selector
   * @param {number} index
   */
  async #middle(selector, index) {
    const point = await this.inPanel(this.page, middle, { selector, index });
    if (!point) {
      throw new Error(`the panel has no ${selector} [${index}]`);
    }
    return point;
  }
}

mixPages(Session.prototype);

/**
 * Chromium, through the DevTools protocol, which sees closed shadow roots where pages do not.
 */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { isRoot } from "./browsing.js";
import { Session } from "./session.js";

/** @typedef {import("puppeteer-core").Page} Page */
/** @typedef {import("puppeteer-core").Protocol.DOM.Node} DomNode */

export class Chromium extends Session {
  /** @type {string} */
  #profile = "";
  /** @type {string} */
  #id = "";
  /** @type {WeakMap<Page, Promise<{client: import("puppeteer-core").CDPSession, world: number}>>} */
  #worlds = new WeakMap();

  /** @param {import("./browsing.js").LaunchOptions} options */
  static async launch(options) {
    const profile = await mkdtemp(join(tmpdir(), "notime-chromium-"));
    const browser = await puppeteer.launch({
      executablePath: options.executable ?? "/usr/bin/chromium",
      headless: true,
      pipe: true,
      enableExtensions: true,
      userDataDir: profile,
      timeout: 120_000,
      protocolTimeout: 300_000,
      args: [
        ...(isRoot ? ["--no-sandbox"] : []),
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-dev-shm-usage",
        "--disable-sync",
        "--no-first-run",
        // Nothing listens there; what is on this machine goes by no proxy.
        ...(options.offline ? ["--proxy-server=http://127.0.0.1:9"] : []),
      ],
    });
    const id = await browser.installExtension(options.extension);
    const session = new Chromium(browser, `chrome-extension://${id}`, options);
    session.#profile = profile;
    session.#id = id;
    return session;
  }

  /** @override @param {Page} page */
  async prepare(page) {
    page.setDefaultTimeout(120_000);
    await page.emulateMediaFeatures([
      { name: "prefers-color-scheme", value: this.options.dark ? "dark" : "light" },
    ]);
  }

  /** @override @param {Page} page */
  async clickAction(page) {
    const extension = (await this.browser.extensions()).get(this.#id);
    if (!extension) {
      throw new Error("the extension is not there");
    }
    await extension.triggerAction(page);
  }

  /** @override */
  async endBackground() {
    const target = await this.browser.waitForTarget(
      (each) => each.type() === "service_worker" && each.url().startsWith(this.origin),
    );
    await (await target.worker())?.close();
  }

  /**
   * @override
   * @param {Page} page
   * @param {"print" | "screen"} kind
   */
  async setMedia(page, kind) {
    await page.emulateMediaType(kind);
  }

  /** @override */
  async tabs() {
    return (await this.browser.pages()).map((page) => page.url());
  }

  /** @override */
  async closeOwnTabs() {
    for (const page of await this.browser.pages()) {
      if (page.url().startsWith(this.origin)) {
        await page.close();
      }
    }
  }

  /**
   * @override
   * @template A, R
   * @param {Page} page
   * @param {(root: ShadowRoot, argument: A) => R} ask
   * @param {A} argument
   * @param {{inWorld?: boolean}} [how]
   * @returns {Promise<Awaited<R> | null>}
   */
  async inPanel(page, ask, argument, { inWorld = false } = {}) {
    const executionContextId = inWorld ? (await this.#world(page)).world : undefined;
    const client = await page.createCDPSession();
    try {
      const { root } = await client.send("DOM.getDocument", { depth: -1, pierce: true });
      const panel = findPanel(root);
      if (!panel) {
        return null;
      }
      const { object } = await client.send("DOM.resolveNode", {
        backendNodeId: panel.backendNodeId,
        executionContextId,
      });
      const { result, exceptionDetails } = await client.send("Runtime.callFunctionOn", {
        objectId: object.objectId,
        functionDeclaration: `function (argument) { return (${ask})(this, argument); }`,
        arguments: [{ value: argument }],
        awaitPromise: true,
        returnByValue: true,
      });
      if (exceptionDetails) {
        throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      }
      return result.value;
    } finally {
      await client.detach();
    }
  }

  /**
   * @override
   * @param {Page} page
   * @param {string} script
   */
  async inWorld(page, script) {
    const { client, world } = await this.#world(page);
    const { result, exceptionDetails } = await client.send("Runtime.evaluate", {
      expression: script,
      contextId: world,
      returnByValue: true,
    });
    if (exceptionDetails) {
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return result.value;
  }

  /** @param {Page} page */
  #world(page) {
    const make = async () => {
      const client = await page.createCDPSession();
      const { frameTree } = await client.send("Page.getFrameTree");
      const { executionContextId: world } = await client.send("Page.createIsolatedWorld", {
        frameId: frameTree.frame.id,
        worldName: "driver",
      });
      return { client, world };
    };
    const made = this.#worlds.get(page) ?? make();
    this.#worlds.set(page, made);
    return made;
  }

  /** @override */
  async close() {
    await super.close();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * @param {DomNode} node
 * @returns {DomNode | undefined} the closed shadow root that holds the panel
 */
function findPanel(node) {
  for (const shadow of node.shadowRoots ?? []) {
    const isPanel = shadow.children?.some(({ attributes }) => attributes?.includes("frame"));
    if (shadow.shadowRootType === "closed" && isPanel) {
      return shadow;
    }
  }
  for (const child of node.children ?? []) {
    const found = findPanel(child);
    if (found) {
      return found;
    }
  }
  return undefined;
}

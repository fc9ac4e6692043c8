/**
 * Firefox, through WebDriver BiDi: its serialisation of a document has closed shadow roots in it, and its chrome scope
 * has the toolbar.
 */

import { randomUUID } from "node:crypto";
import puppeteer from "puppeteer-core";
import { Session } from "./session.js";
import { until } from "./wait.js";

/** @typedef {import("puppeteer-core").Page} Page */
/** @typedef {{send: (method: string, parameters: object) => Promise<{result: any}>}} Connection */
/** @typedef {{type: string, value?: any, sharedId?: string}} RemoteValue */

const DEAD_PROXY = {
  "network.proxy.http": "127.0.0.1",
  "network.proxy.http_port": 9,
  "network.proxy.ssl": "127.0.0.1",
  "network.proxy.ssl_port": 9,
};

/** Milliseconds for the browser's own window to do what it was told. */
const WAIT = 60_000;

export class Firefox extends Session {
  #button = "";

  /** @param {import("./browsing.js").LaunchOptions & {id: string}} options */
  static async launch(options) {
    const uuid = randomUUID();
    const browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: options.executable ?? "/usr/bin/firefox-esr",
      headless: true,
      timeout: 120_000,
      protocolTimeout: 300_000,
      args: ["--remote-allow-system-access"],
      extraPrefsFirefox: {
        "extensions.webextensions.uuids": JSON.stringify({ [options.id]: uuid }),
        "layout.css.prefers-color-scheme.content-override": options.dark ? 0 : 1,
        // A permission that is asked for is given.
        "extensions.webextOptionalPermissionPrompts": false,
        // The colour of the window must not decide over the page's.
        "browser.theme.content-theme": options.dark ? 0 : 1,
        // Nothing listens there; what is on this machine goes by no proxy.
        ...(options.offline ? { "network.proxy.type": 1, ...DEAD_PROXY } : {}),
      },
    });
    await browser.installExtension(options.extension);
    const session = new Firefox(browser, `moz-extension://${uuid}`, options);
    session.#button = `${options.id.toLowerCase().replace(/[^a-z0-9_-]/g, "_")}-browser-action`;
    return session;
  }

  /** @override @param {Page} page */
  async prepare(page) {
    page.setDefaultTimeout(120_000);
  }

  /** @override */
  async clickAction() {
    await this.#inChrome(
      `(id) => {
        CustomizableUI.addWidgetToArea(id, "nav-bar");
        document.getElementById(id).querySelector("toolbarbutton").click();
      }`,
      this.#button,
    );
  }

  /**
   * @override
   * @param {Page} page
   * @param {{x: number, y: number}} point
   * @param {string} label
   */
  async clickMenu(page, point, label) {
    await page.mouse.click(point.x, point.y, { button: "right" });
    await until(WAIT, `no item ${label}`, () =>
      this.#inChrome(
        `(label) => {
          const menu = document.getElementById("contentAreaContextMenu");
          const item = [...menu.querySelectorAll("menuitem")].find((each) => each.label === label);
          if (menu.state !== "open" || !item) {
            return false;
          }
          menu.activateItem(item);
          return true;
        }`,
        label,
      ),
    );
  }

  /**
   * Puppeteer hears nothing of navigations to extension pages.
   *
   * @override
   * @param {Page} page
   * @param {string} url
   */
  async openOwn(page, url) {
    await this.#send("browsingContext.navigate", { context: contextOf(page), url, wait: "none" });
    await page.waitForFunction(
      (wanted) => location.href === wanted && document.readyState === "complete",
      {},
      url,
    );
  }

  /** @override */
  async endBackground() {
    await this.#inChrome(
      `(host) => {
        WebExtensionPolicy.getByHostname(host).extension.terminateBackground({ ignoreDevToolsAttached: true });
      }`,
      new URL(this.origin).hostname,
    );
  }

  /**
   * @override
   * @param {Page} _page
   * @param {"print" | "screen"} kind
   */
  async setMedia(_page, kind) {
    await this.#inChrome(
      `(kind) => { gBrowser.selectedBrowser.browsingContext.mediumOverride = kind === "print" ? kind : ""; }`,
      kind,
    );
  }

  /** @override */
  async tabs() {
    return (await this.#contexts()).map(({ url }) => url);
  }

  /** @override */
  async closeOwnTabs() {
    for (const { context, url } of await this.#contexts()) {
      if (url.startsWith(this.origin)) {
        await this.#send("browsingContext.close", { context });
      }
    }
  }

  /** @returns {Promise<{context: string, url: string}[]>} */
  async #contexts() {
    return (await this.#send("browsingContext.getTree", {})).contexts;
  }

  /**
   * @override
   * @template A, R
   * @param {Page} page
   * @param {(root: ShadowRoot, argument: A) => R} ask
   * @param {A} argument
   * @param {{inPage?: boolean}} [how] in the page's own world, not in one that the page cannot spoil
   * @returns {Promise<Awaited<R> | null>}
   */
  async inPanel(page, ask, argument, { inPage = false } = {}) {
    const target = { context: contextOf(page), ...(inPage ? {} : { sandbox: "driver" }) };
    const document = await this.#send("script.evaluate", {
      expression: "document.documentElement",
      awaitPromise: false,
      target,
      serializationOptions: { maxDomDepth: 40, includeShadowTree: "all" },
    });
    const panel = document.result && findPanel(document.result);
    if (!panel) {
      return null;
    }
    const answer = await this.#send("script.callFunction", {
      functionDeclaration: `async (root, argument) => JSON.stringify(await (${ask})(root, JSON.parse(argument)) ?? null)`,
      arguments: [{ sharedId: panel.sharedId }, { type: "string", value: JSON.stringify(argument) }],
      awaitPromise: true,
      target,
    });
    if (answer.type === "exception") {
      throw new Error(answer.exceptionDetails.text);
    }
    return JSON.parse(answer.result.value);
  }

  /**
   * @override
   * @param {Page} page
   * @param {string} script
   */
  async inWorld(page, script) {
    const answer = await this.#send("script.evaluate", {
      expression: script,
      awaitPromise: false,
      target: { context: contextOf(page), sandbox: "driver" },
    });
    if (answer.type === "exception") {
      throw new Error(answer.exceptionDetails.text);
    }
    return answer.result.value;
  }

  /**
   * @param {string} script a function, called in the window around the pages
   * @param {string} argument
   * @returns {Promise<any>}
   */
  async #inChrome(script, argument) {
    const { contexts } = await this.#send("browsingContext.getTree", { "moz:scope": "chrome" });
    const done = await this.#send("script.callFunction", {
      functionDeclaration: script,
      arguments: [{ type: "string", value: argument }],
      awaitPromise: true,
      target: { context: contexts[0].context },
    });
    if (done.type === "exception") {
      throw new Error(done.exceptionDetails.text);
    }
    return done.result.value;
  }

  /**
   * @param {string} method
   * @param {object} parameters
   */
  async #send(method, parameters) {
    const { connection } = /** @type {{connection: Connection}} */ (/** @type {unknown} */ (this.browser));
    return (await connection.send(method, parameters)).result;
  }
}

/** @param {Page} page */
function contextOf(page) {
  return /** @type {{_id: string}} */ (/** @type {unknown} */ (page.mainFrame()))._id;
}

/**
 * @param {RemoteValue} node
 * @returns {RemoteValue | undefined} the closed shadow root that holds the panel
 */
function findPanel(node) {
  const { shadowRoot, children } = node.value ?? {};
  const isPanel = shadowRoot?.value?.children?.some(
    (/** @type {RemoteValue} */ child) => child.value?.attributes?.class === "frame",
  );
  if (shadowRoot?.value?.mode === "closed" && isPanel) {
    return shadowRoot;
  }
  for (const child of children ?? []) {
    const found = findPanel(child);
    if (found) {
      return found;
    }
  }
  return undefined;
}

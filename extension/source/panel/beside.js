/**
 * The ground of a panel beside a page: reads the tab, and shows in it where sentences come from.
 */

/** @typedef {import("../../types/notime.js").OpenRequest} OpenRequest */
/** @typedef {import("../../types/notime.js").Content} Content */
/** @typedef {import("../../types/notime.js").View} View */
/** @typedef {import("../../types/notime.js").SummarySentence} SummarySentence */
/** @typedef {import("../../types/notime.js").Ground} Ground */

/** What shows a source, in the tab; the panel itself stays here. */
const SOURCE_FILES = ["base", "source", "pointer"].map((name) => `content/${name}.js`);

/** The browser does not let the extension read this tab, or not yet. */
export class NotReadable extends Error {}

/** @implements {Ground} */
export class Beside {
  #request;
  #tab;
  #place;
  #isPrivate;
  /** @type {Content | null} */
  #content = null;
  #title = "";

  /**
   * @param {OpenRequest} request
   * @param {chrome.tabs.Tab | null} tab null where a text is summarised
   * @param {HTMLElement} place for the panel
   * @param {boolean} isPrivate in a private window
   */
  constructor(request, tab, place, isPrivate) {
    this.#request = request;
    this.#tab = tab;
    this.#place = place;
    this.#isPrivate = isPrivate;
  }

  /** @throws {NotReadable} */
  async read() {
    if (this.#request.selection) {
      this.#content = { text: this.#request.selection };
      return;
    }
    const found = await this.#run(() => ({
      html: document.documentElement.outerHTML,
      title: String(document.title),
    }));
    if (!found) {
      throw new NotReadable();
    }
    this.#content = { html: found.html };
    this.#title = found.title;
  }

  /**
   * @param {View} view
   * @param {"light" | "dark"} theme
   */
  show(view, theme) {
    view.setTheme(theme);
    view.setType({ family: "inherit", size: 16 });
    this.#place.replaceChildren(view.host);
    return this;
  }

  url() {
    return this.#tab?.url ?? "";
  }

  title() {
    return this.#title;
  }

  /** @returns {Promise<string>} what is selected in the tab */
  async selection() {
    return (await this.#run(() => String(getSelection()))) ?? "";
  }

  async content() {
    if (!this.#content) {
      await this.read();
    }
    const content = { ...this.#content, isPrivate: this.#isPrivate };
    // The page may be another by the next time.
    this.#content = this.#request.selection ? content : null;
    return content;
  }

  reveal() {}

  /** @param {SummarySentence | null} sentence */
  point(sentence) {
    void this.#point(sentence, "point");
  }

  /** @param {SummarySentence} sentence */
  async visit(sentence) {
    return (await this.#point(sentence, "visit")) === true;
  }

  back() {
    void this.#point(null, "back");
  }

  clear() {
    void this.#point(null, "clear");
  }

  release() {
    this.clear();
    this.#place.replaceChildren();
  }

  /**
   * @param {SummarySentence | null} sentence
   * @param {"point" | "visit" | "back" | "clear"} what
   */
  async #point(sentence, what) {
    if (!this.#tab?.id || this.#request.selection) {
      return false;
    }
    const target = { tabId: this.#tab.id };
    await chrome.scripting.executeScript({ target, files: SOURCE_FILES }).catch(() => {});
    return this.#run(pointInPage, sentence, what, this.#request.styles.source);
  }

  /**
   * @template {unknown[]} A
   * @template R
   * @param {(...values: A) => R} func
   * @param {A} args
   * @returns {Promise<Awaited<R> | null>} null where the tab cannot be read
   */
  async #run(func, ...args) {
    try {
      const [answer] = await chrome.scripting.executeScript({
        target: { tabId: this.#tab?.id ?? -1 },
        func,
        args,
      });
      return answer?.result ?? null;
    } catch {
      return null;
    }
  }
}

/**
 * Runs in the tab's isolated world.
 *
 * @param {SummarySentence | null} sentence
 * @param {"point" | "visit" | "back" | "clear"} what
 * @param {string} style
 */
function pointInPage(sentence, what, style) {
  const pointer = (notime.pointer ??= notime.createPointer?.(style));
  if (what === "back" || what === "clear") {
    pointer?.[what]();
  } else if (what === "visit" && sentence) {
    return pointer?.visit(sentence) === true;
  } else {
    pointer?.point(sentence);
  }
  return true;
}

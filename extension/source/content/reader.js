/**
 * One panel in one page: asks the background for a summary, shows what comes, and leaves the page as it was.
 */
(() => {
  /** @typedef {import("../../types/notime.js").OpenRequest} OpenRequest */
  /** @typedef {import("../../types/notime.js").PanelState} PanelState */
  /** @typedef {import("../../types/notime.js").SummaryEvent} SummaryEvent */
  /** @typedef {import("../../types/notime.js").SummarySentence} SummarySentence */
  /** @typedef {import("../../types/notime.js").Length} Length */
  /** @typedef {import("../../types/notime.js").View} View */

  /** Milliseconds. Both browsers end a background that hears nothing for 30 s. */
  const KEEP_ALIVE = 10_000;

  /** Pixels of the article's type that the panel takes over; below and above it keeps to these. */
  const TYPE_SIZES = { least: 15, most: 21 };

  /** How often a page may throw the panel out before it is left out. */
  const RETURNS = 5;

  /** @type {Reader | null} */
  let current = null;

  notime.open = (request) => {
    if (current?.shows(request)) {
      current.reveal();
      return;
    }
    current?.close();
    current = new Reader(request);
    current.start();
    current.reveal();
  };

  class Reader {
    #request;
    /** @type {PanelState} */
    #state;
    /** @type {View} */
    #view;
    /** @type {Element} */
    #article;
    /** @type {chrome.runtime.Port | null} */
    #port = null;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    #pulse;
    /** @type {Map<Length, PanelState>} */
    #finished = new Map();
    /** @type {Element | null} */
    #cameFrom = document.activeElement;
    /** @type {{x: number, y: number} | null} where the reader was before a source was visited */
    #left = null;
    #watch = new MutationObserver(() => this.#return());
    #returns = 0;
    #closed = new AbortController();

    /** @param {OpenRequest} request */
    constructor(request) {
      this.#request = request;
      this.#state = notime.initialState(request.length);
      this.#view = notime.createView(
        {
          start: () => this.start(),
          stop: () => this.stop(),
          again: () => this.start({ refresh: true }),
          close: () => this.close(),
          options: () => void chrome.runtime.sendMessage({ type: "options" }),
          copy: () => void this.#copy(),
          setLength: (length) => this.#setLength(length),
          point: (sentence) => this.#point(sentence),
          visit: (sentence) => this.#visit(sentence),
          leave: () => this.#leave(),
        },
        request.styles.panel,
      );
      this.#show({ ...this.#state, phase: "reading" });
      this.#article = this.#place();
      // The back/forward cache would keep the port, and with it the work, alive.
      addEventListener("pagehide", () => this.stop(), { signal: this.#closed.signal });
    }

    /**
     * @param {OpenRequest} request
     * @returns {boolean} whether what is asked for is on show already
     */
    shows({ selection }) {
      const { phase } = this.#state;
      return selection === this.#request.selection && (phase === "reading" || phase === "done");
    }

    /** @param {{refresh?: boolean}} [how] */
    start({ refresh = false } = {}) {
      this.#disconnect();
      this.#show({ ...notime.initialState(this.#state.length), phase: "reading" });
      try {
        this.#connect(refresh);
      } catch {
        // The extension was updated or removed under the page.
        this.#take({ type: "problem", problem: { code: "updated" } });
      }
    }

    stop() {
      this.#disconnect();
      if (this.#state.phase === "reading") {
        this.#show({ ...this.#state, phase: "stopped" });
      }
    }

    /** Leaves nothing behind. */
    close() {
      this.#disconnect();
      this.#closed.abort();
      this.#watch.disconnect();
      this.#highlight(null);
      const hadFocus = document.activeElement === this.#view.host;
      this.#view.host.remove();
      if (hadFocus && this.#cameFrom instanceof HTMLElement) {
        this.#cameFrom.focus({ preventScroll: true });
      }
      current = null;
    }

    /** Brings the panel before the reader's eyes and keyboard. */
    reveal() {
      const { top, bottom } = this.#view.host.getBoundingClientRect();
      if (top < 0 || bottom > innerHeight) {
        this.#view.host.scrollIntoView({ block: "center", behavior: motion() });
      }
      this.#view.focus();
    }

    /** @param {boolean} refresh */
    #connect(refresh) {
      const port = chrome.runtime.connect({ name: "summary" });
      this.#port = port;
      port.onMessage.addListener((event) => this.#take(event));
      port.onDisconnect.addListener(() => {
        if (this.#port === port) {
          this.#take({ type: "problem", problem: { code: "interrupted" } });
        }
      });
      port.postMessage({
        type: "summarize",
        ...this.#content(),
        url: location.href,
        title: typeof document.title === "string" ? document.title : "",
        length: this.#state.length,
        ...(refresh ? { refresh } : {}),
      });
      this.#pulse = setInterval(() => port.postMessage({ type: "alive" }), KEEP_ALIVE);
    }

    #disconnect() {
      clearInterval(this.#pulse);
      this.#port?.disconnect();
      this.#port = null;
    }

    /** What is to be summarised: the selection, or the page without the panel. */
    #content() {
      if (this.#request.selection) {
        return { text: this.#request.selection };
      }
      const { host } = this.#view;
      host.dataset.notime = "";
      const page = document.documentElement.outerHTML;
      const own = host.outerHTML;
      delete host.dataset.notime;
      return { html: page.replace(own, "") };
    }

    /** @param {SummaryEvent} event */
    #take(event) {
      this.#show(notime.nextState(this.#state, event));
      if (this.#state.phase !== "reading") {
        this.#disconnect();
      }
      if (this.#state.phase === "done") {
        this.#finished.set(this.#state.length, this.#state);
      }
    }

    /** @param {PanelState} state */
    #show(state) {
      this.#state = state;
      this.#view.render(state);
    }

    /** @param {Length} length */
    #setLength(length) {
      const finished = this.#finished.get(length);
      if (finished) {
        this.#show(finished);
      } else {
        this.#state = { ...this.#state, length };
        this.start();
      }
    }

    /** @returns {Element} what holds the article's text */
    #place() {
      const { host } = this.#view;
      const article = notime.place(host);
      const { theme } = this.#request;
      this.#view.setTheme(theme === "page" ? notime.pageTheme(host) : theme);
      const { fontFamily, fontSize } = getComputedStyle(article?.first ?? host.parentElement ?? host);
      const size = Math.min(TYPE_SIZES.most, Math.max(TYPE_SIZES.least, parseFloat(fontSize) || 0));
      this.#view.setType({ family: fontFamily, size });
      if (host.parentElement) {
        this.#watch.observe(host.parentElement, { childList: true });
      }
      return article?.root ?? document.documentElement;
    }

    /** A page that builds itself anew may drop the panel; it comes back, but does not fight. */
    #return() {
      if (!this.#view.host.isConnected && this.#returns < RETURNS) {
        this.#returns += 1;
        this.#watch.disconnect();
        this.#article = this.#place();
      }
    }

    /** @param {SummarySentence | null} sentence */
    #point(sentence) {
      this.#highlight(sentence && this.#sourceOf(sentence));
    }

    /** @param {Range | null} range */
    #highlight(range) {
      notime.pointAt(range, this.#request.styles.source);
    }

    /** @param {SummarySentence} sentence */
    #visit(sentence) {
      const range = this.#sourceOf(sentence);
      if (!range) {
        this.#view.say(chrome.i18n.getMessage("source_not_found"));
        return;
      }
      this.#highlight(range);
      this.#left ??= { x: scrollX, y: scrollY };
      const { top, height } = range.getBoundingClientRect();
      scrollTo({ top: scrollY + top - (innerHeight - height) / 2, behavior: motion() });
    }

    #leave() {
      if (this.#state.phase === "reading") {
        this.stop();
      } else if (this.#left) {
        scrollTo({ left: this.#left.x, top: this.#left.y, behavior: motion() });
        this.#left = null;
      }
    }

    /** @param {SummarySentence} sentence */
    #sourceOf(sentence) {
      for (const { text } of sentence.sources) {
        const root = this.#article.isConnected ? this.#article : document.documentElement;
        const range = notime.findSource(text, root) ?? notime.findSource(text, document.documentElement);
        if (range) {
          return range;
        }
      }
      return null;
    }

    async #copy() {
      const { sentences, article } = this.#state;
      const title = article?.title || (typeof document.title === "string" ? document.title : "");
      const words = [title, "", ...sentences.map(({ text }) => text), "", location.href].join("\n").trim();
      const copied = await this.#view.copy(words);
      this.#view.say(chrome.i18n.getMessage(copied ? "copied" : "copy_failed"));
    }
  }

  /** @returns {ScrollBehavior} */
  function motion() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
  }
})();

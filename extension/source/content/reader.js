/**
 * The panel in an article's page: where it stands, what it sends, how it shows where a sentence comes from.
 */
(() => {
  /** Pixels of the article's type that the panel takes over; below and above it keeps to these. */
  const TYPE_SIZES = { least: 15, most: 21 };

  /** How often a page may throw the panel out before it is left out. */
  const RETURNS = 5;

  /** @type {Session | null} */
  let current = null;

  notime.open = (request) => {
    const byItself = request.manner !== "asked";
    if (current && (byItself || current.shows(request))) {
      if (!byItself) {
        current.focus();
      }
      return;
    }
    current?.close();
    current = notime.createSession(request, (view, session) => new Page(request, view, session));
    if (request.manner === "asked" || request.manner === "summarize") {
      current.start();
    }
    if (!byItself) {
      current.focus();
    }
  };

  class Page {
    #request;
    #view;
    #session;
    /** @type {ArticleText | null} */
    #article = null;
    /** @type {Element | null} */
    #cameFrom = document.activeElement;
    /** @type {Pointer | null} */
    #pointer = null;
    #watch = new MutationObserver(() => this.#return());
    #returns = 0;
    #address = address();
    #stale = false;
    #released = new AbortController();

    /**
     * @param {OpenRequest} request
     * @param {View} view
     * @param {Session} session
     */
    constructor(request, view, session) {
      this.#request = request;
      this.#view = view;
      this.#session = session;
      this.#place();
      const { signal } = this.#released;
      const look = () => this.#look();
      addEventListener("popstate", look, { signal });
      if ("navigation" in globalThis) {
        navigation.addEventListener("navigatesuccess", look, { signal });
      }
    }

    url() {
      return this.#request.link ?? location.href;
    }

    title() {
      return this.#request.link || typeof document.title !== "string" ? "" : document.title;
    }

    /** @returns {Promise<Content>} the link, the selection, or the page without the panel */
    async content() {
      const { link, selection } = this.#request;
      if (link || selection) {
        return link ? { link } : { text: selection ?? "" };
      }
      const { host } = this.#view;
      if (this.#stale || !host.isConnected) {
        this.#stale = false;
        this.#place();
      }
      host.dataset.notime = "";
      const page = document.documentElement.outerHTML;
      const own = host.outerHTML;
      delete host.dataset.notime;
      return { html: page.replace(own, "") };
    }

    reveal() {
      const { top, bottom } = this.#view.host.getBoundingClientRect();
      if (top < 0 || bottom > innerHeight) {
        this.#view.host.scrollIntoView({ block: "center" });
      }
    }

    /** @param {SummarySentence | null} sentence */
    point(sentence) {
      this.#pointing()?.point(sentence);
    }

    /** @param {SummarySentence} sentence */
    async visit(sentence) {
      return this.#pointing()?.visit(sentence) === true;
    }

    back() {
      this.#pointer?.back();
    }

    clear() {
      this.#pointer?.clear();
    }

    release() {
      this.#released.abort();
      this.#watch.disconnect();
      this.clear();
      const { host } = this.#view;
      const hadFocus = document.activeElement === host;
      host.remove();
      if (hadFocus && this.#cameFrom instanceof HTMLElement) {
        this.#cameFrom.focus({ preventScroll: true });
      }
      current = null;
    }

    #place() {
      const { host } = this.#view;
      this.#watch.disconnect();
      this.#article = notime.place(host);
      const { theme } = this.#request;
      this.#view.setTheme(theme === "page" ? notime.pageTheme(host) : theme);
      const { fontFamily, fontSize } = getComputedStyle(this.#article?.first ?? host.parentElement ?? host);
      const size = Math.min(TYPE_SIZES.most, Math.max(TYPE_SIZES.least, parseFloat(fontSize) || 0));
      this.#view.setType({ family: fontFamily, size });
      if (host.parentElement) {
        this.#watch.observe(host.parentElement, { childList: true });
      }
    }

    /** A page that builds itself anew may drop the panel; it comes back, but does not fight. */
    #return() {
      this.#look();
      if (!this.#view.host.isConnected && this.#returns < RETURNS) {
        this.#returns += 1;
        this.#place();
      }
    }

    /** A page may show another article without being loaded anew. */
    #look() {
      if (this.#address !== address() && !this.#request.link) {
        this.#address = address();
        this.#stale = true;
        this.#session.moved();
      }
    }

    /** @returns {Pointer | null} null behind a link, and until the script is there */
    #pointing() {
      if (!this.#request.link) {
        this.#pointer ??= notime.createPointer?.(this.#request.styles.source) ?? null;
        this.#pointer?.look(this.#article?.root ?? null);
      }
      return this.#pointer;
    }
  }

  /** What tells one article of a site from another; a fragment is a place in one. */
  function address() {
    return location.pathname + location.search;
  }
})();

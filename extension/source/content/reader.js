/**
 * The panel in an article's page: where it stands, what it sends, how it shows where a sentence comes from.
 */
(() => {
  /** Pixels of the article's type that the panel takes over; below and above it keeps to these. */
  const TYPE_SIZES = { least: 15, most: 21 };

  /** How often one article's page may throw the panel out before it is left out. */
  const RETURNS = 5;

  /** Of a page's text: what is more than this is the article. */
  const MOST = 0.5;

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
    #watch = new MutationObserver(() => this.#look());
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

    async selection() {
      return String(getSelection());
    }

    /** @returns {Promise<Content>} the link, the selection, or the page without the panel */
    async content() {
      const { link, selection } = this.#request;
      if (link || selection) {
        return link ? { link } : { text: selection ?? "" };
      }
      const { host } = this.#view;
      if (this.#stale || !host.isConnected) {
        this.#place();
      }
      const text = typedText();
      if (text) {
        return { text };
      }
      host.dataset.notime = "";
      const page = document.documentElement.outerHTML;
      const own = host.outerHTML;
      delete host.dataset.notime;
      return { html: framedPage() ?? page.replace(own, "") };
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
      this.#stale &&= !this.#article;
      const { theme } = this.#request;
      const [own, tint] = notime.pageTheme(host);
      this.#view.setTheme(theme === "page" ? own : theme, theme === "page" ? tint : "");
      const { fontFamily, fontSize } = getComputedStyle(this.#article?.first ?? host.parentElement ?? host);
      const size = Math.min(TYPE_SIZES.most, Math.max(TYPE_SIZES.least, parseFloat(fontSize) || 0));
      this.#view.setType({ family: fontFamily, size });
      // All of it: an article may go with what holds it.
      this.#watch.observe(document, { childList: true, subtree: true });
    }

    /** A page may come to another article, or build itself anew and drop the panel, which comes back but does not fight. */
    #look() {
      if (this.#address !== address() && !this.#request.link) {
        this.#address = address();
        this.#stale = true;
        this.#returns = 0;
        this.#session.moved();
      }
      // The new article may come later than its address.
      const lost = !this.#view.host.isConnected || (this.#stale && this.#article?.root.isConnected !== true);
      if (lost && this.#returns < RETURNS) {
        this.#returns += 1;
        this.#place();
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

  /** What tells one article of a site from another; a fragment is a place in one, unless it is a path. */
  function address() {
    const { pathname, search, hash } = location;
    return pathname + search + (/^#[!/]/.test(hash) ? hash : "");
  }

  /** @param {Document | null} [page] */
  const lengthOf = (page) => page?.body?.innerText.length ?? 0;

  /** @returns {string} what is set as it was typed, where that is the page */
  function typedText() {
    const all = [...document.querySelectorAll("pre")].map((each) => each.innerText);
    const text = all.sort((a, b) => b.length - a.length)[0] ?? "";
    return text.length > MOST * lengthOf(document) ? text : "";
  }

  /** @returns {string | undefined} the page in a frame that says more than what is around it */
  function framedPage() {
    const pages = [...document.querySelectorAll("iframe")].map((each) => each.contentDocument);
    return pages.find((each) => MOST * lengthOf(each) > lengthOf(document))?.documentElement.outerHTML;
  }
})();

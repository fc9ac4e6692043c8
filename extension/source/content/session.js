/**
 * One panel's work: asks the background for a summary, shows what comes, and ends without a trace. Its place
 * is the ground's affair, its looks the view's.
 */
(() => {
  /** Milliseconds. Both browsers end a background that hears nothing for 30 s. */
  const KEEP_ALIVE = 10_000;

  /** Milliseconds before a lost connection is taken up again: the browser may have ended the background. */
  const RESUMES = [0, 250, 1500];

  notime.createSession = (request, ground) => new Session(request, ground);

  class Session {
    #request;
    /** @type {PanelState} */
    #state;
    /** @type {View} */
    #view;
    /** @type {Ground} */
    #ground;
    /** @type {Part | null} */
    #points = null;
    /** @type {Tools | null} */
    #tools = null;
    /** @type {chrome.runtime.Port | null} */
    #port = null;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    #pulse;
    /** How often a lost connection was taken up again by itself. */
    #resumed = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    #resuming;
    /** @type {Map<Length, PanelState>} */
    #finished = new Map();
    #closed = new AbortController();

    /**
     * @param {OpenRequest} request
     * @param {(view: View, session: Session) => Ground} ground
     */
    constructor(request, ground) {
      this.#request = request;
      notime.speak(request.words);
      const offered = request.manner === "offer" || request.manner === "prepare";
      const { length, form, minutes = 0 } = request;
      this.#state = { ...notime.initialState(length, form), offered, minutes };
      this.#view = notime.createView(
        {
          start: () => this.start(),
          stop: () => this.stop(),
          close: () => this.close(),
          options: () => this.#tell({ type: "options" }),
          notHere: () => {
            this.#tell({ type: "not_here" });
            this.close();
          },
          leave: () => (this.#state.phase === "reading" ? this.stop() : this.#ground.back()),
        },
        request.styles.panel,
      );
      this.#view.render({ ...this.#state, phase: offered ? "ready" : "reading" });
      this.#ground = ground(this.#view, this);
      this.#show(this.#state);
      if (request.manner === "prepare") {
        void this.#prepare();
      }
      // The back/forward cache would keep the port, and with it the work, alive.
      addEventListener("pagehide", () => this.stop(), { signal: this.#closed.signal });
    }

    /**
     * @param {OpenRequest} request
     * @returns {boolean} whether what is asked for is on show already
     */
    shows({ selection, link }) {
      const { phase } = this.#state;
      const same = selection === this.#request.selection && link === this.#request.link;
      return same && (phase === "reading" || phase === "done");
    }

    /** @param {{refresh?: boolean}} [how] */
    start({ refresh = false } = {}) {
      this.#resumed = 0;
      this.#finished.clear();
      this.#ask(refresh);
    }

    stop() {
      this.#disconnect();
      if (this.#state.phase === "reading") {
        this.#show({ ...this.#state, phase: "stopped" });
      }
    }

    close() {
      this.#disconnect();
      this.#closed.abort();
      this.#tools?.close();
      this.#ground.release();
    }

    moved() {
      this.#disconnect();
      this.#finished.clear();
      this.#ground.clear();
      this.#show({ ...notime.initialState(this.#state.length, this.#state.form), phase: "moved" });
    }

    focus() {
      this.#ground.reveal();
      this.#view.focus();
    }

    /** @param {boolean} [refresh] */
    #ask(refresh = false) {
      this.#disconnect();
      const { length, form } = this.#state;
      this.#show({ ...notime.initialState(length, form), phase: "reading" });
      void this.#connect(refresh);
    }

    /** @param {boolean} refresh */
    async #connect(refresh) {
      let code = "interrupted";
      try {
        const port = chrome.runtime.connect({ name: "summary" });
        this.#port = port;
        port.onMessage.addListener((event) => this.#take(event));
        port.onDisconnect.addListener(() => {
          if (this.#port === port) {
            this.#take({ type: "problem", problem: { code: "interrupted" } });
          }
        });
        code = "reader_failed";
        const content = await this.#content();
        if (this.#port === port) {
          port.postMessage({ type: "summarize", ...content, ...(refresh ? { refresh } : {}) });
          this.#pulse = setInterval(() => port.postMessage({ type: "alive" }), KEEP_ALIVE);
        }
      } catch {
        this.#fail(code);
      }
    }

    /** @param {string} code */
    #fail(code) {
      // The extension may have been updated or removed under the page.
      this.#take({ type: "problem", problem: { code: chrome.runtime?.id ? code : "updated" } });
    }

    async #content() {
      const content = await this.#ground.content();
      return {
        ...content,
        url: this.#ground.url(),
        title: this.#ground.title(),
        length: this.#state.length,
      };
    }

    async #prepare() {
      this.#tell({ type: "prepare", request: { type: "prepare", ...(await this.#content()) } });
    }

    #disconnect() {
      clearInterval(this.#pulse);
      clearTimeout(this.#resuming);
      this.#port?.disconnect();
      this.#port = null;
    }

    /** @param {SummaryEvent} event */
    #take(event) {
      const pause = RESUMES[this.#resumed];
      if (event.type === "problem" && event.problem.code === "interrupted" && pause !== undefined) {
        this.#disconnect();
        this.#resumed += 1;
        this.#resuming = setTimeout(() => this.#ask(), pause);
        return;
      }
      this.#show(notime.nextState(this.#state, event));
      if (this.#state.phase !== "reading") {
        this.#disconnect();
      }
      if (this.#state.phase === "done") {
        this.#finished.set(this.#state.length, this.#state);
      }
      if (event.type === "article" || event.type === "done") {
        void this.#addParts(event.type === "done");
      }
    }

    /**
     * Brings in what a summary needs and a click does not.
     *
     * @param {boolean} now or there is nothing to show it with
     */
    async #addParts(now) {
      if (!notime.addTools) {
        await chrome.runtime.sendMessage({ type: "more" }).catch(() => {});
      }
      if (this.#closed.signal.aborted) {
        return;
      }
      if (!notime.addTools) {
        if (now) {
          this.#state = { ...this.#state, phase: "reading" };
          this.#fail("interrupted");
        }
        return;
      }
      this.#points ??=
        notime.addPoints?.(this.#view, {
          point: (sentence) => this.#ground.point(sentence),
          visit: (sentence) => void this.#visit(sentence),
        }) ?? null;
      this.#tools ??=
        notime.addTools?.(this.#view, {
          state: () => this.#state,
          url: () => this.#ground.url(),
          title: () => this.#ground.title(),
          setLength: (length) => this.#setLength(length),
          setForm: (form) => this.#show({ ...this.#state, form }),
          again: () => this.start({ refresh: true }),
          open: (page) => this.#tell({ type: page === "history" ? "open_history" : page }),
        }) ?? null;
      this.#show(this.#state);
    }

    /** @param {PanelState} state */
    #show(state) {
      this.#state = state;
      // A summary is there when its sentences can be shown.
      this.#view.render(state.phase === "done" && !this.#points ? { ...state, phase: "reading" } : state);
      this.#points?.render(state);
      this.#tools?.render(state);
    }

    /** @param {Length} length */
    #setLength(length) {
      const finished = this.#finished.get(length);
      if (finished) {
        this.#show({ ...finished, form: this.#state.form });
      } else {
        this.#state = { ...this.#state, length };
        this.#ask();
      }
    }

    /** @param {SummarySentence} sentence */
    async #visit(sentence) {
      if (!(await this.#ground.visit(sentence))) {
        this.#view.say(notime.text("source_not_found"));
      }
    }

    /** @param {object} message */
    #tell(message) {
      void chrome.runtime.sendMessage(message).catch(() => this.#fail("interrupted"));
    }
  }
})();

/**
 * One panel's work: asks the background for a summary, shows what comes, and ends without a trace.
 */
(() => {
  /** Milliseconds. Both browsers end a background that hears nothing for 30 s. */
  const KEEP_ALIVE = 10_000;

  /** Milliseconds before a lost connection is taken up again: the browser may have ended the background. */
  const RESUMES = [0, 250, 1500];

  /** Seconds before a busy daemon is asked again, where it does not say. */
  const PATIENCE = 5;

  /** What cannot be shown without furnish.js. */
  const ENDS = ["done", "problem"];

  notime.createSession = (request, ground) => new Session(request, ground);

  class Session {
    request;
    /** @type {PanelState} */
    state;
    /** @type {PanelState | null} what is being made while the summary before it stays on show */
    #coming = null;
    /** @type {PanelState | null} the summary that was on show last */
    #last = null;
    /** @type {View} */
    #view;
    /** @type {Ground} */
    ground;
    /** @type {Promise<Content> | null} what was sent, and is again for another length */
    #content = null;
    /** @type {Furniture | null} */
    #parts = null;
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
      this.request = request;
      notime.speak(request.words);
      notime.command = request.command;
      const offered = request.manner === "offer" || request.manner === "prepare";
      const { length, form, minutes = 0 } = request;
      this.state = { ...notime.initialState(length, form), offered, minutes };
      this.#view = notime.createView(
        {
          start: () => this.start(),
          stop: () => this.stop(),
          close: () => this.close(),
          notHere: () => {
            void this.tell({ type: "not_here" });
            this.close();
          },
          leave: () => this.leave(),
        },
        request.styles.panel,
      );
      this.#view.render({ ...this.state, phase: offered ? "ready" : "reading" });
      this.ground = ground(this.#view, this);
      this.#show(this.state);
      if (request.manner === "prepare") {
        void this.prepare(length);
      }
      // Else the back/forward cache keeps the port, and with it the work, alive.
      addEventListener("pagehide", () => this.stop(), { signal: this.#closed.signal });
    }

    /**
     * @param {OpenRequest} request
     * @returns {boolean} whether what is asked for is on show already
     */
    shows({ selection, link }) {
      const { phase } = this.state;
      const same = selection === this.request.selection && link === this.request.link;
      return same && (phase === "reading" || phase === "done");
    }

    start() {
      this.#resumed = 0;
      this.#coming = this.#content = null;
      this.#finished.clear();
      this.#ask();
    }

    /** Makes it anew, and shows the old one until then. */
    again() {
      this.#content = null;
      this.#finished.clear();
      this.#renew(true);
    }

    stop() {
      this.#disconnect();
      if (this.#coming && this.#last) {
        this.#coming = null;
        this.#show({ ...this.#last, form: this.state.form });
      } else if (this.state.phase === "reading") {
        this.#show({ ...this.state, phase: "stopped" });
      }
    }

    /** Escape. */
    leave() {
      if (this.#coming || this.state.phase === "reading") {
        this.stop();
      } else {
        this.ground.back();
      }
    }

    close() {
      this.#disconnect();
      this.#closed.abort();
      this.#parts?.close();
      this.ground.release();
    }

    moved() {
      this.#disconnect();
      this.#coming = this.#content = null;
      this.#finished.clear();
      this.ground.clear();
      this.#show({ ...notime.initialState(this.state.length, this.state.form), phase: "moved" });
    }

    focus() {
      this.ground.reveal();
      this.#view.focus();
    }

    /** @param {Length} length */
    setLength(length) {
      this.stop();
      const finished = this.#finished.get(length);
      if (finished) {
        this.#show({ ...finished, form: this.state.form });
      } else {
        this.state = { ...this.state, length };
        this.#renew();
      }
    }

    /** @param {Form} form */
    setForm(form) {
      this.#show({ ...this.state, form });
    }

    /**
     * Has a summary made beforehand.
     *
     * @param {Length} length
     * @returns {Promise<unknown>} `busy` where that has to wait
     */
    async prepare(length) {
      const request = { ...(await this.#whole()), length, type: "prepare" };
      return this.tell({ type: "prepare", request });
    }

    /**
     * @param {object} message
     * @returns {Promise<any>} what the background answers
     */
    async tell(message) {
      return chrome.runtime.sendMessage(message).catch(() => this.#fail("interrupted"));
    }

    #renew(refresh = false) {
      this.#resumed = 0;
      this.#coming = this.state;
      this.#ask(refresh);
    }

    #ask(refresh = false) {
      this.#disconnect();
      const { length, form } = this.state;
      /** @type {PanelState} */
      const fresh = { ...notime.initialState(length, form), phase: "reading" };
      this.#show(this.#coming ? { ...this.state, renewing: true, progress: null } : fresh);
      this.#coming &&= fresh;
      void this.#connect(refresh);
    }

    /** @param {boolean} refresh */
    async #connect(refresh) {
      let code = "interrupted";
      try {
        const port = chrome.runtime.connect({ name: "summary" });
        this.#port = port;
        port.onMessage.addListener((event) => this.#take(event, refresh));
        port.onDisconnect.addListener(() => {
          if (this.#port === port) {
            this.#take({ type: "problem", problem: { code: "interrupted" } }, refresh);
          }
        });
        code = "reader_failed";
        const content = await this.#whole();
        if (this.#port === port) {
          const { length } = this.state;
          port.postMessage({ type: "summarize", ...content, length, ...(refresh ? { refresh } : {}) });
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

    async #whole() {
      const content = await (this.#content ??= this.ground.content());
      return { ...content, url: this.ground.url(), title: this.ground.title() };
    }

    #disconnect() {
      clearInterval(this.#pulse);
      clearTimeout(this.#resuming);
      this.#port?.disconnect();
      this.#port = null;
    }

    /**
     * @param {SummaryEvent} event
     * @param {boolean} [refresh] what the request was
     */
    #take(event, refresh) {
      const { code = "", retryAfter = 0 } = event.type === "problem" ? event.problem : {};
      const lost = code === "interrupted" ? RESUMES[this.#resumed] : undefined;
      if (lost !== undefined || code === "busy") {
        this.#disconnect();
        const seconds = retryAfter || PATIENCE;
        this.#resumed += lost === undefined ? 0 : 1;
        this.#resuming = setTimeout(() => this.#ask(refresh), lost ?? 1000 * seconds);
        if (lost === undefined) {
          this.#show({ ...this.state, stage: "busy", ahead: seconds });
        }
        return;
      }
      const state = notime.nextState(this.#coming ?? this.state, event);
      if (state.phase !== "reading") {
        this.#disconnect();
      }
      if (state.phase === "done") {
        this.#finished.set(state.length, state);
      }
      if (this.#coming && state.phase === "reading") {
        this.#coming = state;
        this.#show({ ...this.state, progress: state.progress });
      } else {
        const { form } = this.state;
        this.#coming = null;
        this.#show({ ...state, form });
      }
      if (["article", "done", "problem"].includes(event.type)) {
        void this.#furnish();
      }
    }

    /** Brings in what a summary and a problem need and a click does not. */
    async #furnish() {
      if (!notime.furnish) {
        await chrome.runtime.sendMessage({ type: "more" }).catch(() => {});
      }
      if (this.#closed.signal.aborted) {
        return;
      }
      if (notime.furnish) {
        this.#parts ??= notime.furnish(this.#view, this);
        this.#show(this.state);
      } else if (ENDS.includes(this.state.phase)) {
        this.#view.render({ ...this.state, phase: "problem" });
      }
    }

    /** @param {PanelState} state */
    #show(state) {
      this.state = state;
      if (state.phase === "done") {
        this.#last = state.renewing ? this.#last : state;
      }
      // A summary is there when its sentences can be shown.
      const early = ENDS.includes(state.phase) && !this.#parts;
      this.#parts?.hold(state);
      this.#view.render(early ? { ...state, phase: "reading" } : state);
      this.#parts?.render(state);
    }
  }
})();

/**
 * The panel's elements, in a closed shadow root, and how a state looks in them. All text goes in as text.
 */
(() => {
  /** @typedef {import("../../types/notime.js").PanelState} PanelState */
  /** @typedef {import("../../types/notime.js").SummarySentence} SummarySentence */
  /** @typedef {import("../../types/notime.js").Length} Length */

  /** Sentences to keep room for while there are none. */
  const EXPECTED = { headline: 1, brief: 3, full: 6 };

  /** Words a minute; the daemon counts the article's reading time alike. */
  const READING_SPEED = 238;

  /** Pixels that a pointer may move between down and up and still have clicked rather than selected text. */
  const CLICK_SLACK = 4;

  const ICONS = {
    mark: "M4 6h16M4 12h11M4 18h6",
    close: "M6 6l12 12M18 6L6 18",
    source: "M5 4v8a4 4 0 0 0 4 4h10M14 11l5 5-5 5",
  };

  notime.createView = (actions, style) => {
    const host = document.createElement("div");
    const root = host.attachShadow({ mode: "closed" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];

    const title = element("p", { className: "title", id: "title" });
    title.append(icon("mark"), text("question"));
    const lengths = lengthSwitch(actions.setLength);
    const stop = button("stop", "quiet", actions.stop);
    const close = button("close", "quiet icon", actions.close);
    close.replaceChildren(icon("close"));
    close.ariaLabel = text("close");
    const head = element("div", { className: "head" });
    head.append(title, lengths.group, stop, close);

    const status = element("p", { className: "status", role: "status" });
    const heard = element("p", { className: "heard", role: "status" });
    const bar = element("div", { className: "bar", role: "progressbar", ariaLabel: text("progress") });
    const filled = element("i");
    bar.append(filled);
    const points = element("ul", { className: "points" });

    const command = element("div", { className: "command" });
    const code = element("code");
    const copyCommand = button("copy", "quiet", () => {
      void copyText(code.textContent, root).then((done) => heardOnce(text(done ? "copied" : "copy_failed")));
    });
    command.append(code, copyCommand);

    const meta = element("p", { className: "meta" });
    const copy = button("copy", "quiet", actions.copy);
    const again = button("again", "quiet", actions.again);
    const start = button("get_summary", "primary", actions.start);
    const retry = button("try_again", "primary", actions.start);
    const options = button("open_settings", "primary", actions.options);
    const dismiss = button("close", "primary", actions.close);
    const buttons = element("div", { className: "actions" });
    buttons.append(start, retry, options, dismiss, copy, again);
    const foot = element("div", { className: "foot" });
    foot.append(meta, buttons);

    const panel = element("section", { className: "panel", tabIndex: -1 });
    panel.setAttribute("aria-labelledby", "title");
    panel.append(head, status, bar, points, command, foot, heard);
    const frame = element("div", { className: "frame", dir: chrome.i18n.getMessage("@@bidi_dir") || "ltr" });
    frame.append(panel);
    root.append(frame);

    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && event.isTrusted) {
        actions.leave();
      }
    });
    for (const type of ["keydown", "keypress", "keyup"]) {
      // The page's own shortcuts are not meant for the panel.
      panel.addEventListener(type, (event) => event.stopPropagation());
    }

    /** @param {string} message */
    function heardOnce(message) {
      heard.textContent = "";
      requestAnimationFrame(() => {
        heard.textContent = message;
      });
    }

    /** @param {PanelState} state */
    function render(state) {
      const { phase, problem } = state;
      const hadFocus = root.activeElement;
      panel.dataset.phase = phase;
      panel.ariaBusy = String(phase === "reading");
      setText(status, statusText(state));
      const remedy = problem && phase === "problem" ? notime.problemText(problem.code) : null;

      stop.hidden = phase !== "reading";
      close.hidden = phase === "reading";
      lengths.group.hidden = phase !== "done";
      lengths.set(state.length);
      bar.hidden = phase !== "reading";
      showProgress(state.progress);
      renderPoints(state);
      setText(code, remedy?.command ?? "");
      command.hidden = !remedy?.command;
      start.hidden = phase !== "ready" && phase !== "stopped";
      retry.hidden = remedy?.action !== "retry";
      options.hidden = remedy?.action !== "options";
      dismiss.hidden = remedy?.action !== "close";
      copy.hidden = again.hidden = phase !== "done";
      setText(meta, phase === "done" ? metaText(state) : "");
      meta.hidden = meta.textContent === "";
      if (hadFocus instanceof HTMLElement && hadFocus.closest("[hidden]")) {
        panel.focus({ preventScroll: true });
      }
    }

    /** @param {number | null} progress */
    function showProgress(progress) {
      if (progress === null) {
        bar.removeAttribute("aria-valuenow");
        filled.style.removeProperty("inline-size");
      } else {
        const percent = String(Math.round(100 * progress));
        bar.setAttribute("aria-valuenow", percent);
        filled.style.setProperty("inline-size", `${percent}%`);
      }
    }

    /** @param {PanelState} state */
    function renderPoints({ phase, sentences, length, article }) {
      const count = phase === "reading" ? Math.max(EXPECTED[length], sentences.length) : sentences.length;
      while (points.children.length > count) {
        points.lastElementChild?.remove();
      }
      while (points.children.length < count) {
        points.append(createPoint());
      }
      points.hidden = count === 0;
      points.lang = article?.language ?? "";
      points.dir = sentences.length > 0 ? "auto" : "";
      [...points.children].forEach((point, place) => {
        showSentence(/** @type {HTMLLIElement} */ (point), sentences[place]);
      });
    }

    function createPoint() {
      const point = element("li");
      const words = element("p", { className: "text" });
      words.setAttribute("aria-live", "polite");
      const tag = element("span", {
        className: "tag",
        textContent: text("quoted"),
        title: text("quoted_long"),
      });
      const source = button("show_source", "source", () => visit(point));
      source.replaceChildren(icon("source"));
      source.ariaLabel = text("show_source");
      point.append(words, tag, source);
      point.addEventListener("pointerenter", () => actions.point(shown.get(point) ?? null));
      point.addEventListener("pointerleave", () => actions.point(null));
      source.addEventListener("focus", () => actions.point(shown.get(point) ?? null));
      source.addEventListener("blur", () => actions.point(null));
      onClick(point, () => visit(point));
      return point;
    }

    /** @type {WeakMap<Element, SummarySentence>} */
    const shown = new WeakMap();

    /** @param {Element} point */
    function visit(point) {
      const sentence = shown.get(point);
      if (sentence) {
        actions.visit(sentence);
      }
    }

    /**
     * @param {HTMLLIElement} point
     * @param {SummarySentence | undefined} sentence
     */
    function showSentence(point, sentence) {
      const [words, tag, source] = /** @type {HTMLCollectionOf<HTMLElement>} */ (point.children);
      point.classList.toggle("empty", !sentence);
      point.classList.toggle("sourced", Boolean(sentence?.sources.length));
      if (sentence) {
        shown.set(point, sentence);
        point.dataset.method = sentence.method;
      } else {
        shown.delete(point);
        delete point.dataset.method;
      }
      if (words && tag && source) {
        tag.hidden = sentence?.method !== "extracted";
        tag.title = [text("quoted_long"), ...(sentence?.reasons ?? [])].join("\n");
        source.hidden = !sentence?.sources.length;
        source.title = sentence?.sources.map((each) => each.text).join("\n") ?? "";
        // What is said once is a change of text in an element that was there before.
        if (words.isConnected) {
          setText(words, sentence?.text ?? "");
        }
      }
    }

    return {
      host,
      render,
      setTheme(theme) {
        frame.dataset.theme = theme;
      },
      setType({ family, size }) {
        frame.style.setProperty("--family", family);
        frame.style.setProperty("--size", `${size}px`);
      },
      focus() {
        panel.focus({ preventScroll: true });
      },
      say: heardOnce,
      copy: (words) => copyText(words, root),
    };
  };

  /** @param {PanelState} state */
  function statusText({ phase, stage, sentences, problem }) {
    switch (phase) {
      case "reading":
        return text(`reading_${stage}`);
      case "done":
        return sentences.length === 1 ? text("done_one") : text("done_many", String(sentences.length));
      case "stopped":
        return text("stopped");
      case "problem":
        return text(notime.problemText(problem?.code ?? "").message);
      default:
        return text("ready");
    }
  }

  /** @param {PanelState} state */
  function metaText({ article, sentences, fraction }) {
    const words = sentences.reduce((sum, sentence) => sum + sentence.text.split(/\s+/).length, 0);
    const seconds = Math.max(5, 5 * Math.round((12 * words) / READING_SPEED));
    const parts = [];
    if (article?.minutes) {
      parts.push(text("meta_article", String(article.minutes)), text("meta_summary", String(seconds)));
    }
    if (fraction < 1) {
      parts.push(text("meta_coverage", String(Math.min(99, Math.floor(100 * fraction)))));
    }
    return parts.join(" · ");
  }

  /** @param {(length: Length) => void} choose */
  function lengthSwitch(choose) {
    const group = element("div", { className: "lengths", role: "group", ariaLabel: text("length") });
    const choices = /** @type {Length[]} */ (Object.keys(EXPECTED)).map((length) => ({
      length,
      button: button(`length_${length}`, "", () => choose(length)),
    }));
    group.append(...choices.map((choice) => choice.button));
    return {
      group,
      /** @param {Length} chosen */
      set(chosen) {
        for (const choice of choices) {
          choice.button.ariaPressed = String(choice.length === chosen);
        }
      },
    };
  }

  /**
   * @param {string} words
   * @param {ShadowRoot} root
   * @returns {Promise<boolean>}
   */
  async function copyText(words, root) {
    try {
      await navigator.clipboard.writeText(words);
      return true;
    } catch {
      // Plain-http pages have no clipboard of their own.
      const field = element("textarea", { value: words, className: "heard" });
      const focused = root.activeElement;
      root.append(field);
      field.select();
      const copied = document.execCommand("copy");
      field.remove();
      if (focused instanceof HTMLElement) {
        focused.focus({ preventScroll: true });
      }
      return copied;
    }
  }

  /**
   * A click of the reader's, not of a script of the page's, and not the end of a selection of text.
   *
   * @param {HTMLElement} target
   * @param {() => void} act
   */
  function onClick(target, act) {
    let from = { x: 0, y: 0 };
    target.addEventListener("pointerdown", ({ clientX: x, clientY: y }) => {
      from = { x, y };
    });
    target.addEventListener("click", (event) => {
      const moved =
        event.detail > 0 && Math.hypot(event.clientX - from.x, event.clientY - from.y) > CLICK_SLACK;
      if (event.isTrusted && !moved) {
        event.stopPropagation();
        act();
      }
    });
  }

  /**
   * @param {string} message
   * @param {string} className
   * @param {() => void} act
   */
  function button(message, className, act) {
    const made = element("button", { type: "button", className, textContent: text(message), name: message });
    onClick(made, act);
    return made;
  }

  /**
   * @template {keyof HTMLElementTagNameMap} Tag
   * @param {Tag} tag
   * @param {Partial<HTMLElementTagNameMap[Tag]>} [properties]
   * @returns {HTMLElementTagNameMap[Tag]}
   */
  function element(tag, properties = {}) {
    return Object.assign(document.createElement(tag), properties);
  }

  /** @param {keyof typeof ICONS} name */
  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  }

  /**
   * @param {Element} target
   * @param {string} words
   */
  function setText(target, words) {
    if (target.textContent !== words) {
      target.textContent = words;
    }
  }

  /**
   * @param {string} message
   * @param {...string} values
   */
  function text(message, ...values) {
    return chrome.i18n.getMessage(message, values);
  }
})();

/**
 * The panel's elements, in a closed shadow root, and how a state looks in them. All text goes in as text.
 */
(() => {
  /** Sentences to keep room for while there are none. */
  const EXPECTED = { headline: 1, brief: 3, full: 6 };

  const { element, icon, button, setText, copy } = notime.make;
  const { text } = notime;

  notime.createView = (actions, style) => {
    const host = document.createElement("div");
    const root = host.attachShadow({ mode: "closed" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];

    const title = element("p", { className: "title", id: "title" });
    title.append(icon("mark"), text("question"));
    const stop = button("stop", "quiet", actions.stop);
    const close = button("close", "quiet icon", actions.close);
    close.replaceChildren(icon("close"));
    close.ariaLabel = text("close");
    const head = element("div", { className: "head" });
    head.append(title, stop, close);

    const status = element("p", { className: "status", role: "status" });
    const heard = element("p", { className: "heard", role: "status" });
    const bar = element("div", { className: "bar", role: "progressbar", ariaLabel: text("progress") });
    const filled = element("i");
    bar.append(filled);
    const points = element("ul", { className: "points" });

    const command = element("div", { className: "command" });
    const code = element("code");
    const copyCommand = button("copy", "quiet", () => {
      void copy(code.textContent, root).then((done) => say(text(done ? "copied" : "copy_failed")));
    });
    command.append(code, copyCommand);

    const meta = element("p", { className: "meta" });
    const start = button("get_summary", "primary", actions.start);
    const notHere = button("not_here", "quiet", actions.notHere);
    const retry = button("try_again", "primary", actions.start);
    const options = button("open_settings", "primary", actions.options);
    const dismiss = button("close", "primary", actions.close);
    const buttons = element("div", { className: "actions" });
    buttons.append(start, notHere, retry, options, dismiss);
    const foot = element("div", { className: "foot" });
    foot.append(meta, buttons);

    const panel = element("section", { className: "panel", tabIndex: -1 });
    panel.setAttribute("aria-labelledby", "title");
    panel.append(head, status, bar, points, command, foot, heard);
    const frame = element("div", { className: "frame", dir: notime.direction() });
    frame.append(panel);
    root.append(frame);

    frame.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && event.isTrusted && !event.defaultPrevented) {
        actions.leave();
      }
    });
    for (const type of ["keydown", "keypress", "keyup"]) {
      // The page's own shortcuts are not meant for the panel.
      frame.addEventListener(type, (event) => event.stopPropagation());
    }

    /** @param {string} message */
    function say(message) {
      heard.textContent = "";
      requestAnimationFrame(() => {
        heard.textContent = message;
      });
    }

    /** @param {PanelState} state */
    function render(state) {
      const { phase, problem, offered, sentences, length } = state;
      const hadFocus = root.activeElement;
      panel.dataset.phase = phase;
      panel.classList.toggle("offered", offered && phase === "ready");
      panel.ariaBusy = String(phase === "reading");
      setText(status, statusText(state));
      const remedy = problem && phase === "problem" ? notime.problemText(problem.code) : null;

      stop.hidden = bar.hidden = phase !== "reading";
      close.hidden = phase === "reading";
      showProgress(state.progress);
      keepRoom(phase === "reading" ? Math.max(EXPECTED[length], sentences.length) : sentences.length);
      setText(code, remedy?.command ?? "");
      command.hidden = !remedy?.command;
      start.hidden = !["ready", "stopped", "moved"].includes(phase);
      notHere.hidden = !offered || phase !== "ready";
      retry.hidden = remedy?.action !== "retry";
      options.hidden = remedy?.action !== "options";
      dismiss.hidden = remedy?.action !== "close";
      meta.hidden = phase !== "done";
      if (hadFocus instanceof HTMLElement && hadFocus.closest("[hidden]")) {
        panel.focus({ preventScroll: true });
      }
    }

    /** @param {number | null} progress */
    function showProgress(progress) {
      if (progress === null) {
        bar.removeAttribute("aria-valuenow");
        filled.style.removeProperty("scale");
      } else {
        const percent = String(Math.round(100 * progress));
        bar.setAttribute("aria-valuenow", percent);
        filled.style.setProperty("scale", `${progress} 1`);
      }
    }

    /** @param {number} count of lines for sentences, filled or not */
    function keepRoom(count) {
      points.hidden = count === 0;
      while (points.children.length > count) {
        points.lastElementChild?.remove();
      }
      while (points.children.length < count) {
        const point = element("li", { className: "empty" });
        const words = element("p", { className: "text" });
        // What is said once is a change of text in an element that was there before.
        words.setAttribute("aria-live", "polite");
        point.append(words);
        points.append(point);
      }
    }

    return {
      host,
      parts: { root, frame, head, points, meta, actions: buttons },
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
      say,
    };
  };

  /** @param {PanelState} state */
  function statusText({ phase, stage, sentences, problem, minutes, offered }) {
    switch (phase) {
      case "reading":
        return text(`reading_${stage}`);
      case "done":
        return sentences.length === 1 ? text("done_one") : text("done_many", String(sentences.length));
      case "problem":
        return text(notime.problemText(problem?.code ?? "").message);
      case "ready":
        return offered && minutes > 0 ? text("ready_minutes", String(minutes)) : text("ready");
      default:
        return text(phase);
    }
  }
})();

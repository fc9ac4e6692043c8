/**
 * The panel's elements, in a closed shadow root, and how a state looks in them. All text goes in as text.
 */
(() => {
  /** Sentences to keep room for while there are none; points.css says how long they are. */
  const EXPECTED = { headline: 1, brief: 4, full: 7 };

  const { element, icon, button, setText } = notime.make;
  const { text } = notime;

  notime.createView = (actions, style) => {
    const host = document.createElement("div");
    const root = host.attachShadow({ mode: "closed" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];

    const title = element("p", { className: "title", id: "title" });
    title.append(icon("mark"), element("span", { textContent: text("question") }));
    const close = button("close", "quiet icon", actions.close);
    close.replaceChildren(icon("close"));
    close.ariaLabel = text("close");
    const head = element("div", { className: "head" });
    head.append(title, close);

    const status = element("p", { className: "status", role: "status" });
    const points = element("ul", { className: "points" });
    const body = element("div", { className: "body" });
    body.append(points);

    const meta = element("p", { className: "meta" });
    const bar = element("div", { className: "bar", role: "progressbar", ariaLabel: text("progress") });
    const filled = element("i");
    bar.append(filled);
    const stop = button("stop", "quiet", actions.stop);
    const start = button("get_summary", "primary", actions.start);
    const notHere = button("not_here", "quiet", actions.notHere);
    const buttons = element("div", { className: "actions" });
    buttons.append(stop, start, notHere);
    const foot = element("div", { className: "foot" });
    foot.append(bar, meta, buttons);

    const panel = element("section", { className: "panel", tabIndex: -1 });
    panel.setAttribute("aria-labelledby", "title");
    panel.append(head, status, body, foot);
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

    /** @param {PanelState} state */
    function render(state) {
      const { phase, offered, sentences, length, renewing } = state;
      const hadFocus = root.activeElement;
      const reading = phase === "reading";
      panel.dataset.phase = phase;
      panel.classList.toggle("offered", offered && phase === "ready");
      panel.classList.toggle("renewing", renewing);
      panel.ariaBusy = String(reading || renewing);
      const words = statusText(state);
      setText(status, words);
      setText(meta, reading ? words : "");

      setText(stop, text(state.stage === "waiting" || state.stage === "busy" ? "options_cancel" : "stop"));
      stop.hidden = !reading;
      bar.hidden = !reading && !renewing;
      showProgress(state.progress);
      keepRoom(reading ? Math.max(EXPECTED[length], sentences.length) : sentences.length);
      start.hidden = !["ready", "stopped", "moved"].includes(phase);
      notHere.hidden = !offered || phase !== "ready";
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
      body.hidden = count === 0;
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
      parts: { root, frame, panel, head, status, body, points, foot, meta, actions: buttons },
      render,
      setTheme(theme, tint = "") {
        frame.dataset.theme = theme;
        frame.toggleAttribute("data-tinted", tint !== "");
        frame.style.setProperty("--page", tint);
      },
      setType({ family, size }) {
        frame.style.setProperty("--family", family);
        frame.style.setProperty("--size", `${size}px`);
      },
      focus() {
        panel.focus({ preventScroll: true });
      },
    };
  };

  /** @param {PanelState} state */
  function statusText({ phase, stage, ahead, sentences, minutes, offered }) {
    switch (phase) {
      case "reading":
        return ahead > 0 && (stage === "waiting" || stage === "busy")
          ? text(`reading_${stage}_for`, String(ahead))
          : text(`reading_${stage}`);
      case "done":
        return sentences.length === 1 ? text("done_one") : text("done_many", String(sentences.length));
      case "problem":
        // What more can be told comes with remedy.js, unless the extension was updated under the page.
        return text("problem_updated");
      case "ready":
        return offered && minutes > 0 ? text("ready_minutes", String(minutes)) : text("ready");
      default:
        return text(phase);
    }
  }
})();

/**
 * What a panel gets once there is something to show: sentences, outline, tools, the way out of a problem, passing messages.
 */
(() => {
  /** Milliseconds that a passing message can be seen. */
  const PASSING = 5000;

  const { element, button } = notime.make;
  const { text } = notime;

  notime.furnish = (view, session) => {
    const { root, panel, foot, frame } = view.parts;
    const closed = new AbortController();
    const told = element("p", { className: "told", role: "status" });
    foot.append(told);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let passing;

    /** @param {string} message */
    function say(message) {
      clearTimeout(passing);
      told.textContent = "";
      requestAnimationFrame(() => {
        told.textContent = message;
      });
      passing = setTimeout(() => {
        told.textContent = "";
      }, PASSING);
    }

    /** @param {SummarySentence} sentence */
    async function visit(sentence) {
      if (!(await session.ground.visit(sentence))) {
        say(text("source_not_found"));
      }
    }

    const actions = {
      say,
      session,
      signal: closed.signal,
      point: (/** @type {SummarySentence | null} */ sentence) => session.ground.point(sentence),
      visit: (/** @type {SummarySentence} */ sentence) => void visit(sentence),
    };
    const parts = [notime.addPoints, notime.addOutline, notime.addTools, notime.addRemedy].map((add) =>
      add?.(view, actions),
    );

    // In the top layer, so that it is seen wherever the page is scrolled to.
    const back = button("back", "back", () => session.ground.back());
    back.popover = "manual";
    back.prepend("↑ ");
    frame.append(back);
    notime.wandered = (away) => {
      if (back.isConnected && back.matches(":popover-open") !== away) {
        back.togglePopover(away);
      }
    };
    notime.isOwn = (event) => event.target === root.host;

    /** @param {PanelState} state */
    const render = (state) => parts.forEach((part) => part?.render(state));
    // What came in takes no room before there is something in it: the height that is held is the one seen until now.
    render({ ...session.state, phase: "reading" });
    return {
      hold: holding(panel),
      render,
      close() {
        clearTimeout(passing);
        closed.abort();
        notime.forgetSources?.();
      },
    };
  };

  /**
   * What was kept room for stays as high when it comes, so that nothing below it moves; until the reader changes it.
   *
   * @param {HTMLElement} panel
   * @returns {(next: PanelState) => void}
   */
  function holding(panel) {
    const { style, dataset } = panel;
    let held = "";
    return ({ phase, sentences, length, form, renewing }) => {
      const what = `${length} ${form}`;
      if (dataset.phase === "reading" && (phase === "done" || sentences.length > 0)) {
        if (style.minBlockSize === "") {
          style.minBlockSize = `${panel.offsetHeight}px`;
          held = what;
          addEventListener("resize", () => (style.minBlockSize = ""), { once: true });
        }
      } else if (!renewing && (phase !== "done" || what !== held)) {
        style.minBlockSize = "";
      }
    };
  }
})();

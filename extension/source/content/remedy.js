/**
 * The way out where a summary did not come about: what is wrong, a command to copy, one action; and the look for a daemon
 * that comes back.
 */
(() => {
  /** Milliseconds between two looks whether the daemon runs again. */
  const LOOK = 2000;

  const { element, button, setText } = notime.make;
  const { text } = notime;

  notime.addRemedy = ({ parts }, { session, say, signal }) => {
    const { status, foot, root, actions } = parts;
    const code = element("code", { dir: "ltr" });
    const copy = button("copy", "quiet", () => {
      void notime.copy?.(code.textContent, root).then((done) => say(text(done ? "copied" : "copy_failed")));
    });
    const command = element("div", { className: "command" });
    command.append(code, copy);
    foot.before(command);

    /** @type {Record<string, HTMLButtonElement>} by the action's name */
    const ways = {
      retry: button("try_again", "primary", () => session.start()),
      options: button("open_settings", "primary", () => void session.tell({ type: "options" })),
      selection: button("menu_selection", "primary", () => void takeSelection()),
    };
    actions.append(...Object.values(ways));
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    signal.addEventListener("abort", () => clearTimeout(timer));

    async function takeSelection() {
      const selected = ((await session.ground.selection?.()) ?? "").trim();
      if (selected) {
        session.request.selection = selected;
        session.start();
      } else {
        say(text("select_first"));
      }
    }

    async function look() {
      const answer = document.hidden ? null : await session.tell({ type: "running" });
      if (answer === true && session.state.problem?.code === "not_running") {
        session.start();
      } else {
        wait();
      }
    }

    function wait() {
      clearTimeout(timer);
      if (session.state.problem?.code === "not_running" && !signal.aborted) {
        timer = setTimeout(() => void look(), LOOK);
      }
    }

    return {
      render({ phase, problem }) {
        const remedy = phase === "problem" ? notime.problemText(problem?.code ?? "") : null;
        if (remedy) {
          setText(status, text(remedy.message));
        }
        setText(code, remedy?.command ?? "");
        command.hidden = !remedy?.command;
        for (const [action, way] of Object.entries(ways)) {
          way.hidden = remedy?.action !== action;
        }
        wait();
      },
    };
  };
})();

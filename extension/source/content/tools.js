/**
 * What is done with a summary: another length or form, copied, read aloud, made again.
 */
(() => {
  /** @type {Length[]} */
  const LENGTHS = ["headline", "brief", "full"];
  /** @type {Form[]} */
  const FORMS = ["points", "paragraph"];

  /** Words a minute; the daemon counts the article's reading time alike. */
  const READING_SPEED = 238;

  /** How often the daemon is asked to prepare another length while it has work, and milliseconds between. */
  const TRIES = 30;
  const PAUSE = 1000;

  const { element, icon, button, setText } = notime.make;
  const { text } = notime;

  Object.assign(notime.make.icons, {
    points: "M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01",
    paragraph: "M4 6h16M4 10.7h16M4 15.3h16M4 20h9",
    listen: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9a4.2 4.2 0 0 1 0 6M18.6 6.4a8 8 0 0 1 0 11.2",
    quiet: "M7 6v12M17 6v12",
    copy: "M9 9h10v10H9zM15 9V5H5v10h4",
    more: "M5 12h.01M12 12h.01M19 12h.01",
  });

  notime.addTools = ({ parts }, { session, say, signal }) => {
    const lengths = choice("length", LENGTHS, (length) => session.setLength(length));
    const forms = choice("form", FORMS, (form) => session.setForm(form));
    for (const { value, button: made } of forms.choices) {
      made.replaceChildren(icon(value));
      made.ariaLabel = made.title = text(`form_${value}`);
    }
    parts.head.lastElementChild?.before(lengths.group, forms.group);

    const { request } = session;
    const voice = notime.listening?.(() => render(session.state), signal);
    const listen = button("listen", "quiet icon", () => voice?.toggle(session.state));
    const copyButton = button("copy", "quiet", () => void copyAs(asText));
    const menu = notime.createMenu?.(parts, {
      copy_markdown: () => void copyAs(asMarkdown),
      with_link: () => {
        request.withLink = !request.withLink;
        menu?.check("with_link", request.withLink);
        void session.tell({ type: "with_link", on: request.withLink });
      },
      again: () => session.again(),
      history: () => void session.tell({ type: "open_history" }),
      open_settings: () => void session.tell({ type: "options" }),
    });
    menu?.check("with_link", request.withLink);
    parts.actions.append(listen, copyButton, ...(menu ? [menu.button] : []));
    let prepared = false;

    /** @param {(state: PanelState, title: string, url: string) => string} written */
    async function copyAs(written) {
      const { state, ground } = session;
      const { withLink } = request;
      const title = state.article?.title || ground.title();
      const words = written(state, withLink ? title : "", withLink ? ground.url() : "");
      say(text((await notime.copy?.(words, parts.root)) ? "copied" : "copy_failed"));
    }

    /** Has the other lengths made, one after the other, so that a change is there at once. */
    async function prepareOthers() {
      for (const length of LENGTHS.filter((each) => each !== session.state.length)) {
        for (let tries = 0; tries < TRIES && !signal.aborted && !document.hidden; tries += 1) {
          if ((await session.prepare(length)) !== "busy") {
            break;
          }
          await new Promise((resolve) => setTimeout(resolve, PAUSE));
        }
      }
    }

    /** @param {PanelState} state */
    function render(state) {
      const done = state.phase === "done";
      for (const each of [lengths.group, forms.group, copyButton, menu?.button]) {
        each?.toggleAttribute("hidden", !done);
      }
      lengths.set(state.length);
      forms.set(state.form);
      if (state.phase !== "reading") {
        setText(parts.meta, done ? metaText(state) : "");
      }
      if (!done) {
        prepared = false;
        menu?.close();
        voice?.stop();
      } else if (!prepared && !state.renewing) {
        prepared = true;
        void prepareOthers();
      }
      const speaking = voice?.speaks() ?? -1;
      listen.hidden = !done || !voice?.knows(state.article?.language ?? "");
      listen.ariaPressed = String(speaking >= 0);
      listen.ariaLabel = listen.title = text(speaking >= 0 ? "listen_stop" : "listen");
      listen.replaceChildren(icon(speaking >= 0 ? "quiet" : "listen"));
      [...parts.points.children].forEach((point, place) => {
        point.classList.toggle("spoken", place === speaking);
      });
    }

    return { render };
  };

  /** @param {PanelState} state */
  function metaText({ article, sentences, fraction }) {
    const words = sentences.reduce((sum, sentence) => sum + sentence.text.split(/\s+/).length, 0);
    const seconds = Math.max(5, 5 * Math.round((12 * words) / READING_SPEED));
    const parts = [];
    if (article?.minutes) {
      parts.push(text("meta_article", String(article.minutes)), text("meta_summary", String(seconds)));
      const saved = Math.floor(article.minutes - seconds / 60);
      if (saved > 0) {
        parts.push(text("meta_saved", String(saved)));
      }
    }
    if (fraction < 1) {
      parts.push(text("meta_coverage", String(Math.min(99, Math.floor(100 * fraction)))));
    }
    if (sentences.some((each) => notime.isUnwritten?.(each.reasons))) {
      parts.push(text("meta_unwritten"));
    }
    return parts.join(" · ");
  }

  /**
   * @param {PanelState} state
   * @param {string} title
   * @param {string} url
   */
  function asText({ sentences, form, article }, title, url) {
    const words = sentences.map((each) => each.text).join(form === "points" ? "\n" : gapOf(article));
    return [title, words, url].filter(Boolean).join("\n\n");
  }

  /**
   * @param {PanelState} state
   * @param {string} title
   * @param {string} url
   */
  function asMarkdown({ sentences, outline, form, article }, title, url) {
    const safe = sentences.map((each) => each.text.replace(/[\\`*_[\]<>#|~]/g, "\\$&"));
    const words = form === "points" ? safe.map((each) => `- ${each}`).join("\n") : safe.join(gapOf(article));
    const headings = outline
      .map((each) => `${"  ".repeat(each.depth)}- ${each.text.replace(/[\\`*_[\]<>]/g, "\\$&")}`)
      .join("\n");
    const parts = headings && `### Outline\n\n${headings}`;
    const name = title.replace(/[\\`*_[\]<>]/g, "\\$&");
    const link = url && `<${url}>`;
    const head = name && (url ? `## [${name}](${link})` : `## ${name}`);
    return [head || link, words, parts].filter(Boolean).join("\n\n");
  }

  /**
   * One of several, as buttons side by side.
   *
   * @template {string} T
   * @param {string} name
   * @param {T[]} values
   * @param {(value: T) => void} choose
   */
  function choice(name, values, choose) {
    const group = element("div", { className: "choice", role: "group", ariaLabel: text(name) });
    group.dataset.name = name;
    const choices = values.map((value) => ({
      value,
      button: button(`${name}_${value}`, "", () => choose(value)),
    }));
    group.append(...choices.map((each) => each.button));
    return {
      group,
      choices,
      /** @param {T} chosen */
      set(chosen) {
        for (const each of choices) {
          each.button.ariaPressed = String(each.value === chosen);
        }
      },
    };
  }

  /**
   * @param {ArticleFacts | null} article
   * @returns {string} what stands between two sentences
   */
  function gapOf(article) {
    return /^(ja|zh)/.test(article?.language ?? "") ? "" : " ";
  }
})();

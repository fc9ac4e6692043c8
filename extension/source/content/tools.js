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

  /** Pixels between the menu and its button, and between it and the window's edge. */
  const GAP = 4;

  const { element, icon, button, setText, copy } = notime.make;
  const { text } = notime;

  Object.assign(notime.make.icons, {
    points: "M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01",
    paragraph: "M4 6h16M4 10.7h16M4 15.3h16M4 20h9",
    listen: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9a4.2 4.2 0 0 1 0 6M18.6 6.4a8 8 0 0 1 0 11.2",
    quiet: "M7 6v12M17 6v12",
    copy: "M9 9h10v10H9zM15 9V5H5v10h4",
    more: "M5 12h.01M12 12h.01M19 12h.01",
  });

  notime.addTools = ({ parts, say }, actions) => {
    const lengths = choice("length", LENGTHS, actions.setLength);
    const forms = choice("form", FORMS, actions.setForm);
    for (const { value, button: made } of forms.choices) {
      made.replaceChildren(icon(value));
      made.ariaLabel = made.title = text(`form_${value}`);
    }
    parts.head.lastElementChild?.before(lengths.group, forms.group);

    const voice = listening(() => render(actions.state()));
    const listen = button("listen", "quiet icon", () => voice.toggle(actions.state()));
    const copyButton = button("copy", "quiet", () => void copyAs(asText, true));
    const menu = createMenu(parts, {
      copy_markdown: () => void copyAs(asMarkdown, true),
      copy_bare: () => void copyAs(asText, false),
      copy_bare_markdown: () => void copyAs(asMarkdown, false),
      again: actions.again,
      history: () => actions.open("history"),
      open_settings: () => actions.open("options"),
    });
    parts.actions.append(listen, copyButton, menu.button);

    /**
     * @param {(state: PanelState, title: string, url: string) => string} written
     * @param {boolean} whole with title and link
     */
    async function copyAs(written, whole) {
      const state = actions.state();
      const title = state.article?.title || actions.title();
      const words = written(state, whole ? title : "", whole ? actions.url() : "");
      say(text((await copy(words, parts.root)) ? "copied" : "copy_failed"));
    }

    /** @param {PanelState} state */
    function render(state) {
      const done = state.phase === "done";
      lengths.group.hidden = forms.group.hidden = copyButton.hidden = menu.button.hidden = !done;
      lengths.set(state.length);
      forms.set(state.form);
      setText(parts.meta, done ? metaText(state) : "");
      if (!done) {
        menu.close();
        voice.stop();
      }
      const speaking = voice.speaks();
      listen.hidden = !done || !voice.knows(state.article?.language ?? "");
      listen.ariaPressed = String(speaking >= 0);
      listen.ariaLabel = listen.title = text(speaking >= 0 ? "listen_stop" : "listen");
      listen.replaceChildren(icon(speaking >= 0 ? "quiet" : "listen"));
      [...parts.points.children].forEach((point, place) => {
        point.classList.toggle("spoken", place === speaking);
      });
    }

    return {
      render,
      close() {
        voice.close();
        notime.forgetSources?.();
      },
    };
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
    return parts.join(" · ");
  }

  /**
   * @param {PanelState} state
   * @param {string} title
   * @param {string} url
   */
  function asText({ sentences, form }, title, url) {
    const words = sentences.map((each) => each.text).join(form === "points" ? "\n" : " ");
    return [title, words, url].filter(Boolean).join("\n\n");
  }

  /**
   * @param {PanelState} state
   * @param {string} title
   * @param {string} url
   */
  function asMarkdown({ sentences, form }, title, url) {
    const safe = sentences.map((each) => each.text.replace(/[\\`*_[\]<>#|~]/g, "\\$&"));
    const words = form === "points" ? safe.map((each) => `- ${each}`).join("\n") : safe.join(" ");
    const name = title.replace(/[\\`*_[\]<>]/g, "\\$&");
    const link = url && `<${url}>`;
    const head = name && (url ? `## [${name}](${link})` : `## ${name}`);
    return [head || link, words].filter(Boolean).join("\n\n");
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
   * A menu in the top layer, so that nothing of the page stands over it.
   *
   * @param {ViewParts} parts
   * @param {Record<string, () => void>} acts by their messages
   */
  function createMenu({ frame, root }, acts) {
    const menu = element("div", {
      className: "menu",
      role: "menu",
      popover: "auto",
      ariaLabel: text("more"),
    });
    const items = Object.entries(acts).map(([message, act]) => {
      const item = button(message, "", () => {
        menu.hidePopover();
        act();
      });
      item.role = "menuitem";
      item.tabIndex = -1;
      return item;
    });
    menu.append(...items);
    frame.append(menu);
    const opener = button("more", "quiet icon", () => {});
    opener.replaceChildren(icon("more"));
    opener.ariaLabel = opener.title = text("more");
    opener.ariaHasPopup = "menu";
    opener.ariaExpanded = "false";
    opener.popoverTargetElement = menu;
    // Before it is shown, so that it is never seen elsewhere: from its button to where there is more room.
    menu.addEventListener("beforetoggle", (event) => {
      opener.ariaExpanded = String(event.newState === "open");
      const { left, right, top, bottom } = opener.getBoundingClientRect();
      const [start, room] =
        frame.dir === "rtl" ? [{ left }, innerWidth - left] : [{ right: innerWidth - right }, right];
      const [beside, height] =
        bottom < innerHeight / 2
          ? [{ top: bottom + GAP }, innerHeight - bottom]
          : [{ bottom: innerHeight - top + GAP }, top];
      const places = { left: "auto", right: "auto", top: "auto", bottom: "auto", ...start, ...beside };
      for (const [side, place] of Object.entries(places)) {
        menu.style.setProperty(side, typeof place === "number" ? `${place}px` : place);
      }
      menu.style.maxWidth = `${room - GAP}px`;
      menu.style.maxHeight = `${height - 2 * GAP}px`;
    });
    menu.addEventListener("toggle", (event) => {
      if (event.newState === "open") {
        items[0]?.focus({ preventScroll: true });
      }
    });
    menu.addEventListener("keydown", (event) => {
      const at = items.findIndex((item) => item === root.activeElement);
      const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
      if (next !== undefined) {
        event.preventDefault();
        items.at(next % items.length)?.focus();
      } else if (event.key === "Escape" || event.key === "Tab") {
        event.preventDefault();
        menu.hidePopover();
        opener.focus();
      }
    });
    return { button: opener, close: () => menu.matches(":popover-open") && menu.hidePopover() };
  }

  /**
   * Reads a summary aloud, sentence by sentence, with the browser's own voices.
   *
   * @param {() => void} changed
   */
  function listening(changed) {
    const { speechSynthesis: synthesis } = globalThis;
    let place = -1;

    /**
     * @param {string} language
     * @returns {SpeechSynthesisVoice | undefined} one that speaks on this computer: others send the text away
     */
    function voiceFor(language) {
      const able = (synthesis?.getVoices() ?? []).filter(
        (voice) => voice.localService && voice.lang.slice(0, 2) === language.slice(0, 2),
      );
      return able.find((voice) => voice.default) ?? able[0];
    }

    function stop() {
      if (place >= 0) {
        place = -1;
        synthesis.cancel();
      }
    }

    /**
     * @param {PanelState} state
     * @param {number} next
     */
    function speak(state, next) {
      const sentence = state.sentences[next];
      place = sentence ? next : -1;
      if (sentence) {
        const words = new SpeechSynthesisUtterance(sentence.text);
        words.voice = voiceFor(state.article?.language ?? "") ?? null;
        words.lang = words.voice?.lang ?? "";
        const go = () => {
          if (place === next) {
            speak(state, next + 1);
          }
        };
        words.addEventListener("end", go);
        words.addEventListener("error", () => {
          if (place === next) {
            stop();
            changed();
          }
        });
        synthesis.speak(words);
      }
      changed();
    }

    const closed = new AbortController();
    synthesis?.addEventListener("voiceschanged", changed, { signal: closed.signal });
    return {
      stop,
      close() {
        stop();
        closed.abort();
      },
      speaks: () => place,
      /** @param {string} language */
      knows: (language) => voiceFor(language) !== undefined,
      /** @param {PanelState} state */
      toggle(state) {
        const speaking = place >= 0;
        stop();
        if (speaking) {
          changed();
        } else {
          speak(state, 0);
        }
      },
    };
  }
})();

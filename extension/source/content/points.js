/**
 * The sentences of a summary: each with its source, and with the reason where it is the article's own.
 */
(() => {
  /** Pixels that a pointer may move between down and up and still have clicked rather than selected text. */
  const CLICK_SLACK = 4;

  const { icons, element, icon, button, setText } = notime.make;
  const { text } = notime;

  icons.source = "M5 4v8a4 4 0 0 0 4 4h10M14 11l5 5-5 5";

  notime.addPoints = ({ parts: { points } }, actions) => {
    /** @type {WeakMap<Element, SummarySentence>} */
    const shown = new WeakMap();

    /** @param {Element} point */
    const visit = (point) => {
      const sentence = shown.get(point);
      if (sentence) {
        actions.visit(sentence);
      }
    };

    /**
     * Makes a line, which is there and empty, one for a sentence.
     *
     * @param {HTMLElement} point
     */
    function furnish(point) {
      const why = element("small", { className: "why", hidden: true, dir: notime.direction() });
      const mark = button("quoted", "mark", () => {
        why.hidden = !why.hidden;
        mark.ariaExpanded = String(!why.hidden);
      });
      mark.textContent = "\u201c";
      mark.ariaLabel = text("quoted");
      mark.ariaExpanded = "false";
      const source = button("show_source", "source", () => visit(point));
      source.replaceChildren(icon("source"));
      source.ariaLabel = text("show_source");
      point.prepend(mark);
      point.append(source, why);
      const indicate = () => actions.point(shown.get(point) ?? null);
      point.addEventListener("pointerenter", indicate);
      point.addEventListener("pointerleave", () => actions.point(null));
      source.addEventListener("focus", indicate);
      source.addEventListener("blur", () => actions.point(null));
      onClick(point, () => visit(point));
    }

    /**
     * @param {HTMLElement} point
     * @param {SummarySentence | undefined} sentence
     */
    function show(point, sentence) {
      if (point.children.length === 1) {
        furnish(point);
      }
      const [mark, words, source, why] = /** @type {HTMLCollectionOf<HTMLElement>} */ (point.children);
      point.classList.toggle("empty", !sentence);
      point.classList.toggle("sourced", Boolean(sentence?.sources.length));
      if (sentence) {
        shown.set(point, sentence);
        point.dataset.method = sentence.method;
      } else {
        shown.delete(point);
        delete point.dataset.method;
      }
      if (words && mark && source && why) {
        const reason = (sentence && notime.reasonText?.(sentence)) ?? "";
        mark.hidden = sentence?.method !== "extracted";
        mark.title = reason;
        setText(why, reason);
        if (mark.hidden) {
          why.hidden = true;
          mark.ariaExpanded = "false";
        }
        source.hidden = !sentence?.sources.length;
        source.title = sentence?.sources.map((each) => each.text).join("\n") ?? "";
        setText(words, sentence?.text ?? "");
      }
    }

    return {
      render({ sentences, article, form }) {
        points.lang = article?.language ?? "";
        points.dir = sentences.length > 0 ? "auto" : "";
        points.dataset.form = form;
        [...points.children].forEach((point, place) => {
          show(/** @type {HTMLElement} */ (point), sentences[place]);
        });
      },
    };
  };

  /**
   * A click that is not the end of a selection of text.
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
      if (event.isTrusted && Math.hypot(event.clientX - from.x, event.clientY - from.y) <= CLICK_SLACK) {
        act();
      }
    });
  }
})();

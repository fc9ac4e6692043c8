/**
 * The sentences of a summary: each with its source, and with the reason where it is the article's own.
 */
(() => {
  const { element, icon, button, onClick, setText } = notime.make;
  const { text } = notime;

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
      const why = element("small", { className: "why", hidden: true });
      const tag = button("quoted", "tag", () => {
        why.hidden = !why.hidden;
        tag.ariaExpanded = String(!why.hidden);
      });
      tag.ariaExpanded = "false";
      const source = button("show_source", "source", () => visit(point));
      source.replaceChildren(icon("source"));
      source.ariaLabel = text("show_source");
      point.append(tag, source, why);
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
      const [words, tag, source, why] = /** @type {HTMLCollectionOf<HTMLElement>} */ (point.children);
      point.classList.toggle("empty", !sentence);
      point.classList.toggle("sourced", Boolean(sentence?.sources.length));
      if (sentence) {
        shown.set(point, sentence);
        point.dataset.method = sentence.method;
      } else {
        shown.delete(point);
        delete point.dataset.method;
      }
      if (words && tag && source && why) {
        const reasons = [text("quoted_long"), ...(sentence?.reasons ?? [])];
        tag.hidden = sentence?.method !== "extracted";
        tag.title = reasons.join("\n");
        setText(why, reasons.join(" · "));
        why.hidden ||= tag.hidden;
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
})();

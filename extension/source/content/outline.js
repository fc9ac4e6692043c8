/**
 * The article's own headings under its summary, each a jump to its place.
 */
(() => {
  /** Headings that say by themselves that they are counted. */
  const COUNTED = /^\p{N}+\s*[.):–—-]|^\p{P}?\p{N}+\s|\p{N}+$/u;

  const { icons, element, icon, button, setText } = notime.make;
  const { text } = notime;

  icons.fold = "M8 10l4 4 4-4";

  notime.addOutline = ({ parts: { body } }, actions) => {
    const name = element("summary");
    const list = element("ol", { dir: "auto" });
    const outline = element("details", { className: "outline" });
    outline.append(name, list);
    body.append(outline);
    /** @type {Heading[]} */
    let shown = [];

    return {
      render({ phase, outline: headings, article }) {
        outline.hidden = phase !== "done" || headings.length === 0;
        if (shown === headings || outline.hidden) {
          return;
        }
        const before = shown.map((each) => each.text).join("\n");
        shown = headings;
        if (before === headings.map((each) => each.text).join("\n")) {
          return;
        }
        const parts = headings.filter((each) => each.depth === 0);
        setText(name, text("outline", String(parts.length)));
        list.lang = article?.language ?? "";
        list.replaceChildren(
          ...parts.map((part, place) => {
            const from = headings.indexOf(part) + 1;
            const next = parts[place + 1];
            return itemOf(part, headings.slice(from, next ? headings.indexOf(next) : undefined));
          }),
        );
        outline.open = isList(article?.title ?? "", parts);
      },
    };

    /**
     * @param {Heading} heading
     * @param {Heading[]} under folded until the reader unfolds them
     * @returns {HTMLElement}
     */
    function itemOf(heading, under) {
      const item = element("li");
      const jump = button("outline", "jump", () => actions.visit(asSentence(heading)));
      setText(jump, heading.text);
      item.append(jump);
      if (under.length > 0) {
        const nested = element("ol", { hidden: true });
        nested.append(...under.map((each) => itemOf(each, [])));
        const fold = button("outline_under", "fold quiet", () => {
          nested.hidden = !nested.hidden;
          fold.ariaExpanded = String(!nested.hidden);
        });
        fold.replaceChildren(icon("fold"));
        fold.ariaLabel = text("outline_under", heading.text);
        fold.ariaExpanded = "false";
        item.append(fold, nested);
      }
      return item;
    }
  };

  /**
   * @param {string} title
   * @param {Heading[]} headings
   * @returns {boolean} whether the article is a guide or a list, of which readers look for the parts first
   */
  function isList(title, headings) {
    const counted = headings.filter((each) => COUNTED.test(each.text)).length;
    const promised = (title.match(/\p{N}+/gu) ?? []).map(Number);
    return (
      2 * counted >= headings.length || promised.some((number) => Math.abs(number - headings.length) <= 1)
    );
  }

  /**
   * @param {Heading} heading
   * @returns {SummarySentence} whose source it is
   */
  function asSentence({ text: words, block }) {
    return {
      index: -1,
      text: words,
      method: "extracted",
      sources: [{ index: block, text: words }],
      reasons: [],
    };
  }
})();

/**
 * The article's own headings under its summary, each a jump to its place.
 */
(() => {
  /** Headings that say by themselves that they are counted. */
  const COUNTED = /^\p{N}+\s*[.):–—-]|^\p{P}?\p{N}+\s|\p{N}+$/u;

  const { element, button, setText } = notime.make;
  const { text } = notime;

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
        setText(name, text("outline", String(headings.length)));
        list.lang = article?.language ?? "";
        list.replaceChildren(
          ...headings.map((heading) => {
            const jump = button("outline", "jump", () => actions.visit(asSentence(heading)));
            setText(jump, heading.text);
            const item = element("li");
            item.append(jump);
            return item;
          }),
        );
        outline.open = isList(article?.title ?? "", headings);
      },
    };
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

/**
 * Shows in the page where a sentence of the summary comes from, and leads there and back.
 */
(() => {
  notime.createPointer = (style) => {
    /** @type {Element | null} */
    let article = null;
    /** @type {{x: number, y: number} | null} where the reader was before a source was visited */
    let left = null;

    /** @param {SummarySentence} sentence */
    function sourceOf({ sources }) {
      for (const { text } of sources) {
        const root = article?.isConnected ? article : document.documentElement;
        const range =
          notime.findSource?.(text, root) ?? notime.findSource?.(text, document.documentElement) ?? null;
        if (range) {
          return range;
        }
      }
      return null;
    }

    return {
      look(root) {
        article = root;
      },
      point(sentence) {
        notime.pointAt?.(sentence && sourceOf(sentence), style);
      },
      visit(sentence) {
        const range = sourceOf(sentence);
        if (range) {
          notime.pointAt?.(range, style);
          left ??= { x: scrollX, y: scrollY };
          const { top, height } = range.getBoundingClientRect();
          scrollTo({ top: scrollY + top - (innerHeight - height) / 2, behavior: motion() });
        }
        return range !== null;
      },
      back() {
        if (left) {
          scrollTo({ left: left.x, top: left.y, behavior: motion() });
          left = null;
        }
      },
    };
  };

  /** @returns {ScrollBehavior} */
  function motion() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
  }
})();

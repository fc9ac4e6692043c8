/**
 * Shows in the page where a sentence of the summary comes from, and leads there and back.
 */
(() => {
  notime.createPointer = (style) => {
    /** @type {Element | null} */
    let article = null;
    /** @type {{element: Element, left: number, top: number}[]} where the reader was before a source was visited */
    let left = [];
    /** @type {Range | null} the source that the reader went to: marked until something else is touched */
    let visited = null;

    function clear() {
      visited = null;
      removeEventListener("pointerdown", touched, true);
      removeEventListener("keydown", escaped, true);
      notime.pointAt?.(null, style);
      notime.wandered?.(false);
    }

    function back() {
      clear();
      for (const { element, ...place } of left) {
        element.scrollTo({ ...place, behavior: motion() });
      }
      left = [];
    }

    /** @param {Event} event */
    function touched(event) {
      if (!notime.isOwn?.(event)) {
        clear();
      }
    }

    /** @param {KeyboardEvent} event wherever the focus is */
    function escaped(event) {
      if (event.key === "Escape" && event.isTrusted) {
        event.stopPropagation();
        back();
      }
    }

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
      clear,
      point(sentence) {
        notime.pointAt?.(sentence ? sourceOf(sentence) : visited, style);
      },
      visit(sentence) {
        const range = sourceOf(sentence);
        if (range) {
          visited = range;
          addEventListener("pointerdown", touched, true);
          addEventListener("keydown", escaped, true);
          notime.pointAt?.(range, style);
          const scrollers = scrollersOf(range);
          if (left.length === 0) {
            left = scrollers.map((element) => ({
              element,
              left: element.scrollLeft,
              top: element.scrollTop,
            }));
          }
          const { top, height } = range.getBoundingClientRect();
          let moved = 0; // by the scrollers inside, once they have come to rest
          for (const scroller of scrollers) {
            const isPage = scroller === document.scrollingElement;
            const frame = isPage
              ? new DOMRect(0, 0, innerWidth, innerHeight)
              : scroller.getBoundingClientRect();
            const most = scroller.scrollHeight - scroller.clientHeight;
            const wanted = scroller.scrollTop + top - moved - frame.top - (frame.height - height) / 2;
            const place = Math.max(0, Math.min(most, wanted));
            moved += place - scroller.scrollTop;
            scroller.scrollTo({ top: place, behavior: motion() });
          }
          notime.wandered?.(true);
        }
        return range !== null;
      },
      back,
    };
  };

  /**
   * @param {Range} range
   * @returns {Element[]} what has to scroll for the range to be seen, from the inside out
   */
  function scrollersOf(range) {
    const found = [];
    for (let each = range.startContainer.parentElement; each; each = each.parentElement) {
      const isPage = each === document.scrollingElement;
      const scrolls = /auto|scroll/.test(getComputedStyle(each).overflowY);
      if (isPage || (scrolls && each.scrollHeight > each.clientHeight)) {
        found.push(each);
      }
    }
    return found;
  }

  /** @returns {ScrollBehavior} */
  function motion() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
  }
})();

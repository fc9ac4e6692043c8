/**
 * An article's headline and text in its page, by what people wrote down as its title and text.
 *
 * `makeText` is sent to the browser as source text, so it stands alone.
 */

/** @typedef {{start: Text, end: Text, block: Element, letters: string, at: number}} Segment text that stands together */
/** @typedef {{left: number, right: number, top: number, bottom: number}} Edges */

export function makeText() {
  /** Letters that make text a paragraph; less where an article has none of that length. */
  const PARAGRAPHS = [60, 25, 1];

  /** Letters of a piece of text that is looked for. */
  const PIECE = 40;

  /** Pixels that browsers round away. */
  const SLACK = 2;

  const NOT_TEXT = "script, style, noscript, template, textarea, select, svg, title";

  return {
    NOT_TEXT,
    SLACK,
    edges,
    edgesOf,
    findHeadline,
    inGold,
    isBefore,
    isSeen,
    lettersBetween,
    lettersOf,
    overlap,
    readSegments,
    secondOf,
  };

  /** @param {string} text */
  function lettersOf(text) {
    return text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "");
  }

  /** @returns {Segment[]} the page's text, a segment for each block or part of one between empty lines */
  function readSegments() {
    /** @type {Segment[]} */
    const segments = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    let breaks = 0;
    /** @type {Map<Element, Element>} */
    const blocks = new Map();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Element) {
        breaks += node.localName === "br" ? 1 : 0;
        continue;
      }
      const text = /** @type {Text} */ (node);
      const holder = text.parentElement;
      if (!holder || text.data.trim() === "" || holder.closest(NOT_TEXT)) {
        continue;
      }
      const block = blocks.get(holder) ?? blockOf(holder);
      blocks.set(holder, block);
      const last = segments.at(-1);
      if (last?.block === block && breaks < 2) {
        last.end = text;
        last.letters += text.data;
      } else {
        segments.push({ start: text, end: text, block, letters: text.data, at: 0 });
      }
      breaks = 0;
    }
    return segments.map((segment) => ({ ...segment, letters: lettersOf(segment.letters) }));
  }

  /** @param {Element} holder */
  function blockOf(holder) {
    let block = holder;
    while (block.parentElement && /^inline|^contents|^ruby/.test(getComputedStyle(block).display)) {
      block = block.parentElement;
    }
    return block;
  }

  /** @param {Segment} segment */
  function isSeen(segment) {
    const { left, right, top, bottom } = edges(segment);
    const { block } = segment;
    return (
      right - left > 1 &&
      bottom - top > 1 &&
      right > 0 &&
      left < innerWidth &&
      bottom > 0 &&
      block.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    );
  }

  /**
   * The article's paragraphs: segments that stand in the gold text, in its order.
   *
   * @param {Segment[]} segments
   * @param {string} gold
   * @returns {Segment[]}
   */
  function inGold(segments, gold) {
    for (const least of PARAGRAPHS) {
      const hits = segments.flatMap((segment) => {
        const at =
          segment.letters.length >= least && !segment.block.closest("h1, h2, h3, h4, h5, h6, figcaption")
            ? placeIn(gold, segment.letters)
            : -1;
        return at < 0 ? [] : [{ ...segment, at }];
      });
      const chain = heaviestChain(hits);
      const found = chain.reduce((sum, { letters }) => sum + letters.length, 0);
      if (chain.length > 0 && (found > 0.3 * gold.length || least === PARAGRAPHS.at(-1))) {
        return chain;
      }
    }
    return [];
  }

  /**
   * @param {string} gold
   * @param {string} letters
   * @returns {number} where they stand, or -1; of long ones some may differ
   */
  function placeIn(gold, letters) {
    const at = gold.indexOf(letters);
    if (at >= 0 || letters.length < 3 * PIECE) {
      return at;
    }
    const middle = (letters.length - PIECE) >> 1;
    const found = [0, middle, letters.length - PIECE].map((from) =>
      gold.indexOf(letters.slice(from, from + PIECE)),
    );
    const hits = found.filter((each) => each >= 0);
    return hits.length >= 2 ? (hits[0] ?? -1) : -1;
  }

  /**
   * @param {Segment[]} hits in the page's order
   * @returns {Segment[]} the most text that stands in the gold's order too
   */
  function heaviestChain(hits) {
    const weights = hits.map(({ letters }) => letters.length);
    const before = hits.map(() => -1);
    hits.forEach((hit, index) => {
      for (let each = 0; each < index; each += 1) {
        const weight = (weights[each] ?? 0) + hit.letters.length;
        if ((hits[each]?.at ?? 0) < hit.at && weight > (weights[index] ?? 0)) {
          weights[index] = weight;
          before[index] = each;
        }
      }
    });
    const chain = [];
    for (let at = weights.indexOf(Math.max(...weights)); at >= 0; at = before[at] ?? -1) {
      chain.unshift(/** @type {Segment} */ (hits[at]));
    }
    return chain;
  }

  /** @param {Segment[]} text */
  function secondOf([first, ...others]) {
    const end = first ? edges(first).bottom : 0;
    return others.find((each) => edges(each).top >= end - SLACK) ?? null;
  }

  /**
   * @param {Segment[]} segments
   * @param {string} title
   * @param {Segment} first
   * @param {Segment[]} text
   * @returns {Segment | null} the segment above the text that says the title, rather a heading, rather a near one
   */
  function findHeadline(segments, title, first, text) {
    if (title === "") {
      return null;
    }
    const top = edges(first).top;
    const second = secondOf(text);
    const says = segments.filter(
      ({ letters, start }) =>
        (letters.includes(title) && letters.length < 2 * title.length) ||
        (title.includes(letters) && letters.length > title.length / 2 && start !== first.start),
    );
    const above = says.filter((each) => edges(each).bottom <= top + SLACK || isBefore(each.end, first.start));
    // A paragraph of gold text may stand above the headline, as its standfirst does on some sites.
    const between = says.filter((each) => second && edges(each).bottom <= edges(second).top + SLACK);
    for (const some of [above, between]) {
      for (const level of ["h1", "h2, h3, h4, h5, h6", "*"]) {
        const found = some.filter(({ start }) => start.parentElement?.closest(level));
        if (found.length > 0) {
          return found.at(-1) ?? null;
        }
      }
    }
    return null;
  }

  /**
   * @param {Node} from
   * @param {Node} to
   * @param {Segment[]} segments
   */
  function lettersBetween(from, to, segments) {
    return segments
      .filter((each) => isBefore(from, each.start) && isBefore(each.end, to) && isSeen(each))
      .reduce((sum, { letters }) => sum + letters.length, 0);
  }

  /**
   * @param {Node} one
   * @param {Node} other
   */
  function isBefore(one, other) {
    return (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  }

  /**
   * @param {Segment} segment
   * @returns {Edges} in the document
   */
  function edges({ start, end }) {
    const range = document.createRange();
    range.setStartBefore(start);
    range.setEndAfter(end);
    const boxes = [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
    return edgesOf({
      left: Math.min(...boxes.map(({ left }) => left)),
      right: Math.max(...boxes.map(({ right }) => right)),
      top: Math.min(...boxes.map(({ top }) => top)),
      bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
    });
  }

  /** @param {Edges} box */
  function edgesOf({ left, right, top, bottom }) {
    return { left: left + scrollX, right: right + scrollX, top: top + scrollY, bottom: bottom + scrollY };
  }

  /**
   * @param {Edges} one
   * @param {Edges} other
   */
  function overlap(one, other) {
    return Math.min(one.right, other.right) - Math.max(one.left, other.left);
  }
}

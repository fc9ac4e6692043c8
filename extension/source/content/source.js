/**
 * Finds in the page the sentence that a summary sentence was made from, and highlights it without touching the page's
 * elements.
 *
 * Extraction and browser agree on the letters, not on the space between them: the page's letters are read once, and again
 * when the page has changed.
 */
(() => {
  /** @typedef {{letters: string, nodes: Text[], starts: number[]}} Letters */

  const HIGHLIGHT = "notime-source";

  /** Letters at each end that find a sentence whose middle the extraction wrote differently, without a note's number. */
  const END = 24;

  /** Of the sentence's length, and letters: what such a middle may be longer or shorter. */
  const SLACK = { share: 0.25, letters: 6 };

  const NOT_TEXT = "script, style, noscript, template, textarea, select";

  /** White space and invisible characters. */
  const SPACE = /[\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/;
  const SPACES = new RegExp(SPACE, "g");

  const STOPS = /\p{P}+$/u;

  /** @type {CSSStyleSheet | null} */
  let sheet = null;

  /** @type {Letters | null} */
  let known = null;
  const changes = new MutationObserver(forget);

  notime.findSource = (text, root) => {
    const wanted = text.replace(SPACES, "");
    if (wanted === "") {
      return null;
    }
    const page = lettersOfPage();
    const exact = firstSeen(page, root, exactly(page.letters, wanted));
    // A note's number may stand before the full stop.
    const stem = wanted.replace(STOPS, "");
    if (exact || stem.length <= END) {
      return exact;
    }
    return (
      firstSeen(page, root, exactly(page.letters, stem)) ?? firstSeen(page, root, nearly(page.letters, stem))
    );
  };

  notime.forgetSources = forget;

  notime.pointAt = (range, style) => {
    const sheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
    if (!range) {
      CSS.highlights.delete(HIGHLIGHT);
      document.adoptedStyleSheets = sheets;
      return;
    }
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
    }
    document.adoptedStyleSheets = [...sheets, sheet];
    CSS.highlights.set(HIGHLIGHT, new Highlight(range));
  };

  function forget() {
    known = null;
    changes.disconnect();
  }

  function lettersOfPage() {
    if (changes.takeRecords().length > 0) {
      forget();
    }
    if (!known) {
      known = lettersOf(document.documentElement);
      changes.observe(document, { subtree: true, childList: true, characterData: true });
    }
    return known;
  }

  /**
   * @param {Element} root
   * @returns {Letters} the text under it without white space, and where each text node begins in it
   */
  function lettersOf(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    /** @type {Text[]} */
    const nodes = [];
    const starts = [];
    const pieces = [];
    let length = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const piece = (node.nodeValue ?? "").replace(SPACES, "");
      if (piece !== "" && !node.parentElement?.closest(NOT_TEXT)) {
        nodes.push(/** @type {Text} */ (node));
        starts.push(length);
        pieces.push(piece);
        length += piece.length;
      }
    }
    return { letters: pieces.join(""), nodes, starts };
  }

  /**
   * @param {string} letters
   * @param {string} wanted
   * @returns {Generator<[number, number]>} where it stands
   */
  function* exactly(letters, wanted) {
    for (let at = letters.indexOf(wanted); at >= 0; at = letters.indexOf(wanted, at + 1)) {
      yield [at, at + wanted.length];
    }
  }

  /**
   * @param {string} letters
   * @param {string} wanted
   * @returns {Generator<[number, number]>} where its ends stand as far from each other as they should
   */
  function* nearly(letters, wanted) {
    const slack = SLACK.share * wanted.length + SLACK.letters;
    for (const [start] of exactly(letters, wanted.slice(0, END))) {
      const least = Math.max(start, start + wanted.length - slack - END);
      const end = letters.indexOf(wanted.slice(-END), least) + END;
      if (end >= END && end - start <= wanted.length + slack) {
        yield [start, end];
      }
    }
  }

  /**
   * @param {Letters} page
   * @param {Element} root
   * @param {Iterable<[number, number]>} places
   * @returns {Range | null} the first that is in the root and can be seen: a page may hold its text twice
   */
  function firstSeen(page, root, places) {
    for (const [start, end] of places) {
      const range = rangeOf(page, start, end);
      if (root.contains(range.startContainer) && isSeen(range)) {
        return range;
      }
    }
    return null;
  }

  /** @param {Range} range */
  function isSeen(range) {
    const holder = range.startContainer.parentElement;
    return (
      holder?.checkVisibility({ visibilityProperty: true }) === true &&
      [...range.getClientRects()].some(({ width, height }) => width > 1 && height > 1)
    );
  }

  /**
   * @param {Letters} page
   * @param {number} start
   * @param {number} end after the last letter
   * @returns {Range}
   */
  function rangeOf(page, start, end) {
    const range = document.createRange();
    range.setStart(...position(page, start));
    const [node, offset] = position(page, end - 1);
    range.setEnd(node, offset + 1);
    return range;
  }

  /**
   * @param {Letters} page
   * @param {number} letter
   * @returns {[Text, number]} the text node and the offset of that letter in it
   */
  function position({ nodes, starts }, letter) {
    const index = starts.findLastIndex((start) => start <= letter);
    const node = nodes[index];
    if (!node) {
      throw new RangeError("no such letter");
    }
    let left = letter - (starts[index] ?? 0);
    for (let offset = 0; offset < node.data.length; offset += 1) {
      if (!SPACE.test(node.data.charAt(offset))) {
        if (left === 0) {
          return [node, offset];
        }
        left -= 1;
      }
    }
    throw new RangeError("the text changed");
  }
})();

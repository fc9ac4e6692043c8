/**
 * Finds in the page the sentence that a summary sentence was made from, and highlights it without touching the page's
 * elements.
 */
(() => {
  /** @typedef {{letters: string, nodes: Text[], starts: number[]}} Letters */

  const HIGHLIGHT = "notime-source";

  /** Letters at each end that find a sentence whose middle the extraction wrote differently. */
  const END = 24;

  const NOT_TEXT = "script, style, noscript, template, textarea, select";

  /** White space and invisible characters: extraction and browser never agree on them. */
  const SPACE = /[\s\u00ad\u200b-\u200f\u2060\ufeff]/;
  const SPACES = /[\s\u00ad\u200b-\u200f\u2060\ufeff]+/g;

  /** @type {CSSStyleSheet | null} */
  let sheet = null;

  notime.findSource = (text, root) => {
    const wanted = text.replace(SPACES, "");
    if (wanted === "") {
      return null;
    }
    const page = lettersOf(root);
    const at = page.letters.indexOf(wanted);
    if (at >= 0) {
      return rangeOf(page, at, at + wanted.length);
    }
    const start = page.letters.indexOf(wanted.slice(0, END));
    const end = start < 0 ? -1 : page.letters.indexOf(wanted.slice(-END), start);
    const near = end >= 0 && end - start < 2 * wanted.length;
    return near ? rangeOf(page, start, end + Math.min(END, wanted.length)) : null;
  };

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

  /**
   * @param {Element} root
   * @returns {Letters} the text under it without white space, and where each text node begins in it
   */
  function lettersOf(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (node) =>
      node.parentElement?.closest(NOT_TEXT) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    /** @type {Letters} */
    const found = { letters: "", nodes: [], starts: [] };
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const letters = (node.nodeValue ?? "").replace(SPACES, "");
      if (letters !== "") {
        found.nodes.push(/** @type {Text} */ (node));
        found.starts.push(found.letters.length);
        found.letters += letters;
      }
    }
    return found;
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

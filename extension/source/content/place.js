/**
 * Finds where the panel belongs: under the headline, in the column of the article's text; where that cannot be had,
 * above the first paragraph; where there is no text, at the top of the page.
 *
 * A place is judged by trying it: the panel is put there and measured, all before the browser paints.
 */
(() => {
  /** @typedef {import("../../types/notime.js").Spot} Spot */
  /** @typedef {{block: Element, length: number}} Paragraph */
  /** @typedef {import("../../types/notime.js").ArticleText} Text */

  /** Characters that make a block of text a paragraph rather than a label, a caption or a teaser. */
  const PARAGRAPH = 80;

  /** What never holds the article's text or its headline. */
  const ASIDE =
    'aside, nav, footer, dialog, form, figure, [role="dialog"], [role="navigation"], [role="complementary"], [role="contentinfo"], [aria-hidden="true"], [id*="comment" i], [class*="comment" i], [id*="cookie" i], [class*="cookie" i], [class*="consent" i], [class*="caption" i]';

  /** Pixels that two edges may differ and still be the same column. */
  const EDGE = 24;

  /** Of the text's width: narrower is squeezed by something, wider is another column. */
  const WIDTHS = { least: 0.7, most: 1.3 };

  /** Pixels. */
  const NARROWEST = 240;

  /** Paragraphs looked at; a page with more of them is no article that one panel could stand on. */
  const LIMIT = 4000;

  /** Characters of a paragraph that count; a wall of text is no more an article than a paragraph is. */
  const ENOUGH = 1000;

  /** Around a part of the text that is this much shorter than the whole there is more of it. */
  const PART = 1.05;

  /** Words that a headline shares with the page's title, and how like it has to be. */
  const HEADLINE_WORDS = 6;
  const LIKE = 0.3;

  /** Of the text: a first-level heading that comes later is no headline, but a heading in it. */
  const BEGINNING = 0.15;

  /** What an article may be in, whatever it is called: a body of class "comments-open" is no comment. */
  const WHOLE = "body, main, article, h1";

  /** Puts the host in the page and returns the article's text, if it was found. */
  notime.place = (host) => {
    /** @type {Text | null} */
    let text = null;
    try {
      const page = readPage();
      text = page.text;
      for (const fits of text ? [fitsWell, fitsAtAll] : [fitsAtAll]) {
        for (const spot of spots(page.headline, text)) {
          host.remove();
          const was = text?.first.getBoundingClientRect();
          spot.parent.insertBefore(host, spot.before);
          const is = text?.first.getBoundingClientRect();
          if (isLikewise(was, is) && fits(host, page.headline, text)) {
            return text;
          }
        }
      }
    } catch {
      // A page may break any assumption about itself; the top of it is always there.
    }
    (document.querySelector("body") ?? document.documentElement).prepend(host);
    return text;
  };

  /** Whether the page around the element is light or dark: its background, or its colour scheme. */
  notime.pageTheme = (element) => {
    for (let each = element.parentElement; each; each = each.parentElement) {
      const [red = 0, green = 0, blue = 0, alpha = 1] = (
        getComputedStyle(each).backgroundColor.match(/[\d.]+/g) ?? []
      ).map(Number);
      if (getComputedStyle(each).backgroundColor.startsWith("rgb") && alpha > 0.5) {
        return (red * 299 + green * 587 + blue * 114) / 1000 < 128 ? "dark" : "light";
      }
    }
    const scheme = getComputedStyle(document.documentElement).colorScheme;
    const dark = scheme.includes("dark") && (!scheme.includes("light") || prefersDark());
    return dark ? "dark" : "light";
  };

  function prefersDark() {
    return matchMedia("(prefers-color-scheme: dark)").matches;
  }

  /**
   * @returns {{headline: Element | null, text: Text | null}}
   */
  function readPage() {
    const all = paragraphs();
    const core = findCore(all);
    const headline = findHeadline(all.filter(({ block }) => core?.contains(block)).map(({ block }) => block));
    const root = core && widen(core, all);
    const inside = all.filter(({ block }) => root?.contains(block));
    const below = inside.filter(({ block }) => !headline || precedes(headline, block));
    // The first paragraph of the text itself: the head of the article may have one too, and there may be a quotation
    // or a column beside the text.
    const column = inside[Math.floor(inside.length / 2)];
    const first =
      below.find(
        ({ block }) => column && isInLine(block, column.block) && !block.closest("header, blockquote"),
      ) ?? below[0];
    return { headline, text: root && first ? { root, first: first.block } : null };
  }

  /**
   * The element that holds the largest part of the text.
   *
   * @param {Paragraph[]} all
   * @returns {Element | undefined}
   */
  function findCore(all) {
    /** @type {Map<Element, number>} */
    const weights = new Map();
    for (const { block, length } of all) {
      // As in Readability: what holds paragraphs counts in full, what holds that by half.
      let weight = Math.min(length, ENOUGH);
      let holder = block.parentElement;
      for (let step = 0; step < 3 && holder; step += 1) {
        weights.set(holder, (weights.get(holder) ?? 0) + weight);
        weight /= 2;
        holder = holder.parentElement;
      }
    }
    return [...weights].sort(([, a], [, b]) => b - a)[0]?.[0];
  }

  /**
   * A text in several parts, with pictures or advertisements between, has its parts in elements of their own.
   *
   * @param {Element} core
   * @param {Paragraph[]} all
   * @returns {Element} what holds all the parts
   */
  function widen(core, all) {
    let root = core;
    for (let wider = core.parentElement; wider; wider = wider.parentElement) {
      if (lengthIn(wider, all) > PART * lengthIn(root, all)) {
        root = wider;
      }
    }
    return root;
  }

  /**
   * @param {Element} root
   * @param {Paragraph[]} all
   */
  function lengthIn(root, all) {
    return all.reduce((sum, { block, length }) => sum + (root.contains(block) ? length : 0), 0);
  }

  /** @returns {Paragraph[]} what is long enough, seen, and not beside the text */
  function paragraphs() {
    return [...document.querySelectorAll("p, div, section, article, main, td, blockquote")]
      .map((block) => ({
        block,
        length: (block.localName === "p" ? block.textContent : ownText(block)).trim().length,
      }))
      .filter(({ length }) => length >= PARAGRAPH)
      .slice(0, LIMIT)
      .filter(({ block }) => isShown(block));
  }

  /**
   * @param {Element} block
   * @returns {string} the text that stands in it directly, as in pages that set theirs in bare blocks
   */
  function ownText(block) {
    let text = "";
    for (let node = block.firstChild; node; node = node.nextSibling) {
      text += node.nodeType === Node.TEXT_NODE ? (node.nodeValue ?? "").trim() : "";
    }
    return text;
  }

  /** @param {Element} block */
  function isShown(block) {
    const { width, height } = block.getBoundingClientRect();
    return width > 1 && height > 1 && !isAside(block);
  }

  /**
   * @param {Element} block
   * @returns {boolean} whether it is in something that stands beside an article; what holds an article is not beside it
   */
  function isAside(block) {
    for (let aside = block.closest(ASIDE); aside; aside = aside.parentElement?.closest(ASIDE) ?? null) {
      if (!aside.matches(WHOLE) && !aside.querySelector(WHOLE)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The heading that says what the page's title says, above the text or nearly so.
   *
   * @param {Element[]} text its paragraphs
   * @returns {Element | null}
   */
  function findHeadline(text) {
    const [start] = text;
    const beginning = text[Math.floor(text.length * BEGINNING)];
    const title = words(
      [
        typeof document.title === "string" ? document.title : "",
        document.querySelector('meta[property="og:title"]')?.getAttribute("content"),
      ].join(" "),
    );
    const headings = [...document.querySelectorAll('h1, h2, h3, [itemprop~="headline"]')]
      .filter((heading) => {
        const limit = heading.localName === "h1" ? beginning : start;
        return isShown(heading) && (!limit || precedes(heading, limit));
      })
      .map((heading) => ({ heading, score: likeness(heading, title) }))
      .sort((a, b) => b.score - a.score);
    const best = headings[0];
    if (best && best.score >= LIKE) {
      return best.heading;
    }
    const firsts = headings.filter(({ heading }) => heading.localName === "h1");
    return firsts.length === 1 && firsts[0] ? firsts[0].heading : null;
  }

  /**
   * @param {Element} heading
   * @param {Set<string>} title
   * @returns {number} how far the heading says what the title says, at most 1
   */
  function likeness(heading, title) {
    const own = words(heading.textContent);
    const shared = [...own].filter((word) => title.has(word)).length;
    // A site's name is in the title too: a headline has more than that to say. And it is seldom of a lower level.
    const enough = Math.min(shared, HEADLINE_WORDS) / HEADLINE_WORDS;
    return own.size === 0 ? 0 : (shared / own.size) * enough - (heading.localName === "h1" ? 0 : 0.2);
  }

  /**
   * @param {string | null | undefined} text
   * @returns {Set<string>}
   */
  function words(text) {
    return new Set(text?.toLocaleLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
  }

  /**
   * @param {Node} one
   * @param {Node} other
   */
  function precedes(one, other) {
    return (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  }

  /**
   * The best places first.
   *
   * @param {Element | null} headline
   * @param {Text | null} text
   * @returns {Iterable<Spot>}
   */
  function* spots(headline, text) {
    if (headline) {
      /** @type {Element[]} */
      const blocks = [];
      for (
        let block = headline;
        block.parentElement && !holdsText(block, text);
        block = block.parentElement
      ) {
        blocks.push(block);
      }
      // The whole head of the article, byline and all, before the bare headline: the panel ends it.
      for (const block of blocks.reverse()) {
        if (block === headline || isHead(block)) {
          yield* after(block);
        }
      }
    }
    if (text) {
      // The outermost first: a panel in a quotation or a table would belong to it.
      /** @type {Spot[]} */
      const above = [];
      for (let block = text.first; block !== text.root && block.parentElement; block = block.parentElement) {
        above.unshift({ parent: block.parentElement, before: block });
      }
      yield* above;
    }
  }

  /**
   * @param {Element | null} block
   * @returns {Iterable<Spot>}
   */
  function* after(block) {
    if (block?.parentElement) {
      yield { parent: block.parentElement, before: block.nextSibling };
    }
  }

  /**
   * @param {Element} block
   * @param {Text | null} text
   */
  function holdsText(block, text) {
    return text ? block.contains(text.first) : block.localName === "body";
  }

  /**
   * Whether a block is the head of an article, small and with nothing in it that plays or is long.
   *
   * @param {Element} block
   */
  function isHead(block) {
    return block.textContent.length < 800 && !block.querySelector("video, iframe, figure");
  }

  /**
   * Whether the text was pushed down, if at all, and not aside, as in a row of boxes.
   *
   * @param {DOMRect} [was]
   * @param {DOMRect} [is]
   */
  function isLikewise(was, is) {
    return !was || !is || (Math.abs(was.left - is.left) < 1 && Math.abs(was.width - is.width) < 1);
  }

  /**
   * @param {Element} one
   * @param {Element} other
   */
  function isInLine(one, other) {
    const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
    return Math.abs(a.left - b.left) < EDGE || Math.abs(a.right - b.right) < EDGE;
  }

  /**
   * In the column of the text, between headline and text.
   *
   * @param {HTMLElement} host
   * @param {Element | null} headline
   * @param {Text | null} text
   */
  function fitsWell(host, headline, text) {
    if (!text || !fitsAtAll(host)) {
      return false;
    }
    const own = host.getBoundingClientRect();
    const column = text.first.getBoundingClientRect();
    const ratio = own.width / column.width;
    return (
      ratio > WIDTHS.least &&
      ratio < WIDTHS.most &&
      isInLine(host, text.first) &&
      own.bottom <= column.top + 1 &&
      (!headline || own.top >= headline.getBoundingClientRect().bottom - 1)
    );
  }

  /**
   * Wide enough to be read.
   *
   * @param {HTMLElement} host
   */
  function fitsAtAll(host) {
    const { width, height } = host.getBoundingClientRect();
    return width >= NARROWEST && height > 0;
  }
})();

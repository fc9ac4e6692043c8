/**
 * Finds where the panel belongs (docs/extension.md): tries one place after another, all before the browser paints.
 */
(() => {
  /** @typedef {ReturnType<typeof readPage>} Page */
  /** @typedef {ReturnType<typeof measure>} Boxes */
  /** @typedef {{left: number, right: number}} Edges */

  /** Characters that make a block of text a paragraph rather than a label or a teaser, and that count. */
  const PARAGRAPH = { least: 80, most: 1000 };

  /** Each of these says as much as four letters. */
  const DENSE = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g;

  /** How a sentence ends. */
  const SENTENCE = /[.!?…。！？؟।۔]["'”’»)」』]*$/;

  /** What holds neither text nor headline, unless it holds all of the article. */
  const ASIDE =
    ":is(aside, nav, footer, dialog, form, figure, [role=dialog], [role=navigation], [role=complementary], [role=contentinfo], [aria-hidden=true], [id*=comment i], [class*=comment i], [id*=cookie i], [class*=cookie i], [class*=consent i], [class*=caption i]):not(body, main, article, h1, :has(main, article, h1))";

  /** What has no room between its parts. */
  const CLOSED = "p, a, button, h1, h2, h3, ul, ol, dl, table, thead, tbody, tr";

  /** Pixels: two edges of one column, with a list's 40; what can be read; how far the text may move beyond the panel. */
  const EDGE = 48;
  const NARROWEST = 240;
  const MARGINS = 100;

  /** Around a part that is this much shorter than the whole there is more. */
  const PART = 1.05;

  /** How far from grey a ground is that takes any tint. */
  const PLAIN = 0.36;

  /** Words shared with the page's title; how like it a headline has to be, and surely is. */
  const SHARED = 6;
  const LIKE = 0.3;
  const SURE = 0.5;

  /** Of the text: what comes later is no headline. */
  const BEGINNING = 0.15;

  notime.place = (host) => {
    let text = null;
    try {
      host.remove();
      const page = readPage();
      text = page.text;
      const was = measure(page);
      for (const [parent, before] of spots(page)) {
        if (parent && !parent.matches(CLOSED)) {
          parent.insertBefore(host, before);
          if (isReadable(host) && fits(boxOf(host), measure(page), was)) {
            return text;
          }
          host.remove();
        }
      }
      text?.start.before(host);
    } catch {
      // A page may break any assumption; the top of it is always there.
    }
    const body = document.querySelector("body") ?? document.documentElement;
    for (const put of [() => body.prepend(host), () => body.before(host)]) {
      if (!isReadable(host)) {
        put();
      }
    }
    return text;
  };

  notime.pageTheme = (element) => {
    const styles = around(element.parentElement).map((each) => getComputedStyle(each));
    const grounds = styles.map((each) =>
      each.backgroundImage === "none" ? lightness(each.backgroundColor) : -1,
    );
    const ground = grounds.find((each) => !isNaN(each));
    const ink = styles[0]?.color ?? "";
    // Before a picture, or a colour scheme's own ground, the text tells: it has to be read.
    const light = ground === undefined || ground < 0 ? 1 - lightness(ink) : ground;
    const isPlain = ground !== -1 && Math.abs(light - 0.5) > PLAIN;
    return [light < 0.5 ? "dark" : "light", isPlain ? ink : ""];
  };

  /** @param {string} color 0 to 1, or NaN where it lets through what is behind it */
  function lightness(color) {
    const [a = 0, b = 0, c = 0, alpha = 1] = (color.match(/(?<![\w.-])[\d.]+/g) ?? []).map(Number);
    const grey = color.startsWith("okl") ? a : 0.299 * a + 0.587 * b + 0.114 * c;
    return alpha > 0.5 ? grey / (color.startsWith("rgb") ? 255 : 1) : NaN;
  }

  function readPage() {
    const all = paragraphs();
    const core = findCore(all);
    const root = core && widen(core, all);
    const inside = [...all.keys()].filter((block) => root?.contains(block));
    /** @type {Map<number, number>} */
    const columns = new Map();
    for (const block of inside) {
      const { left } = rectOf(block);
      columns.set(left, (columns.get(left) ?? 0) + (all.get(block) ?? 0));
    }
    const main = largest(columns);
    // There may be a quotation, a column beside the text, a paragraph in the head.
    const model = inside.find((block) => rectOf(block).left === main);
    const text = inside.filter(
      (block) => model && isInLine(rectOf(block), rectOf(model)) && !block.closest("header, blockquote"),
    );
    const part = inside.filter((block) => core?.contains(block));
    const headline = findHeadline(text[0], part[Math.floor(part.length * BEGINNING)]);
    const first = text.find((block) => !headline || precedes(headline, block)) ?? inside[0];
    return { headline, text: root && first ? { root, first, ...beginningOf(first) } : null };
  }

  /** @param {Element} first its line of text, what that begins with, and what is as wide as the text */
  function beginningOf(first) {
    /** @type {ChildNode} */
    const line = (first.localName !== "p" && [...first.childNodes].find(ownText)) || first;
    let start = line;
    while (line !== first && isInline(start.previousSibling)) {
      start = start.previousSibling;
    }
    const columns = around(first).find((each) => /\d/.test(getComputedStyle(each).columns));
    return { line, start, column: columns ?? first };
  }

  /** @type {(node: Node | null) => node is ChildNode} */
  function isInline(node) {
    return node instanceof Element
      ? node.localName !== "br" && /^inline|none/.test(getComputedStyle(node).display)
      : node !== null;
  }

  /** @param {Map<Element, number>} all what holds the largest part of them */
  function findCore(all) {
    /** @type {Map<Element, number>} */
    const weights = new Map();
    for (const [block, length] of all) {
      // As in Readability: what holds paragraphs counts in full, what holds that by half.
      for (const [step, holder] of around(block).slice(1, 4).entries()) {
        weights.set(holder, (weights.get(holder) ?? 0) + Math.min(length, PARAGRAPH.most) / 2 ** step);
      }
    }
    return largest(weights);
  }

  /** @type {<T>(weights: Map<T, number>) => T | undefined} */
  function largest(weights) {
    return [...weights].sort(([, a], [, b]) => b - a)[0]?.[0];
  }

  /**
   * A text with pictures or advertisements between has parts in elements of their own.
   *
   * @type {(core: Element, all: Map<Element, number>) => Element}
   */
  function widen(core, all) {
    /** @param {Element} holder */
    const lengthIn = (holder) =>
      [...all].reduce((sum, [block, length]) => sum + (holder.contains(block) ? length : 0), 0);
    return around(core).reduce(
      (root, wider) => (lengthIn(wider) > PART * lengthIn(root) ? wider : root),
      core,
    );
  }

  /** Blocks of text, and its length; short ones too where most of it stands in sentences apart. */
  function paragraphs() {
    /** @type {Map<Element, number>} */
    const all = new Map();
    let balance = 0;
    for (const block of document.querySelectorAll("p, div, section, article, main, td, li, dd, blockquote")) {
      // Some pages set their text in bare blocks.
      const parts = block.localName === "p" ? [block.textContent.trim()] : [...block.childNodes].map(ownText);
      const letters = parts.join("").replace(DENSE, "$&$&$&$&");
      const isLong = letters.length >= PARAGRAPH.least;
      if ((isLong || SENTENCE.test(letters)) && isShown(block)) {
        all.set(block, letters.length);
        balance += isLong ? letters.length : -letters.length;
      }
    }
    return balance < 0 ? all : new Map([...all].filter(([, length]) => length >= PARAGRAPH.least));
  }

  /** @param {Node} node */
  function ownText(node) {
    return node.nodeType === Node.TEXT_NODE ? (node.nodeValue ?? "").trim() : "";
  }

  /** @param {Element} block */
  function isShown(block) {
    const { width, height } = rectOf(block);
    return width > 1 && height > 1 && !block.closest(ASIDE);
  }

  /**
   * The heading that says what the page's title says, above the text or nearly so.
   *
   * @type {(start?: Element, beginning?: Element) => Element | null}
   */
  function findHeadline(start, beginning) {
    const meta = document.querySelector('meta[property="og:title"]');
    const title = words(`${document.title} ${meta?.getAttribute("content")}`);
    const headings = [...document.querySelectorAll("h1, h2, h3, [itemprop~=headline]")]
      .map((heading) => {
        const isFirst = heading.localName === "h1";
        const own = words(heading.textContent);
        const shared = [...own].filter((word) => title.has(word)).length;
        // A site's name is in the title too; and a headline is seldom of a lower level.
        const like = ((shared / own.size || 0) * Math.min(shared, SHARED)) / SHARED - (isFirst ? 0 : 0.2);
        return { heading, isFirst, like };
      })
      .filter(({ heading, isFirst, like }) => {
        const limit = isFirst || like > SURE ? beginning : start;
        const isFixed = around(heading).some((each) => /fixed|sticky/.test(getComputedStyle(each).position));
        return (!limit || precedes(heading, limit)) && isShown(heading) && !isFixed;
      })
      // Of two alike, the one nearer to the text.
      .reverse()
      .sort((a, b) => b.like - a.like);
    const firsts = headings.filter(({ isFirst, like }) => isFirst || like >= LIKE);
    const [best, other] = firsts;
    return best && (best.like >= LIKE || !other) ? best.heading : null;
  }

  /** @param {string} text */
  function words(text) {
    return new Set(text.toLocaleLowerCase().match(/[\p{L}\p{N}]+/gu));
  }

  /** @type {(one: Node, other: Node) => boolean} */
  function precedes(one, other) {
    return (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  }

  /** @type {(page: Page) => Generator<[Element | null, ChildNode | null]>} the best ones first */
  function* spots({ headline, text }) {
    const heads = around(headline);
    // Without a text nobody knows where the head ends.
    const whole = text ? heads.findIndex((each) => each.contains(text.first)) : 1;
    // The whole head, byline and all, before the bare headline: the panel ends it.
    for (const head of heads.slice(0, whole).reverse()) {
      if (
        head === headline ||
        (head.textContent.length < 800 && !head.querySelector("video, iframe, figure"))
      ) {
        yield [head.parentElement, head.nextSibling];
      }
    }
    if (text) {
      // The outermost first: a panel in a quotation would belong to it.
      const above = [text.start, ...around(text.start.parentElement)];
      for (const node of above.slice(0, above.indexOf(text.root)).reverse()) {
        yield [node.parentElement, node];
      }
      // Before what floats beside the text.
      yield [text.root, text.root.firstChild];
    }
  }

  /** @param {Element | null} element and what holds it */
  function around(element) {
    const found = [];
    for (let each = element; each; each = each.parentElement) {
      found.push(each);
    }
    return found;
  }

  /** @param {Page} page */
  function measure({ headline, text }) {
    return { headline: boxOf(headline), column: boxOf(text?.column), line: boxOf(text?.line) };
  }

  /** @param {ChildNode | null} [node] where it stands in the page, however far that is scrolled */
  function boxOf(node) {
    const { left, right, top, bottom } = node ? rectOf(node) : new DOMRect();
    const page = node ? rectOf(document.documentElement).top : 0;
    return { left, right, top: top - page, bottom: bottom - page };
  }

  /** @param {ChildNode} node */
  function rectOf(node) {
    const range = document.createRange();
    range.selectNode(node);
    return (node instanceof Element ? node : range).getBoundingClientRect();
  }

  /** @type {(one: Edges, other: Edges) => boolean} */
  function isInLine(one, other) {
    return Math.abs(one.left - other.left) < EDGE || Math.abs(one.right - other.right) < EDGE;
  }

  /** @type {(one: Edges, other: Edges) => number} */
  function ratioOf(one, other) {
    return (one.right - one.left) / (other.right - other.left);
  }

  /** @param {HTMLElement} host */
  function isReadable(host) {
    return host.isConnected && rectOf(host).width >= NARROWEST && !host.isContentEditable;
  }

  /**
   * Whether it stands between headline and text, in the text's column, and pushes the text down and nothing aside.
   *
   * @type {(own: Boxes["line"], is: Boxes, was: Boxes) => boolean}
   */
  function fits(own, { headline, column, line }, was) {
    const ratio = ratioOf(own, column);
    const push = line.top - was.line.top - (own.bottom - own.top);
    const isUnder = own.top >= headline.bottom - 1 && Math.abs(headline.top - was.headline.top) < 1;
    const isAbove = own.bottom <= line.top + 1 && push > -1 && push < MARGINS;
    const isIn = ratio > 0.7 && ratio < 1.3 && isInLine(own, column);
    // A scroll bar that comes moves everything a little.
    const isStill = isInLine(column, was.column) && Math.abs(ratioOf(column, was.column) - 1) < 0.1;
    return isUnder && (column.right === 0 || (isAbove && isStill && isIn));
  }
})();

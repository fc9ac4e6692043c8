/**
 * Whether the panel stands where a reader would look for it, judged without a look at how the panel found its place:
 * the truth comes from what people wrote down as the article's title and text.
 *
 * `makePlacement` is sent to the browser as source text, so it stands alone.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeText } from "./text.js";

/** @typedef {import("./text.js").Segment} Segment */
/** @typedef {import("./text.js").Edges} Edges */

/**
 * @param {string} extension its folder
 * @returns {Promise<string[]>} what the world needs before it can be asked
 */
export async function worldScripts(extension) {
  const files = ["base", "place", "source"].map((name) => join(extension, "content", `${name}.js`));
  const scripts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return [`globalThis.placement ??= (${makePlacement})((${makeText})());`, ...scripts].map(
    (script) => `${script}\n;0`,
  );
}

/** @param {ReturnType<typeof makeText>} reading what text.js made in the same page */
function makePlacement(reading) {
  const {
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
  } = reading;

  /** Letters between the panel and the headline, or the first paragraph, that still are the article's head. */
  const NEAR = 400;

  /** Pixels of the panel's own margins, one and a half lines each, at most. */
  const MARGINS = 100;

  /** @type {{headline: Segment | null, text: Segment[], segments: Segment[]} | null} */
  let seen = null;

  return { look, judge, sources };

  /**
   * Before the panel comes: finds headline and text of the article.
   *
   * @param {{titles: string[], text: string}} gold the likeliest title first
   */
  function look({ titles, text }) {
    const segments = readSegments();
    const gold = lettersOf(text);
    const [present, shown] = [segments, segments.filter(isSeen)].map((some) => inGold(some, gold));
    if (!shown?.length) {
      return {
        reason: present?.length ? "the article's text is hidden" : "the article's text is not in the page",
      };
    }
    const [first] = shown;
    const visible = segments.filter(isSeen);
    const found = [...titles, document.title].map(
      (title) => first && findHeadline(visible, lettersOf(title), first, shown),
    );
    const headline = found.find(Boolean) ?? null;
    seen = { headline, text: shown, segments };
    return {
      headline: headline && headline.start.data.trim().slice(0, 80),
      first: first?.start.data.trim().slice(0, 80),
      second: secondOf(shown)?.start.data.trim().slice(0, 80),
    };
  }

  /**
   * With the panel there.
   *
   * @param {ShadowRoot} root
   */
  function judge(root) {
    if (!seen) {
      return null;
    }
    const { host } = root;
    const { headline, text, segments } = seen;
    const [first] = text;
    if (!first?.start.isConnected) {
      return { wrong: ["the page built itself anew"] };
    }
    // What sticks to the window stands where it did only if the window does.
    scrollTo({ top: 0, left: 0, behavior: "instant" });
    const own = edgesOf(host.getBoundingClientRect());
    const second = secondOf(text);
    const wrong = [];

    if (headline && own.top < edges(headline).bottom - SLACK) {
      wrong.push("above the headline");
    }
    if (second && own.bottom > edges(second).top + SLACK) {
      wrong.push("below the second paragraph");
    }
    const below = text.find((each) => isBefore(host, each.start));
    const above = headline ? lettersBetween(headline.end, host, segments) : Infinity;
    const under = below ? lettersBetween(host, below.start, segments) : Infinity;
    if (Math.min(above, under) > NEAR) {
      wrong.push("far from headline and text");
    }
    const columns = text.slice(0, 5).map(({ block }) => edgesOf(columnOf(block).getBoundingClientRect()));
    if (!columns.some((column) => isSameColumn(own, column))) {
      wrong.push(columns.some((column) => overlap(own, column) > 0) ? "of another width" : "beside the text");
    }
    wrong.push(...moved(host, headline, below));
    host.scrollIntoView({ block: "center", behavior: "instant" });
    wrong.push(...looks(root));
    return {
      wrong,
      own,
      column: columns[0],
      letters: { above, under },
      after: neighbour(host, "previous"),
      before: neighbour(host, "next"),
    };
  }

  /** @param {Element} block and, where the text is set in columns, what holds them all */
  function columnOf(block) {
    for (let each = /** @type {Element | null} */ (block); each; each = each.parentElement) {
      const { columnCount, columnWidth } = getComputedStyle(each);
      if (columnCount !== "auto" || columnWidth !== "auto") {
        return each;
      }
    }
    return block;
  }

  /**
   * @param {Element} host
   * @param {"previous" | "next"} side
   */
  function neighbour(host, side) {
    const node = side === "previous" ? host.previousElementSibling : host.nextElementSibling;
    return node
      ? `${node.localName}.${node.getAttribute("class") ?? ""} ${node.textContent.trim().slice(0, 40)}`
      : "";
  }

  /**
   * What else the panel moved than what is below it, and that by more or less than its height. Seen by taking it out and
   * putting it back before the page can do anything of its own.
   *
   * @param {Element} host
   * @param {Segment | null} headline
   * @param {Segment | undefined} below
   */
  function moved(host, headline, below) {
    const height = host.getBoundingClientRect().height;
    const stand = () => ({
      title: headline && edges(headline),
      text: below && { ...edgesOf(below.block.getBoundingClientRect()), top: edges(below).top },
      width: document.documentElement.clientWidth,
    });
    const { title, text, width } = stand();
    const { title: titleWithout, text: textWithout, width: widthWithout } = without(host, stand);
    // A scroll bar may come with the panel.
    const slack = SLACK + Math.abs(width - widthWithout);
    const wrong = [];
    if (
      title &&
      titleWithout &&
      (Math.abs(title.top - titleWithout.top) > SLACK || Math.abs(title.left - titleWithout.left) > slack)
    ) {
      wrong.push("moved the headline");
    }
    if (text && textWithout) {
      const down = text.top - textWithout.top;
      if (
        Math.abs(text.left - textWithout.left) > slack ||
        Math.abs(text.right - textWithout.right) > slack
      ) {
        wrong.push("moved the text aside");
      } else if (down < height - SLACK || down > height + MARGINS) {
        wrong.push(`moved the text by ${Math.round(down)} with a height of ${Math.round(height)}`);
      }
    }
    return wrong;
  }

  /**
   * @template T
   * @param {Element} host
   * @param {() => T} ask
   * @returns {T} what is so without the panel
   */
  function without(host, ask) {
    const { parentNode, nextSibling } = host;
    host.remove();
    const answer = ask();
    parentNode?.insertBefore(host, nextSibling);
    return answer;
  }

  /** @param {ShadowRoot} root */
  function looks(root) {
    const host = /** @type {HTMLElement} */ (root.host);
    const own = edgesOf(host.getBoundingClientRect());
    const wrong = [];
    const frame = root.querySelector(".frame");
    const inner = frame && edgesOf(frame.getBoundingClientRect());
    if (inner && Math.abs(inner.bottom - inner.top - (own.bottom - own.top)) > SLACK) {
      wrong.push("not as high as what is in it");
    }
    if (host.isContentEditable) {
      wrong.push("in a text that is edited");
    }
    if (inner && Math.abs(inner.right - inner.left - (own.right - own.left)) > SLACK) {
      wrong.push("squeezed beside something");
    }
    const panel = root.querySelector(".panel");
    if (panel && panel.scrollWidth > panel.clientWidth + SLACK) {
      wrong.push("its content is wider than the panel");
    }
    for (let each = host.parentElement; each; each = each.parentElement) {
      const { overflowX, overflowY, opacity } = getComputedStyle(each);
      const box = edgesOf(each.getBoundingClientRect());
      const isRoot = each === document.documentElement || each === document.body;
      const cut =
        (overflowY !== "visible" && (box.top > own.top + SLACK || box.bottom < own.bottom - SLACK)) ||
        (overflowX !== "visible" && (box.left > own.left + SLACK || box.right < own.right - SLACK));
      const scrolls = overflowY === "auto" || overflowY === "scroll";
      if (cut && !isRoot && !scrolls) {
        wrong.push("clipped");
      }
      if (Number(opacity) < 0.9) {
        wrong.push("faint");
      }
    }
    const cover = coverOf(host);
    if (cover) {
      wrong.push(`covered by ${cover.localName}.${cover.getAttribute("class") ?? ""}`);
    }
    const theme = frame?.getAttribute("data-theme");
    const ground = groundBeside(host);
    if (ground && theme && ground !== theme) {
      wrong.push(`${theme} on ${ground}`);
    }
    return [...new Set(wrong)];
  }

  /**
   * @param {Element} host
   * @returns {Element | undefined} what is before the panel, unless it is before the article's text as well: without its
   *   style sheets many a page is a heap
   */
  function coverOf(host) {
    const { left, top, width, height } = host.getBoundingClientRect();
    const points = [0.05, 0.5, 0.95].flatMap((across) =>
      [0.1, 0.5, 0.9].map((down) => ({ x: left + across * width, y: top + down * height })),
    );
    const hits = () => points.map(({ x, y }) => document.elementFromPoint(x, y));
    const covers = hits();
    const covered = without(host, hits);
    return (
      covers.find(
        (hit, index) => hit && hit !== host && hit !== covered[index] && !isFixed(hit) && !isOverText(hit),
      ) ?? undefined
    );
  }

  /** @param {Element} cover */
  function isOverText(cover) {
    /** @type {Element} */
    let layer = cover;
    while (layer.parentElement && getComputedStyle(layer).position === "static") {
      layer = layer.parentElement;
    }
    const text = [seen?.headline, ...(seen?.text ?? [])].map((each) => each && edges(each));
    return [cover, layer]
      .map((each) => edgesOf(each.getBoundingClientRect()))
      .some((box) =>
        text.some((each) => each && overlap(box, each) > 0 && box.top < each.bottom && each.top < box.bottom),
      );
  }

  /** @param {Element | null} element */
  function isFixed(element) {
    for (let each = element; each; each = each.parentElement) {
      if (["fixed", "sticky"].includes(getComputedStyle(each).position)) {
        return true;
      }
    }
    return false;
  }

  /**
   * What the eye sees beside the panel.
   *
   * @param {Element} host
   * @returns {"light" | "dark" | null} null where it cannot be told
   */
  function groundBeside(host) {
    const { top, height, left, width } = host.getBoundingClientRect();
    const y = top + height / 2;
    for (const x of [left - 4, left + width + 4, left + width / 2]) {
      for (const each of document.elementsFromPoint(x, y)) {
        const style = getComputedStyle(each);
        if (isFixed(each)) {
          continue;
        }
        if (each !== host && style.backgroundImage !== "none") {
          return null;
        }
        const [red = 0, green = 0, blue = 0, alpha = 1] = (style.backgroundColor.match(/[\d.]+/g) ?? []).map(
          Number,
        );
        if (each !== host && style.backgroundColor.startsWith("rgb") && alpha > 0.5) {
          return (red * 299 + green * 587 + blue * 114) / 1000 < 128 ? "dark" : "light";
        }
      }
    }
    return null;
  }

  /**
   * @param {{sentences: string[]}} what
   */
  function sources({ sentences }) {
    const probe = document.createElement("div");
    probe.style.cssText = "display:block; height:100px";
    const root = notime.place(probe)?.root ?? document.documentElement;
    probe.remove();
    return sentences.map((sentence) => sourceOf(sentence, root));
  }

  /**
   * @param {string} sentence
   * @param {Element} root
   * @returns {"exact" | "nearly" | "unseen" | "elsewhere" | "wrong" | "not found"}
   */
  function sourceOf(sentence, root) {
    const range =
      notime.findSource?.(sentence, root) ?? notime.findSource?.(sentence, document.documentElement);
    if (!range) {
      return "not found";
    }
    // Some pages have styles in the middle of a sentence.
    const part = range.cloneContents();
    part.querySelectorAll(NOT_TEXT).forEach((each) => each.remove());
    const [wanted, got] = [sentence, part.textContent];
    const isExact = bare(wanted) === bare(got);
    if (!isExact && !isNearly(lettersOf(wanted), lettersOf(got))) {
      return "wrong";
    }
    if (![...range.getClientRects()].some(({ width, height }) => width > 1 && height > 1)) {
      return "unseen";
    }
    const [first, last] = [seen?.text[0], seen?.text.at(-1)];
    if (
      first &&
      last &&
      (isBefore(range.startContainer, first.start) || isBefore(last.end, range.endContainer))
    ) {
      // The gold text may leave out a standfirst or a last line.
      return root.contains(range.startContainer) ? (isExact ? "exact" : "nearly") : "elsewhere";
    }
    return isExact ? "exact" : "nearly";
  }

  /** @param {string} text */
  function bare(text) {
    return text.replace(/[\s\p{Cf}]+/gu, "");
  }

  /**
   * @param {string} wanted
   * @param {string} got
   * @returns {boolean} whether what differs is a little in the middle, such as a note's number
   */
  function isNearly(wanted, got) {
    const end = Math.min(12, wanted.length >> 1);
    return (
      wanted === got ||
      (Math.abs(wanted.length - got.length) < 0.3 * wanted.length + 4 &&
        wanted.slice(0, end) === got.slice(0, end) &&
        wanted.slice(-end) === got.slice(-end))
    );
  }

  /**
   * @param {Edges} own
   * @param {Edges} column
   */
  function isSameColumn(own, column) {
    const [width, wanted] = [own.right - own.left, column.right - column.left];
    return (
      width > 0.65 * wanted && width < 1.35 * wanted && overlap(own, column) > 0.9 * Math.min(width, wanted)
    );
  }
}

/**
 * What is asked inside the page about the panel. Each function is sent to the browser as source text, so it stands
 * alone; the first argument is the panel's closed shadow root.
 */

/** @typedef {ReturnType<typeof snapshot>} Snapshot */

/** @param {ShadowRoot} root */
export function snapshot(root) {
  /** @param {string} selector */
  const shown = (selector) =>
    [...root.querySelectorAll(selector)].filter(
      (each) => each.getClientRects().length > 0 && each.checkVisibility(),
    );
  /** @param {string} selector */
  const textOf = (selector) => shown(selector)[0]?.textContent ?? "";
  return {
    phase: root.querySelector(".panel")?.getAttribute("data-phase") ?? "",
    theme: root.querySelector(".frame")?.getAttribute("data-theme") ?? "",
    status: root.querySelector(".status")?.textContent ?? "",
    heard: textOf(".told"),
    command: textOf(".command code"),
    meta: textOf(".meta"),
    buttons: shown("button").map((each) => each.getAttribute("name")),
    pressed: shown('button[aria-pressed="true"]').map((each) => each.getAttribute("name")),
    progress: root.querySelector(".bar")?.getAttribute("aria-valuenow") ?? null,
    focus: root.activeElement?.getAttribute("name") ?? root.activeElement?.className ?? null,
    sentences: [...root.querySelectorAll(".points li:not(.empty)")].map((point) => ({
      text: point.querySelector(".text")?.textContent ?? "",
      method: point.getAttribute("data-method"),
      quoted: shown(".mark").some((mark) => point.contains(mark)),
      source: point.querySelector(".source")?.getAttribute("title") ?? "",
      why: shown(".why").find((why) => point.contains(why))?.textContent ?? "",
    })),
    outline: [...root.querySelectorAll(".outline .jump")].map((each) => each.textContent),
    outlineOpen: root.querySelector(".outline")?.hasAttribute("open") ?? false,
    renewing: root.querySelector(".panel")?.classList.contains("renewing") ?? false,
    form: root.querySelector(".points")?.getAttribute("data-form") ?? "",
  };
}

/**
 * @param {ShadowRoot} root
 * @param {{selector: string, index: number}} which
 * @returns {Promise<{x: number, y: number} | null>} a point in the index-th one that is shown, in view and at rest
 */
export async function middle(root, { selector, index }) {
  const shown = [...root.querySelectorAll(selector)].filter((each) => each.getClientRects().length > 0);
  const element = shown[index];
  if (!element) {
    return null;
  }
  element.scrollIntoView({ block: "center", behavior: "instant" });
  let last = "";
  for (;;) {
    const { left, top, width, height } = element.getBoundingClientRect();
    const now = [left, top, width, height].join();
    if (now === last) {
      return { x: left + Math.min(width, 120) / 2, y: top + height / 2 };
    }
    last = now;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

/**
 * @param {ShadowRoot} root
 * @returns {{x: number, y: number, width: number, height: number}} the panel in the page's viewport
 */
export function box(root) {
  const { x, y, width, height } = root.host.getBoundingClientRect();
  return { x, y, width, height };
}

/**
 * Puts the panel into columns of these widths and types of these sizes, one after another, and holds its boxes against each
 * other: none beyond the panel, none over another, the header's and the foot's controls each in their row.
 *
 * @param {ShadowRoot} root
 * @param {{widths: number[], sizes: number[]}} columns pixels
 * @returns {string[]} what is wrong, and where
 */
export function sweep(root, { widths, sizes }) {
  const host = /** @type {HTMLElement} */ (root.host);
  const frame = /** @type {HTMLElement} */ (root.querySelector(".frame"));
  const before = { host: host.style.cssText, size: frame.style.getPropertyValue("--size") };
  const found = [];
  /** @param {string} selector */
  const seen = (selector) =>
    [...root.querySelectorAll(selector)]
      .filter((each) => each.checkVisibility() && !each.closest(".told, .back, .menu"))
      .map((each) => ({
        name: each.getAttribute("name") ?? each.className,
        box: each.getBoundingClientRect(),
      }))
      .filter(({ box: { width, height } }) => width > 1 && height > 1);
  for (const width of widths) {
    for (const size of sizes) {
      host.style.setProperty("inline-size", `${width}px`, "important");
      frame.style.setProperty("--size", `${size}px`);
      const where = `${width} px, type ${size}`;
      const outer = frame.getBoundingClientRect();
      const boxes = seen(
        ".head .title, .head button, .points:not([data-form=paragraph]) li, .meta, .foot button, .outline summary, .status",
      );
      for (const { name, box: own } of boxes) {
        if (own.left < outer.left - 1 || own.right > outer.right + 1 || own.bottom > outer.bottom + 1) {
          found.push(`${where}: ${name} is beyond the panel`);
        }
      }
      for (const [place, one] of boxes.entries()) {
        for (const other of boxes.slice(place + 1)) {
          const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
          const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
          if (across > 1 && down > 1) {
            found.push(`${where}: ${one.name} is over ${other.name}`);
          }
        }
      }
      for (const { name, box: own } of seen("button:not(.jump)")) {
        if (own.height > 3 * size) {
          found.push(`${where}: ${name} is broken into lines`);
        }
      }
      const [title] = seen(".head .title");
      const [close] = seen(".head button[name=close]");
      if (
        title &&
        close &&
        Math.abs(title.box.top + title.box.bottom - close.box.top - close.box.bottom) > 8
      ) {
        found.push(`${where}: the header is broken`);
      }
      for (const each of root.querySelectorAll(".head button")) {
        if (each.checkVisibility() && each.scrollWidth > each.clientWidth + 1) {
          found.push(`${where}: ${each.getAttribute("name")} is cut`);
        }
      }
    }
  }
  host.style.cssText = before.host;
  frame.style.setProperty("--size", before.size);
  return found;
}

/**
 * @param {ShadowRoot} root
 * @returns {string[]} neighbouring sentences of a paragraph on one line that nothing is between
 */
export function glued(root) {
  const ranges = [...root.querySelectorAll(".points .text")].map((text) => {
    const range = document.createRange();
    range.selectNodeContents(text);
    return { words: text.textContent, boxes: [...range.getClientRects()] };
  });
  return ranges.slice(1).flatMap(({ words, boxes: [first] }, place) => {
    const last = ranges[place]?.boxes.at(-1);
    const isOneLine = first && last && Math.abs(first.top - last.top) < 4;
    return isOneLine && first.left - last.right < 2 ? [words] : [];
  });
}

/**
 * @param {ShadowRoot} root
 * @param {string} selector
 * @returns {{left: number, right: number, top: number, bottom: number, window: number[], text: string, look: string[]} | null}
 *   where it is in the window, whose size without scroll bars is told too, and how its letters look
 */
export function placeOf(root, selector) {
  const found = [...root.querySelectorAll(selector)].find((each) => each.checkVisibility());
  if (!found) {
    return null;
  }
  const { left, right, top, bottom } = found.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const { color, fontFamily, fontWeight } = getComputedStyle(found);
  const look = [color, fontFamily, fontWeight];
  return { left, right, top, bottom, window: [clientWidth, clientHeight], text: found.textContent, look };
}

/** @returns {string} the text in the page that is highlighted as a source */
export function highlightedText() {
  return [...(CSS.highlights.get("notime-source") ?? [])].map(String).join("");
}

/**
 * Puts a copy of the panel where axe can see it, in an open shadow root in the same place, and looks at it.
 *
 * @param {ShadowRoot} root
 * @returns {Promise<string[]>} what is not accessible
 */
export async function audit(root) {
  const copy = document.createElement("div");
  copy.attachShadow({ mode: "open" });
  copy.shadowRoot?.replaceChildren(...[...root.children].map((child) => child.cloneNode(true)));
  if (copy.shadowRoot) {
    copy.shadowRoot.adoptedStyleSheets = [...root.adoptedStyleSheets];
  }
  root.host.before(copy);
  // What is open stays so in the copy; of those that close one another it would close the reader's own.
  const [own, shown] = [root, copy.shadowRoot].map((each) => [
    ...(each?.querySelectorAll("[popover]") ?? []),
  ]);
  for (const [place, popover] of (own ?? []).entries()) {
    const twin = /** @type {HTMLElement | undefined} */ (shown?.[place]);
    if (twin && popover.matches(":popover-open")) {
      twin.popover = "manual";
      twin.showPopover();
    }
  }
  try {
    const { violations, passes } = await /** @type {any} */ (window).axe.run(copy);
    if (!passes.some((/** @type {any} */ { id }) => id === "color-contrast")) {
      return ["axe saw no text"];
    }
    return violations.flatMap((/** @type {any} */ { id, nodes }) =>
      nodes.map((/** @type {any} */ { html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
  } finally {
    copy.remove();
  }
}

/** @returns {Promise<string[]>} what is not accessible in a whole page */
export async function auditPage() {
  const { violations } = await /** @type {any} */ (window).axe.run();
  return violations.flatMap((/** @type {any} */ { id, nodes }) =>
    nodes.map((/** @type {any} */ { html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

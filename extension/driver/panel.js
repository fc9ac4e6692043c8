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
      (each) => /** @type {HTMLElement} */ (each).getClientRects().length > 0,
    );
  /** @param {string} selector */
  const textOf = (selector) => shown(selector)[0]?.textContent ?? "";
  return {
    phase: root.querySelector(".panel")?.getAttribute("data-phase") ?? "",
    theme: root.querySelector(".frame")?.getAttribute("data-theme") ?? "",
    status: root.querySelector(".status")?.textContent ?? "",
    heard: root.querySelector(".heard")?.textContent ?? "",
    command: textOf(".command code"),
    meta: textOf(".meta"),
    buttons: shown("button").map((each) => each.getAttribute("name")),
    pressed: shown('button[aria-pressed="true"]').map((each) => each.getAttribute("name")),
    progress: root.querySelector(".bar")?.getAttribute("aria-valuenow") ?? null,
    focus: root.activeElement?.getAttribute("name") ?? root.activeElement?.className ?? null,
    sentences: [...root.querySelectorAll(".points li:not(.empty)")].map((point) => ({
      text: point.querySelector(".text")?.textContent ?? "",
      method: point.getAttribute("data-method"),
      quoted: shown(".tag").some((tag) => point.contains(tag)),
      source: point.querySelector(".source")?.getAttribute("title") ?? "",
      why: shown(".why").find((why) => point.contains(why))?.textContent ?? "",
    })),
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

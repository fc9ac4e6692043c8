/**
 * All summaries, or those that the search found, as a file.
 */

import { ask, byId, count, make, problemWords, text } from "../shared/pages.js";
import { query } from "./list.js";
import { listToJson, listToMarkdown } from "./write.js";

/** @typedef {import("../../types/notime.js").HistoryEntry} HistoryEntry */

/** As many as the daemon gives at once. */
const PAGE = 100;

const menu = byId("export", HTMLDetailsElement);
const progress = byId("export-state", HTMLElement);
const words = byId("export-words", HTMLElement);
const cancel = byId("export-cancel", HTMLButtonElement);

/** The file that was made last. */
let file = "";
/** Counts the exports, so that a cancelled one knows. */
let current = 0;

export function wireExport() {
  byId("export-markdown", HTMLButtonElement).addEventListener(
    "click",
    () => void run("md", "text/markdown", listToMarkdown),
  );
  byId("export-json", HTMLButtonElement).addEventListener(
    "click",
    () => void run("json", "application/json", listToJson),
  );
  cancel.addEventListener("click", () => {
    current += 1;
    progress.hidden = true;
    menu.querySelector("summary")?.focus();
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Node && !menu.contains(target)) {
      menu.open = false;
    }
  });
}

/**
 * @param {string} ending
 * @param {string} type
 * @param {(entries: HistoryEntry[]) => string} write
 */
async function run(ending, type, write) {
  menu.open = false;
  menu.querySelector("summary")?.focus();
  const mine = ++current;
  const wanted = query();
  cancel.hidden = false;
  progress.hidden = false;
  /** @type {HistoryEntry[]} */
  const entries = [];
  /** @type {string | null} */
  let before = "";
  while (before !== null) {
    words.textContent = text("history_exporting", count(entries.length));
    /** @type {Awaited<ReturnType<typeof ask<"history">>>} */
    const answer = await ask("history", { query: wanted, before, limit: PAGE });
    if (mine !== current) {
      return;
    }
    if (!answer.ok) {
      cancel.hidden = true;
      words.replaceChildren(...problemWords(answer.code));
      return;
    }
    entries.push(...answer.entries);
    before = answer.next;
  }
  cancel.hidden = true;
  const link = save(
    new Blob([write(entries)], { type }),
    `notime-${new Date().toISOString().slice(0, 10)}.${ending}`,
  );
  words.replaceChildren(text("history_exported", count(entries.length)), " ", link);
  link.click();
}

/**
 * @param {Blob} blob
 * @param {string} name
 * @returns {HTMLAnchorElement} stays, for whom the browser did not save it at once
 */
function save(blob, name) {
  URL.revokeObjectURL(file);
  file = URL.createObjectURL(blob);
  return make("a", { href: file, download: name, dir: "ltr" }, name);
}

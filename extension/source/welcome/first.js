/**
 * The first summary: of the very article that the first page shows, in a panel under its headline.
 */

import { openRequest } from "../background/inject.js";
import { byId } from "../shared/pages.js";
import { readSettings } from "../shared/settings.js";

/** @typedef {import("../../types/notime.js").View} View */
/** @typedef {import("../../types/notime.js").SummarySentence} SummarySentence */
/** @typedef {import("../../types/notime.js").Session} Session */
/** @typedef {import("../../types/notime.js").Ground} Ground */

/** @type {Session | null} */
let session = null;

/** @param {HTMLElement} article whose headline and paragraphs are summarised */
export async function summarizeHere(article) {
  session?.close();
  const request = await openRequest(await readSettings(), { manner: "asked" });
  const place = byId("panel", HTMLElement);
  session = globalThis.notime.createSession(request, (view) =>
    groundIn(article, place, view, request.styles.source),
  );
  session.start();
  session.focus();
}

/**
 * @param {HTMLElement} article
 * @param {HTMLElement} place for the panel
 * @param {View} view
 * @param {string} style of a source
 * @returns {Ground}
 */
function groundIn(article, place, view, style) {
  const { notime } = globalThis;
  const pointer = notime.createPointer?.(style);
  pointer?.look(article);
  view.setTheme(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const { fontFamily, fontSize } = getComputedStyle(article);
  view.setType({ family: fontFamily, size: parseFloat(fontSize) });
  place.replaceChildren(view.host);
  return {
    url: () => "",
    title: () => article.querySelector("h2")?.textContent ?? "",
    content: async () => ({
      text: [...article.querySelectorAll("p")].map((paragraph) => paragraph.textContent).join("\n\n"),
    }),
    reveal: () => view.host.scrollIntoView({ block: "center" }),
    point: (sentence) => pointer?.point(sentence),
    visit: async (sentence) => pointer?.visit(sentence) === true,
    back: () => pointer?.back(),
    clear: () => pointer?.clear(),
    release() {
      pointer?.clear();
      place.replaceChildren();
      session = null;
    },
  };
}

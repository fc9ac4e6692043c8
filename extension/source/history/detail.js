/**
 * One summary, with where each of its sentences comes from.
 */

import {
  ask,
  byId,
  button,
  confirmInline,
  language,
  make,
  problem,
  sideBySide,
  text,
} from "../shared/pages.js";
import { forget, lengthName, versions } from "./list.js";
import { toMarkdown, toText } from "./write.js";

/** @typedef {import("../../types/notime.js").HistoryRecord} HistoryRecord */
/** @typedef {import("../../types/notime.js").SummarySentence} SummarySentence */

const place = byId("one", HTMLElement);

/** What is wanted, since answers may overtake each other. */
let wanted = "";

/**
 * @param {string} id "" for none
 * @param {{focus: boolean}} how whether the reader goes there
 */
export async function showOne(id, { focus }) {
  wanted = id;
  document.body.dataset.view = id ? "one" : "list";
  if (!id) {
    place.replaceChildren(make("p", { class: "empty", id: "detail-title" }, text("history_choose")));
    return;
  }
  const answer = await ask("history_one", { id });
  if (wanted !== id) {
    return;
  }
  place.dataset.id = id;
  if (answer.ok) {
    place.replaceChildren(...content(answer.record));
  } else if (answer.code === "not_found") {
    place.replaceChildren(make("p", { class: "empty", id: "detail-title" }, text("history_gone")));
  } else {
    place.replaceChildren(problem(answer.code, () => showOne(id, { focus })));
  }
  if (focus) {
    document.getElementById("detail-title")?.focus();
    byId("detail", HTMLElement).scrollTop = 0;
  }
}

/**
 * @param {HistoryRecord} record
 * @returns {HTMLElement[]}
 */
function content(record) {
  const { article, created, url } = record;
  const when = new Date(created).toLocaleString(language(), { dateStyle: "long", timeStyle: "short" });
  const facts = [
    article.siteName,
    article.byline,
    when,
    article.minutes > 0 ? text("meta_article", String(article.minutes)) : "",
    versions(record.id).length > 1 ? "" : lengthName(record.length),
    record.fraction < 1 ? text("meta_coverage", String(Math.round(record.fraction * 100))) : "",
    record.model,
  ];
  const title = make(
    "h2",
    { id: "detail-title", tabindex: "-1", dir: "auto", lang: article.language },
    article.title || text("history_untitled"),
  );
  return [
    title,
    make("p", { class: "soft one-meta" }, ...sideBySide(facts)),
    actions(record, url),
    ...lengths(record),
    make(
      "ol",
      { class: "points", role: "list" },
      ...record.sentences.map((sentence) => point(sentence, article.language)),
    ),
    ...outline(record),
  ];
}

/**
 * @param {HistoryRecord} record
 * @returns {HTMLElement[]} the way to the same article's other lengths, where there are any
 */
function lengths({ id }) {
  const those = versions(id);
  const links = those.map((each) =>
    make(
      "a",
      { href: `#${each.id}`, ...(each.id === id ? { "aria-current": "true" } : {}) },
      lengthName(each.length) || text("history_untitled"),
    ),
  );
  return those.length > 1
    ? [make("nav", { class: "lengths", "aria-label": text("history_also") }, ...links)]
    : [];
}

/**
 * @param {HistoryRecord} record
 * @returns {HTMLElement[]} the article's own headings, where it has an outline
 */
function outline({ outline: headings, article }) {
  return headings.length === 0
    ? []
    : [
        make(
          "details",
          { class: "outline" },
          make("summary", {}, text("outline", String(headings.filter((each) => each.depth === 0).length))),
          make(
            "ul",
            { dir: "auto", lang: article.language },
            ...headings.map((each) => make("li", { "data-depth": String(each.depth) }, each.text)),
          ),
        ),
      ];
}

/**
 * @param {HistoryRecord} record
 * @param {string} url
 */
function actions(record, url) {
  const open = make(
    "a",
    { class: "button", href: url, rel: "noreferrer", target: "_blank" },
    text("history_open_article"),
  );
  const remove = button(
    text("options_delete"),
    () =>
      confirmInline(
        remove,
        text("history_delete_question"),
        text("options_delete"),
        () => drop(record.id),
        row,
      ),
    { class: "plain", name: "delete" },
  );
  const row = make(
    "div",
    { class: "buttons actions" },
    ...(url ? [open] : []),
    copyButton(text("copy"), () => toText(record), "copy"),
    copyButton(text("history_copy_markdown"), () => toMarkdown(record), "copy_markdown"),
    remove,
  );
  return row;
}

/**
 * @param {string} label
 * @param {() => string} write
 * @param {string} name
 */
function copyButton(label, write, name) {
  const copy = button(
    label,
    async () => {
      await navigator.clipboard.writeText(write());
      copy.textContent = text("copied");
      copy.addEventListener("blur", () => copy.replaceChildren(label), { once: true });
    },
    { name },
  );
  return copy;
}

/** @param {string} id */
async function drop(id) {
  const answer = await ask("history_delete", { id });
  if (!answer.ok && answer.code !== "not_found") {
    place.replaceChildren(problem(answer.code, () => showOne(id, { focus: true })));
    return;
  }
  location.hash = "";
  forget(id);
}

/**
 * @param {SummarySentence} sentence
 * @param {string} lang
 */
function point(sentence, lang) {
  const { text: words, method, sources } = sentence;
  const own = make("p", { dir: "auto", lang }, words);
  if (method === "extracted") {
    const why = make("small", { class: "why", hidden: true }, globalThis.notime.reasonText?.(sentence) ?? "");
    const mark = button(
      "\u201c",
      () => {
        why.hidden = !why.hidden;
        mark.ariaExpanded = String(!why.hidden);
      },
      { class: "mark", name: "quoted", "aria-label": text("quoted"), "aria-expanded": "false" },
    );
    own.prepend(mark);
    own.append(why);
  }
  const told = sources.filter((source) => source.text !== words);
  if (told.length === 0) {
    return make("li", {}, own);
  }
  return make(
    "li",
    {},
    own,
    make(
      "details",
      {},
      make("summary", {}, text("history_source")),
      ...told.map((source) => make("blockquote", { dir: "auto", lang }, source.text)),
    ),
  );
}

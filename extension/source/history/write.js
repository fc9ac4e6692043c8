/**
 * Summaries as text, Markdown and JSON. Knows no page and no browser.
 */

/** @typedef {import("../../types/notime.js").HistoryEntry} HistoryEntry */
/** @typedef {import("../../types/notime.js").HistoryRecord} HistoryRecord */

/**
 * @param {HistoryRecord} record
 * @returns {string}
 */
export function toText({ article, url, sentences }) {
  const head = [article.title, url].filter(Boolean).join("\n");
  return `${[head, sentences.map((sentence) => sentence.text).join("\n")].filter(Boolean).join("\n\n")}\n`;
}

/**
 * @param {HistoryRecord} record
 * @returns {string} its sentences as points
 */
export function toMarkdown({ article, url, sentences, outline }) {
  const points = sentences.map((sentence) => `- ${escape(sentence.text)}`).join("\n");
  const parts = outline.map((each) => `${"  ".repeat(each.depth)}- ${escape(each.text)}`).join("\n");
  return `${heading(article.title, url)}${points}\n${parts && `\n### Outline\n\n${parts}\n`}`;
}

/**
 * @param {readonly HistoryEntry[]} entries
 * @returns {string} one heading each
 */
export function listToMarkdown(entries) {
  return entries
    .map(({ title, url, created, siteName, text }) => {
      const facts = [siteName, created.slice(0, 10)].filter(Boolean).map(escape).join(" · ");
      return `${heading(title, url)}${facts ? `*${facts}*\n\n` : ""}${escape(text)}\n`;
    })
    .join("\n");
}

/**
 * @param {readonly HistoryEntry[]} entries
 * @returns {string}
 */
export function listToJson(entries) {
  return `${JSON.stringify({ summaries: entries }, null, 2)}\n`;
}

/**
 * @param {string} title
 * @param {string} url
 */
function heading(title, url) {
  const words = escape(title || url);
  return words ? `## ${url ? `[${words}](<${url.replace(/[<>\s]/g, encodeURIComponent)}>)` : words}\n\n` : "";
}

/**
 * @param {string} text
 * @returns {string} with what Markdown would take for its own marks kept as it is
 */
function escape(text) {
  return text.replace(/[\\`*_[\]<>]/g, "\\$&").replace(/^(\s*\d*)([#+.)-])(?=\s)/gm, "$1\\$2");
}

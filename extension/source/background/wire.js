/**
 * The daemon's lines, made into events of a known shape.
 *
 * In: text as it arrives. Out: the events that the panel may see. Unchecked text of the model (`token`) goes no
 * further than here; it only says that writing goes on.
 */

/** @typedef {import("../../types/notime.js").SummaryEvent} SummaryEvent */
/** @typedef {import("../../types/notime.js").SummarySentence} SummarySentence */
/** @typedef {import("../../types/notime.js").Source} Source */
/** @typedef {import("../../types/notime.js").Heading} Heading */
/** @typedef {import("../../types/notime.js").ArticleFacts} ArticleFacts */
/** @typedef {import("../../types/notime.js").Problem} Problem */
/** @typedef {Record<string, unknown>} Json */

/** Splits a stream of text into lines, whatever the pieces it arrives in. */
export class LineSplitter {
  #rest = "";

  /**
   * @param {string} text
   * @returns {string[]} the lines that are complete now, without empty ones
   */
  push(text) {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.filter((line) => line.trim() !== "");
  }

  /** @returns {string[]} what was left without a line break */
  flush() {
    return this.push("\n");
  }
}

/**
 * @param {string} line
 * @returns {SummaryEvent | null} null for what we do not know; a newer daemon may say more
 * @throws {SyntaxError} where the line is not JSON
 */
export function parseEvent(line) {
  const event = object(JSON.parse(line));
  switch (event.type) {
    case "accepted":
      return { type: "accepted", position: number(event.position) };
    case "article":
      return { type: "article", article: articleFacts(event) };
    case "model":
      return { type: "model", ready: event.state === "ready", progress: number(event.progress) };
    case "progress":
      return event.stage === "ranking" || event.stage === "writing"
        ? { type: "progress", stage: event.stage, fraction: number(event.fraction) }
        : null;
    case "token":
      return { type: "token", index: number(event.index) };
    case "sentence":
      return { type: "sentence", sentence: sentence(event, 0) };
    case "ping":
      return { type: "ping" };
    case "done":
      return done(object(event.summary));
    case "error":
      return { type: "problem", problem: parseProblem(event) };
    default:
      return null;
  }
}

/**
 * @param {unknown} body `{"error":{"code","message","hint"?}}`
 * @returns {Problem}
 */
export function parseProblem(body) {
  const { code, message } = object(object(body).error);
  return { code: string(code) || "internal", message: string(message) };
}

/**
 * @param {Json} whole
 * @returns {SummaryEvent}
 */
function done(whole) {
  const coverage = object(whole.coverage);
  return {
    type: "done",
    article: articleFacts(object(whole.article)),
    sentences: list(object(whole.summary).sentences).map((each, index) => sentence(object(each), index)),
    outline: outline(object(whole.summary).outline),
    fraction: typeof coverage.fraction === "number" ? coverage.fraction : 1,
    model: string(object(whole.model).id),
    cached: whole.cached === true,
  };
}

/**
 * @param {Json} event
 * @param {number} index its place, where the event does not say
 * @returns {SummarySentence}
 */
export function sentence(event, index) {
  return {
    index: typeof event.index === "number" ? event.index : index,
    text: string(event.text),
    method: event.method === "generated" ? "generated" : "extracted",
    sources: list(event.sources)
      .map(object)
      .map((source) => ({ index: number(source.index), text: string(source.text) })),
    reasons: list(event.reasons).map(string).filter(Boolean),
  };
}

/**
 * @param {unknown} value
 * @returns {Heading[]} none from a daemon that knows of none
 */
export function outline(value) {
  return list(value)
    .map(object)
    .map(({ text, block, depth }) => ({ text: string(text), block: number(block), depth: number(depth) }))
    .filter(({ text }) => text !== "");
}

/**
 * @param {Json} event
 * @returns {ArticleFacts}
 */
export function articleFacts(event) {
  return {
    title: string(event.title),
    byline: string(event.byline),
    siteName: string(event.site_name),
    language: string(event.language),
    words: number(event.words),
    minutes: number(event.minutes),
  };
}

/**
 * @param {unknown} value
 * @returns {Json}
 */
export function object(value) {
  return typeof value === "object" && value !== null ? /** @type {Json} */ (value) : {};
}

/**
 * @param {unknown} value
 * @returns {unknown[]}
 */
export function list(value) {
  return Array.isArray(value) ? value : [];
}

/** @param {unknown} value */
export function string(value) {
  return typeof value === "string" ? value : "";
}

/** @param {unknown} value */
export function number(value) {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

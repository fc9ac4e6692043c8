/**
 * What the daemon keeps and tells of itself, made into known shapes.
 *
 * In: JSON as it came. Out: entries of the history, models, the daemon's state. An address that is not the web's is
 * left out, so that no page need think about what it links to.
 */

import { siteOf } from "../shared/settings.js";
import { articleFacts, list, number, object, outline, sentence, string } from "./wire.js";

/** @typedef {import("../../types/notime.js").HistoryPage} HistoryPage */
/** @typedef {import("../../types/notime.js").HistoryEntry} HistoryEntry */
/** @typedef {import("../../types/notime.js").HistoryRecord} HistoryRecord */
/** @typedef {import("../../types/notime.js").ModelFacts} ModelFacts */
/** @typedef {import("../../types/notime.js").DaemonStatus} DaemonStatus */

/**
 * @param {unknown} body
 * @returns {HistoryPage}
 */
export function readHistory(body) {
  const { summaries, next } = object(body);
  return {
    entries: list(summaries).map(object).map(entry),
    next: typeof next === "string" || typeof next === "number" ? String(next) : null,
  };
}

/**
 * @param {unknown} body
 * @returns {HistoryRecord}
 */
export function readRecord(body) {
  const whole = object(body);
  const article = object(whole.article);
  return {
    id: string(whole.id),
    created: string(whole.created),
    url: webAddress(article.url),
    length: string(whole.length),
    article: articleFacts(article),
    sentences: list(object(whole.summary).sentences).map((each, index) => sentence(object(each), index)),
    outline: outline(object(whole.summary).outline),
    fraction: fraction(object(whole.coverage).fraction),
    model: string(object(whole.model).id),
  };
}

/**
 * @param {unknown} body
 * @returns {ModelFacts[]}
 */
export function readModels(body) {
  return list(object(body).models)
    .map(object)
    .map((model) => ({
      id: string(model.id),
      title: string(model.title) || string(model.id),
      licence: string(model.licence),
      installed: model.installed === true,
      bytes: number(model.bytes),
      isDefault: model.default === true,
      writes: model.engine !== "encoder",
      speed: speed(model.speed),
    }));
}

/**
 * @param {unknown} body
 * @returns {DaemonStatus}
 */
export function readStatus(body) {
  const { version, command, model, history } = object(body);
  const { kept, entries, bytes } = object(history);
  return {
    version: string(version),
    command: string(command),
    model: string(object(model).id),
    history: { kept: kept === true, entries: number(entries), bytes: number(bytes) },
  };
}

/**
 * @param {Record<string, unknown>} each
 * @returns {HistoryEntry}
 */
function entry(each) {
  return {
    id: string(each.id),
    created: string(each.created),
    title: string(each.title),
    siteName: string(each.site_name),
    byline: string(each.byline),
    url: webAddress(each.url),
    language: string(each.language),
    minutes: number(each.minutes),
    length: string(each.length),
    model: string(each.model),
    text: string(each.text),
  };
}

/** @param {unknown} value */
function speed(value) {
  if (typeof value !== "object" || value === null) {
    return null;
  }
  const { summaries, first_sentence_ms: first, total_ms: total } = object(value);
  return { summaries: number(summaries), firstMs: number(first), totalMs: number(total) };
}

/** @param {unknown} value */
function webAddress(value) {
  const url = string(value);
  return siteOf(url) ? url : "";
}

/** @param {unknown} value */
function fraction(value) {
  return typeof value === "number" ? value : 1;
}

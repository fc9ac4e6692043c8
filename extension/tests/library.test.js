import assert from "node:assert/strict";
import { test } from "node:test";
import { DaemonError } from "../source/background/daemon.js";
import { libraryOf } from "../source/background/library.js";

/**
 * @param {unknown} body what the daemon answers
 * @returns {{asked: string[], library: ReturnType<typeof libraryOf>}}
 */
function libraryThat(body) {
  /** @type {string[]} */
  const asked = [];
  const ask = async (/** @type {string} */ method, /** @type {string} */ path) => {
    asked.push(`${method} ${path}`);
    return body;
  };
  return { asked, library: libraryOf(async () => ({ ask })) };
}

test("history is asked for with what makes sense, and nothing else", async () => {
  const { asked, library } = libraryThat({ summaries: [], next: null });
  await library.history?.({ query: "  night trains & co ", before: "c1", limit: 500, extra: 1 });
  await library.history?.({ query: 7, before: null, limit: -1 });
  assert.deepEqual(asked, [
    "GET /v1/summaries?query=night+trains+%26+co&before=c1&limit=100",
    "GET /v1/summaries",
  ]);
});

test("an entry has a known shape, and links to the web alone", async () => {
  const { library } = libraryThat({
    summaries: [
      { id: "1", title: "T", site_name: "S", url: "https://a.example/x", minutes: 3, text: "All." },
      { id: "2", url: "javascript:alert(1)", title: 7 },
      null,
    ],
    next: 17,
  });
  const answer = /** @type {any} */ (await library.history?.({}));
  assert.equal(answer.ok, true);
  assert.equal(answer.next, "17");
  assert.equal(answer.entries.length, 3);
  assert.equal(answer.entries[0].siteName, "S");
  assert.equal(answer.entries[0].url, "https://a.example/x");
  assert.equal(answer.entries[1].url, "");
  assert.equal(answer.entries[1].title, "");
});

test("one summary comes with its sources", async () => {
  const { asked, library } = libraryThat({
    id: "ab12",
    created: "2026-01-02T03:04:05Z",
    length: "brief",
    article: { title: "T", url: "http://a.example/", minutes: 4 },
    summary: { sentences: [{ text: "One.", method: "generated", sources: [{ index: 2, text: "Two." }] }] },
    coverage: { fraction: 0.5 },
    model: { id: "m" },
  });
  const record = /** @type {any} */ (await library.history_one?.({ id: "ab12" }))?.record;
  assert.deepEqual(asked, ["GET /v1/summaries/ab12"]);
  assert.deepEqual(record.sentences[0].sources, [{ index: 2, text: "Two." }]);
  assert.equal(record.fraction, 0.5);
  assert.equal(record.model, "m");
});

test("what is no id reaches no path", async () => {
  const { asked, library } = libraryThat(null);
  for (const id of [undefined, 7, "", "../models", "a/b", "x".repeat(65)]) {
    assert.deepEqual(await library.history_one?.({ id }), { ok: false, code: "bad_request" });
    assert.deepEqual(await library.history_delete?.({ id }), { ok: false, code: "bad_request" });
  }
  assert.deepEqual(asked, []);
});

test("deleting says that it is done", async () => {
  const { asked, library } = libraryThat(null);
  assert.deepEqual(await library.history_delete?.({ id: "ab12" }), { ok: true });
  assert.deepEqual(await library.history_clear?.({}), { ok: true });
  assert.deepEqual(asked, ["DELETE /v1/summaries/ab12", "DELETE /v1/summaries"]);
});

test("models come with what was measured, or nothing", async () => {
  const { library } = libraryThat({
    models: [
      { id: "m", title: "M", installed: true, bytes: 5, default: true, speed: null },
      { id: "n", speed: { summaries: 3, first_sentence_ms: 210.5, total_ms: 900 } },
    ],
  });
  const models = /** @type {any} */ (await library.models?.({}))?.models;
  assert.equal(models[0].isDefault, true);
  assert.equal(models[0].speed, null);
  assert.equal(models[1].title, "n");
  assert.equal(models[1].installed, false);
  assert.deepEqual(models[1].speed, { summaries: 3, firstMs: 210.5, totalMs: 900 });
});

test("the daemon's state", async () => {
  const { library } = libraryThat({
    version: "1",
    command: "/opt/no time",
    history: { kept: true, entries: 2, bytes: 900 },
  });
  const status = /** @type {any} */ (await library.status?.({}))?.status;
  assert.deepEqual(status, {
    version: "1",
    command: "/opt/no time",
    model: "",
    history: { kept: true, entries: 2, bytes: 900 },
  });
});

test("a refusal keeps its code", async () => {
  const library = libraryOf(() => Promise.reject(new DaemonError("not_paired")));
  assert.deepEqual(await library.models?.({}), { ok: false, code: "not_paired" });
  const broken = libraryOf(() => Promise.reject(new TypeError("no")));
  assert.deepEqual(await broken.models?.({}), { ok: false, code: "internal" });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { LineSplitter, parseEvent, parseProblem } from "../source/background/wire.js";

test("lines come whole, whatever the pieces", () => {
  const splitter = new LineSplitter();
  assert.deepEqual(splitter.push('{"a"'), []);
  assert.deepEqual(splitter.push(':1}\n\n{"b":2}\n{"c"'), ['{"a":1}', '{"b":2}']);
  assert.deepEqual(splitter.push(":3}"), []);
  assert.deepEqual(splitter.flush(), ['{"c":3}']);
});

test("a sentence is taken over with its sources", () => {
  const line = JSON.stringify({
    type: "sentence",
    index: 2,
    text: "It rained.",
    sources: [{ index: 7, text: "It rained all day." }],
    method: "generated",
    supported: true,
    reasons: [],
  });
  assert.deepEqual(parseEvent(line), {
    type: "sentence",
    sentence: {
      index: 2,
      text: "It rained.",
      method: "generated",
      sources: [{ index: 7, text: "It rained all day." }],
      reasons: [],
    },
  });
});

test("unchecked text goes no further", () => {
  const event = parseEvent('{"type":"token","index":1,"text":"canary"}');
  assert.deepEqual(event, { type: "token", index: 1 });
});

test("the end carries the whole summary", () => {
  const event = parseEvent(
    JSON.stringify({
      type: "done",
      summary: {
        id: "x",
        article: { title: "Rain", words: 500, minutes: 2, language: "en" },
        summary: { sentences: [{ text: "One.", sources: [], method: "extracted" }, { text: "Two." }] },
        coverage: { sentences_total: 10, sentences_read: 5, fraction: 0.5 },
        model: { id: "default" },
        cached: true,
      },
    }),
  );
  assert.equal(event?.type, "done");
  assert.deepEqual(
    event.sentences.map(({ index, text }) => [index, text]),
    [
      [0, "One."],
      [1, "Two."],
    ],
  );
  assert.equal(event.article.title, "Rain");
  assert.equal(event.fraction, 0.5);
  assert.equal(event.cached, true);
});

test("types that are not known are passed over", () => {
  assert.equal(parseEvent('{"type":"weather"}'), null);
  assert.equal(parseEvent('{"type":"progress","stage":"dreaming","fraction":1}'), null);
  assert.equal(parseEvent("null"), null);
});

test("wrong shapes become empty ones, never exceptions", () => {
  const event = parseEvent(
    '{"type":"sentence","text":7,"sources":"x","method":"magic","reasons":[1,"number"]}',
  );
  assert.deepEqual(event, {
    type: "sentence",
    sentence: { index: 0, text: "", method: "extracted", sources: [], reasons: ["number"] },
  });
  assert.equal(parseEvent('{"type":"done"}')?.type, "done");
});

test("what is not JSON is an error", () => {
  assert.throws(() => parseEvent("<html>"), SyntaxError);
});

test("a problem has a code, whatever came", () => {
  assert.deepEqual(parseProblem({ error: { code: "busy", message: "Busy." } }), {
    code: "busy",
    message: "Busy.",
  });
  for (const body of [null, "x", {}, { error: 1 }, { error: { code: {} } }]) {
    assert.equal(parseProblem(body).code, "internal");
  }
});

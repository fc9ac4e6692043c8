import assert from "node:assert/strict";
import { test } from "node:test";
import "../source/content/base.js";
import "../source/content/problems.js";
import "../source/content/state.js";

/** @typedef {import("../types/notime.js").SummaryEvent} SummaryEvent */
/** @typedef {import("../types/notime.js").PanelState} PanelState */

/** @type {PanelState} */
const reading = { ...notime.initialState("brief", "points"), phase: "reading" };

/** @param {SummaryEvent[]} events */
const after = (...events) => events.reduce(notime.nextState, reading);

/** @returns {SummaryEvent} */
const sentence = (index = 0) => ({
  type: "sentence",
  sentence: { index, text: `Sentence ${index}.`, method: "generated", sources: [], reasons: [] },
});

test("reading goes through its stages, and the bar never back", () => {
  const states = [
    after({ type: "accepted", position: 2 }),
    after({ type: "accepted", position: 0 }),
    after({ type: "model", ready: false, progress: 0.4 }),
    after({ type: "model", ready: true, progress: 1 }),
    after({ type: "progress", stage: "ranking", fraction: 1 }),
    after({ type: "progress", stage: "writing", fraction: 0.1 }),
    after({ type: "progress", stage: "writing", fraction: 1 }),
  ];
  assert.deepEqual(
    states.map(({ stage }) => stage),
    ["waiting", "ranking", "loading", "ranking", "ranking", "writing", "writing"],
  );
  const bar = states.slice(4).map(({ progress }) => progress ?? 0);
  assert.deepEqual(
    bar,
    [...bar].sort((a, b) => a - b),
  );
  assert.equal(bar.at(-1), 1);
});

test("sentences stand in their order, each once", () => {
  const { sentences } = after(sentence(1), sentence(0), sentence(1));
  assert.deepEqual(
    sentences.map(({ index }) => index),
    [0, 1],
  );
});

test("a problem keeps what was already there", () => {
  const state = after(sentence(0), { type: "problem", problem: { code: "interrupted" } });
  assert.equal(state.phase, "problem");
  assert.equal(state.sentences.length, 1);
});

test("a cancelled summary is a stopped one", () => {
  assert.equal(after({ type: "problem", problem: { code: "cancelled" } }).phase, "stopped");
});

test("nothing changes any more once it has ended", () => {
  const stopped = after({ type: "problem", problem: { code: "cancelled" } });
  assert.equal(notime.nextState(stopped, sentence(0)), stopped);
});

test("every problem has a sentence and an action, known or not", () => {
  for (const code of ["not_running", "weather", "constructor", "__proto__", ""]) {
    const { message, action } = notime.problemText(code);
    assert.match(message, /^problem_/);
    assert.ok(["retry", "options", "close"].includes(action));
  }
});

test("what is not known is for the doctor to say", () => {
  const { message, command } = notime.problemText("weather");
  assert.equal(message, "problem_failed");
  assert.equal(command, "notime doctor");
});

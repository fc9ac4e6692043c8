import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULTS, clean } from "../source/shared/settings.js";

test("what was never set has its default", () => {
  assert.deepEqual(clean({}), DEFAULTS);
});

test("what makes sense is kept", () => {
  const chosen = { port: 9000, length: "full", theme: "dark" };
  assert.deepEqual(clean(chosen), chosen);
});

test("what makes no sense has its default", () => {
  for (const port of [0, -1, 65536, 1.5, "8717", null, NaN]) {
    assert.equal(clean({ port }).port, DEFAULTS.port);
  }
  assert.equal(clean({ length: "huge" }).length, DEFAULTS.length);
  assert.equal(clean({ theme: {} }).theme, DEFAULTS.theme);
});

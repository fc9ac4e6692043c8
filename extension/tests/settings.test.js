import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULTS, clean, siteOf } from "../source/shared/settings.js";

test("what was never set has its default", () => {
  assert.deepEqual(clean({}), DEFAULTS);
});

test("what makes sense is kept", () => {
  const chosen = {
    port: 9000,
    length: "full",
    form: "paragraph",
    theme: "dark",
    surface: "side",
    language: "uk",
    history: false,
    automatic: "prepare",
    inPrivate: true,
    sites: { "a.example": "never" },
    withLink: false,
    command: "/opt/notime",
  };
  assert.deepEqual(clean(chosen), chosen);
});

test("what makes no sense has its default", () => {
  for (const port of [0, -1, 65536, 1.5, "8717", null, NaN]) {
    assert.equal(clean({ port }).port, DEFAULTS.port);
  }
  assert.equal(clean({ length: "huge" }).length, DEFAULTS.length);
  assert.equal(clean({ theme: {} }).theme, DEFAULTS.theme);
  assert.deepEqual(clean({ sites: { "a.example": "often", "b/c": "on", "www.d.example": "on" } }).sites, {});
});

test("a site is its host's name", () => {
  assert.equal(siteOf("https://www.a.example:8443/x?y"), "a.example");
  for (const address of ["about:reader?url=x", "file:///x", "chrome://extensions", "x", ""]) {
    assert.equal(siteOf(address), "");
  }
});

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { fromBase64url, toBase64url } from "../source/shared/encoding.js";

test("bytes come back as they went, and as Node writes them", () => {
  for (let length = 0; length < 40; length += 1) {
    const bytes = randomBytes(length);
    assert.equal(toBase64url(bytes), bytes.toString("base64url"));
    assert.deepEqual(fromBase64url(toBase64url(bytes)), new Uint8Array(bytes));
  }
});

test("what is not base64url is refused", () => {
  for (const text of ["a", "ab+c", "ab/c", "YQ==", "ä", "a b"]) {
    assert.equal(fromBase64url(text), null);
  }
});

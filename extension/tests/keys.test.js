import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { importKey } from "../source/shared/keys.js";

const printed = randomBytes(32).toString("base64url");

test("case 40: a pasted key signs and cannot be read back", async () => {
  const key = await importKey(`\n  ${printed}\r\n`);
  assert.ok(key);
  assert.equal(key.extractable, false);
  assert.deepEqual(key.usages, ["sign"]);
  await assert.rejects(crypto.subtle.exportKey("raw", key));
});

test("what is no key is none", async () => {
  for (const pasted of ["", "notime pair", printed.slice(1), `${printed}AA`, `${printed.slice(1)}=`]) {
    assert.equal(await importKey(pasted), null);
  }
});

/**
 * Where the panel's scripts meet: an own property of the isolated world's global, which an element of the page with
 * id="notime" cannot stand in for.
 */
if (!Object.hasOwn(globalThis, "notime")) {
  Object.defineProperty(globalThis, "notime", { value: {} });
}

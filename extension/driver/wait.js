/**
 * Waiting for what is seen: looks again and again, until it is so or the patience is at its end.
 */

/** @typedef {import("./panel.js").Snapshot} Snapshot */
/** @typedef {{phase?: string[], sentences?: number, button?: string, heard?: boolean, pressed?: string, focus?: string, renewing?: boolean, meta?: string}} Wanted */

/** Milliseconds between two looks at something that is awaited. */
export const LOOK = 50;

/**
 * @template T
 * @param {number} timeout milliseconds
 * @param {string | (() => string)} failure
 * @param {() => Promise<T | null | false>} look
 * @returns {Promise<T>} the first that is neither null nor false
 */
export async function until(timeout, failure, look) {
  const end = Date.now() + timeout;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== false) {
      return seen;
    }
    if (Date.now() > end) {
      throw new Error(typeof failure === "string" ? failure : failure());
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
}

/**
 * Whether the panel shows what is wanted.
 *
 * @param {Snapshot} now
 * @param {Wanted} wanted
 */
export function meets(
  now,
  { phase, sentences = 0, button, heard = false, pressed, focus, renewing, meta = "" },
) {
  return (
    (!phase || phase.includes(now.phase)) &&
    now.sentences.length >= sentences &&
    (!button || now.buttons.includes(button)) &&
    (!heard || now.heard !== "") &&
    (!pressed || now.pressed.includes(pressed)) &&
    (!focus || now.focus === focus) &&
    now.meta.includes(meta) &&
    (renewing === undefined || now.renewing === renewing)
  );
}

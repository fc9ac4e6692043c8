/**
 * What the extension's own pages have in common: their words, their elements, their way to the background.
 */

import { readSettings } from "./settings.js";
import { localize, readMessages, wordsOf } from "./words.js";

/** @typedef {import("../../types/notime.js").LibraryMessages} LibraryMessages */
/** @typedef {import("../../types/notime.js").LibraryRefusal} LibraryRefusal */

let words = wordsOf(null);

/** How the daemon is called in a terminal here. */
let called = "notime";

/**
 * @param {string} name of a message
 * @param {...string} values
 * @returns {string} in the language that the page is in
 */
export function text(name, ...values) {
  return words(name, ...values);
}

/** @returns {string} the language that the page is in, as Intl takes it */
export function language() {
  return document.documentElement.lang;
}

/**
 * Puts the page into a language: `data-text` names the message of an element's text, `data-label` that of its
 * accessible name, `data-hint` that of its placeholder.
 *
 * @param {string} chosen a folder of _locales, or "" for the browser's
 */
export async function speak(chosen) {
  const messages = await readMessages(chosen);
  words = localize(messages);
  globalThis.notime?.speak(messages);
  called = (await readSettings()).command;
  for (const code of document.querySelectorAll(".command code")) {
    code.textContent = asCalled(code.textContent);
  }
  for (const [attribute, target] of [
    ["data-label", "aria-label"],
    ["data-hint", "placeholder"],
  ]) {
    for (const element of document.querySelectorAll(`[${attribute}]`)) {
      element.setAttribute(target ?? "", text(element.getAttribute(attribute ?? "") ?? ""));
    }
  }
  document.title = text(document.body.dataset.title ?? "");
  document.documentElement.dataset.ready = "true";
}

/**
 * @template {keyof LibraryMessages} T
 * @param {T} type
 * @param {LibraryMessages[T][0]} [details]
 * @returns {Promise<({ok: true} & LibraryMessages[T][1]) | LibraryRefusal>}
 */
export async function ask(type, details = {}) {
  return (await chrome.runtime.sendMessage({ ...details, type })) ?? { ok: false, code: "internal" };
}

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) {
    throw new TypeError(`#${id} is not there`);
  }
  return element;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean>} [attributes] true: there; false: not
 * @param {...(Node | string)} children text goes in as text
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children);
  return element;
}

/**
 * @param {string} label
 * @param {() => unknown} act
 * @param {Record<string, string>} [attributes]
 */
export function button(label, act, attributes = {}) {
  const element = make("button", { type: "button", ...attributes }, label);
  element.addEventListener("click", () => void act());
  return element;
}

/**
 * @param {string[]} parts empty ones are left out
 * @returns {(Node | string)[]} one beside the other, each in its own direction of writing
 */
export function sideBySide(parts) {
  return parts
    .filter(Boolean)
    .flatMap((part, index) => [...(index > 0 ? [" · "] : []), make("bdi", {}, part)]);
}

/** @param {string} line for a terminal */
export function command(line) {
  const copy = make("button", { type: "button", class: "copy", "data-text": "copy" }, text("copy"));
  copy.addEventListener("click", () => void copyCommand(copy));
  return make("span", { class: "command" }, make("code", { dir: "ltr" }, asCalled(line)), copy);
}

/** @param {string} line that begins with notime's bare name */
function asCalled(line) {
  return line.replace(/^notime(?= )/, () => called);
}

/** Makes the copy buttons that are in the page from the beginning work. */
export function wireCommands() {
  for (const copy of document.querySelectorAll("button.copy")) {
    copy.addEventListener("click", () => void copyCommand(copy));
  }
}

/** @param {Element} copy the button beside the command */
async function copyCommand(copy) {
  await navigator.clipboard.writeText(copy.previousElementSibling?.textContent ?? "");
  copy.textContent = text("copied");
}

/**
 * Asks once more, in the place of the button; Escape and "Cancel" bring the button back.
 *
 * @param {HTMLElement} asked the button
 * @param {string} question
 * @param {string} yes
 * @param {() => unknown} act
 * @param {HTMLElement} [place] what makes room for the question, where that is more than the button
 */
export function confirmInline(asked, question, yes, act, place = asked) {
  const back = () => {
    group.remove();
    place.hidden = false;
    asked.focus();
  };
  const cancel = button(text("options_cancel"), back);
  const sure = button(
    yes,
    () => {
      back();
      void act();
    },
    { class: "danger" },
  );
  const group = make(
    "div",
    { class: "confirm", role: "group", "aria-label": question },
    make("p", {}, question),
    make("p", { class: "buttons" }, sure, cancel),
  );
  group.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      back();
    }
  });
  place.hidden = true;
  place.after(group);
  cancel.focus();
}

/**
 * What is wrong between us and the daemon, as the panel says it, and the command for a terminal where there is one.
 *
 * @param {string} code
 * @returns {[string, ...(Node | string)[]]}
 */
export function problemWords(code) {
  globalThis.notime.command = called;
  const { message, command: line } = globalThis.notime.problemText(code);
  return [text(message), ...(line ? [" ", command(line)] : [])];
}

/**
 * The same, with the way out.
 *
 * @param {string} code
 * @param {() => unknown} again
 * @returns {HTMLElement}
 */
export function problem(code, again) {
  const { action } = globalThis.notime.problemText(code);
  const [message, ...line] = problemWords(code);
  const toPairing = button(text("open_settings"), () => chrome.runtime.openOptionsPage());
  // Where one can pair, there is no need to be led there.
  const isThere = document.getElementById("pairing") !== null;
  const way = action !== "options" ? [button(text("try_again"), again)] : isThere ? [] : [toPairing];
  return make(
    "div",
    { class: "problem", "data-code": code },
    make("p", {}, message),
    ...line,
    make("p", { class: "buttons" }, ...way),
  );
}

/** @param {number} bytes */
export function size(bytes) {
  const [amount, unit] =
    bytes < 1e6
      ? [Math.ceil(bytes / 1e3), "kilobyte"]
      : bytes < 1e9
        ? [bytes / 1e6, "megabyte"]
        : [bytes / 1e9, "gigabyte"];
  return new Intl.NumberFormat(language(), {
    style: "unit",
    unit,
    maximumFractionDigits: amount < 10 ? 1 : 0,
  }).format(amount);
}

/** @param {number} milliseconds */
export function seconds(milliseconds) {
  return new Intl.NumberFormat(language(), {
    style: "unit",
    unit: "second",
    maximumFractionDigits: 1,
  }).format(milliseconds / 1000);
}

/** @param {number} amount */
export function count(amount) {
  return new Intl.NumberFormat(language()).format(amount);
}

/** @returns {Promise<string>} the keys that open the panel, "" where there are none */
export async function shortcut() {
  const commands = await chrome.commands.getAll();
  return commands.find(({ name }) => name === "_execute_action")?.shortcut ?? "";
}

/** Whether this is a browser of Mozilla's. */
export const isFirefox = chrome.runtime.getURL("").startsWith("moz-extension:");

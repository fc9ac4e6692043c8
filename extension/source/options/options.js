/**
 * The options page, and the first page after the installation: pairing in three steps, then what one may prefer.
 */

import { deleteKey, importKey, writeKey } from "../shared/keys.js";
import { clean, readSettings, writeSettings } from "../shared/settings.js";

/** @typedef {import("../../types/notime.js").PairingState} PairingState */

const state = byId("state", HTMLElement);
const pairing = byId("pairing", HTMLFormElement);
const paired = byId("paired", HTMLElement);
const key = byId("key", HTMLInputElement);
const test = byId("test", HTMLButtonElement);
const settings = byId("settings", HTMLFormElement);
const port = byId("port", HTMLInputElement);
const length = byId("length", HTMLSelectElement);
const theme = byId("theme", HTMLSelectElement);

/** The port that is in use. */
let savedPort = 0;

/** States in which nothing is wrong. */
const GOOD = ["paired", "not_paired", "checking"];

localize();
for (const copy of document.querySelectorAll("button.copy")) {
  copy.addEventListener("click", () => void copyCommand(copy));
}
pairing.addEventListener("submit", (event) => {
  event.preventDefault();
  void pair();
});
settings.addEventListener("submit", (event) => event.preventDefault());
settings.addEventListener("change", () => void save());
byId("repair", HTMLButtonElement).addEventListener("click", () => {
  show({ form: true });
  key.focus();
});
byId("unpair", HTMLButtonElement).addEventListener("click", () => void unpair());
// The reader starts the daemon in another window and comes back: the page then knows.
addEventListener("focus", () => void refresh());
void load();

async function load() {
  const stored = await readSettings();
  length.value = stored.length;
  theme.value = stored.theme;
  port.value = String(stored.port);
  savedPort = stored.port;
  await refresh();
}

/** Says how things stand with the key in use. */
async function refresh() {
  if (test.disabled || key.value !== "") {
    return;
  }
  tell(await ask("check"));
}

async function pair() {
  test.disabled = true;
  tell("checking");
  try {
    const candidate = await importKey(key.value);
    if (!candidate) {
      tell("not_a_key");
      key.focus();
      return;
    }
    await writeKey("candidate", candidate);
    const answer = await ask("pair");
    if (answer === "paired") {
      key.value = "";
    }
    tell(answer);
  } finally {
    test.disabled = false;
    await deleteKey("candidate");
  }
}

async function unpair() {
  await ask("unpair");
  tell("not_paired");
  key.focus();
}

async function save() {
  if (!settings.reportValidity()) {
    return;
  }
  const wanted = clean({ length: length.value, theme: theme.value, port: Number(port.value) });
  if (wanted.port === savedPort) {
    await writeSettings(wanted);
    return;
  }
  tell("checking");
  savedPort = wanted.port;
  await writeSettings(wanted);
  tell(await ask("check"));
}

/**
 * @param {"check" | "pair" | "unpair"} type
 * @returns {Promise<PairingState>}
 */
async function ask(type) {
  return (await chrome.runtime.sendMessage({ type })) ?? "failed";
}

/** @param {PairingState | "checking" | "not_a_key"} answer */
function tell(answer) {
  state.dataset.state = answer;
  state.dataset.tone = GOOD.includes(answer) ? "good" : "bad";
  void describe(answer).then((words) => {
    if (state.dataset.state === answer) {
      state.textContent = words;
    }
  });
  if (answer !== "checking" && answer !== "not_a_key") {
    show({ form: answer !== "paired" });
  }
}

/** @param {{form: boolean}} what */
function show({ form }) {
  pairing.hidden = !form;
  paired.hidden = form;
}

/**
 * @param {string} answer
 * @returns {Promise<string>}
 */
async function describe(answer) {
  if (answer === "paired") {
    const [command] = await chrome.commands.getAll();
    return command?.shortcut
      ? text("options_state_paired", command.shortcut)
      : text("options_state_paired_no_shortcut");
  }
  return text(`options_state_${answer}`, port.value) || text("options_state_failed");
}

/** @param {Element} copy */
async function copyCommand(copy) {
  await navigator.clipboard.writeText(copy.previousElementSibling?.textContent ?? "");
  copy.textContent = text("copied");
}

function localize() {
  document.documentElement.lang = chrome.i18n.getUILanguage();
  document.documentElement.dir = text("@@bidi_dir");
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = text(element.getAttribute("data-text") ?? "");
  }
}

/**
 * @param {string} message
 * @param {...string} values
 */
function text(message, ...values) {
  return chrome.i18n.getMessage(message, values);
}

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
function byId(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) {
    throw new TypeError(`#${id} is not there`);
  }
  return element;
}

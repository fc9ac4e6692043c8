/**
 * From the installation to the first summary, in three steps that tick themselves.
 */

import { askPairing, wirePairing } from "../shared/pairing.js";
import { ask, byId, isFirefox, shortcut, speak, text, wireCommands } from "../shared/pages.js";
import { readSettings, siteOf } from "../shared/settings.js";
import { summarizeHere } from "./first.js";

/** @typedef {import("../shared/pairing.js").Answer} Answer */

/** Milliseconds between two looks at whether notime runs, while the page is in view. */
const LOOK = 2_000;

const steps = {
  daemon: byId("step-daemon", HTMLLIElement),
  pair: byId("step-pair", HTMLLIElement),
  summary: byId("step-summary", HTMLLIElement),
};
const test = byId("test", HTMLButtonElement);
const { language, port } = await readSettings();

/** Whether notime answered last time. */
let running = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

wireCommands();
wirePairing(byId("pairing", HTMLFormElement), test, tellPairing);
await speak(language);
await describeButton();
showHome();
byId("first", HTMLButtonElement).addEventListener("click", () => {
  void summarizeHere(document.querySelector("article") ?? document.body);
});
document.addEventListener("visibilitychange", () => void look());
// The reader comes back from a terminal, or from an article.
addEventListener("focus", () => {
  running = false;
  void look();
});
await look();

/** Looks at how far the reader is, and again in a while. */
async function look() {
  clearTimeout(timer);
  if (document.hidden) {
    return;
  }
  const health = await ask("health");
  tellDaemon(health.ok ? "running" : health.code);
  if (health.ok && !running && !test.disabled) {
    tellPairing(await askPairing("check"));
  }
  running = health.ok;
  if (steps.pair.hasAttribute("data-done") && !steps.summary.hasAttribute("data-done")) {
    await lookForSummary();
  }
  clearTimeout(timer);
  timer = setTimeout(() => void look(), LOOK);
}

/** @param {string} answer */
function tellDaemon(answer) {
  const words = {
    running: text("welcome_running"),
    impostor: text("welcome_other", String(port)),
  };
  say(
    "daemon-state",
    answer in words ? words[/** @type {keyof typeof words} */ (answer)] : text("welcome_waiting"),
  );
  byId("daemon-state", HTMLElement).dataset.tone = answer === "impostor" ? "bad" : "good";
  mark(steps.daemon, answer === "running");
}

/** @param {Answer} answer */
function tellPairing(answer) {
  const isPaired = answer === "paired";
  const isQuiet = answer === "not_paired" || answer === "not_running";
  const words = text(`options_state_${answer}`, String(port)) || text("options_state_failed");
  say("state", isPaired ? text("welcome_paired") : isQuiet ? "" : words);
  const state = byId("state", HTMLElement);
  state.dataset.state = answer;
  state.dataset.tone = isPaired || answer === "checking" ? "good" : "bad";
  mark(steps.pair, isPaired);
  if (isPaired) {
    void lookForSummary();
  }
}

async function lookForSummary() {
  const answer = await ask("status");
  const hasOne = answer.ok && answer.status.history.entries > 0;
  say("summary-state", hasOne ? text("welcome_done") : "");
  mark(steps.summary, hasOne);
}

/**
 * @param {HTMLElement} step
 * @param {boolean} done
 */
function mark(step, done) {
  step.toggleAttribute("data-done", done);
  const open = Object.values(steps).find((each) => !each.hasAttribute("data-done"));
  for (const each of Object.values(steps)) {
    if (each === open) {
      each.setAttribute("aria-current", "step");
    } else {
      each.removeAttribute("aria-current");
    }
  }
}

/**
 * @param {string} id
 * @param {string} words told again only if they are others
 */
function say(id, words) {
  const place = byId(id, HTMLElement);
  if (place.textContent !== words) {
    place.textContent = words;
  }
}

/** Where notime is to be had: whoever publishes the extension says so in its manifest. */
function showHome() {
  const { homepage_url: address = "" } = chrome.runtime.getManifest();
  if (siteOf(address)) {
    const home = byId("home", HTMLAnchorElement);
    home.href = home.textContent = address;
    byId("get", HTMLElement).hidden = false;
  }
}

async function describeButton() {
  const keys = await shortcut();
  byId("press", HTMLElement).textContent = keys ? text("welcome_press", keys) : text("welcome_press_button");
  byId("pin", HTMLElement).textContent = isFirefox
    ? text("welcome_pin_firefox")
    : text("welcome_pin_chromium");
}

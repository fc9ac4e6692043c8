/**
 * The options page: pairing, what one may prefer, and what is stored. Its parts are in the modules beside it.
 */

import { askPairing, wirePairing } from "../shared/pairing.js";
import { byId, isFirefox, make, shortcut, speak, text, wireCommands } from "../shared/pages.js";
import { LANGUAGES, clean, isPort, readSettings, writeSettings } from "../shared/settings.js";
import { showAutomatic } from "./automatic.js";
import { relabelModels, showModels } from "./models.js";
import { showSites } from "./sites.js";
import { relabelStored, showKeeping, showStored, wireStored } from "./stored.js";

/** @typedef {import("../shared/pairing.js").Answer} Answer */

const state = byId("state", HTMLElement);
const pairing = byId("pairing", HTMLFormElement);
const paired = byId("paired", HTMLElement);
const key = byId("key", HTMLInputElement);
const test = byId("test", HTMLButtonElement);
const address = byId("address", HTMLFormElement);
const port = byId("port", HTMLInputElement);
const preferences = byId("preferences", HTMLFormElement);
const languages = byId("language", HTMLSelectElement);

/** States in which nothing is wrong. */
const GOOD = ["paired", "not_paired", "checking"];

wireCommands();
wirePairing(pairing, test, tell);
wireStored(showAll);
address.addEventListener("submit", (event) => event.preventDefault());
address.addEventListener("change", () => void savePort(port.value));
preferences.addEventListener("submit", (event) => event.preventDefault());
preferences.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLSelectElement) {
    void prefer(target.name, target.value);
  }
});
byId("check", HTMLButtonElement).addEventListener("click", () => {
  tell("checking");
  void refresh();
});
byId("repair", HTMLButtonElement).addEventListener("click", () => {
  show({ form: true });
  key.focus();
});
byId("unpair", HTMLButtonElement).addEventListener("click", () => void unpair());
byId("change-keys", HTMLButtonElement).addEventListener("click", () => void changeKeys());
// The reader starts the daemon, or changes the keys, in another window and comes back: the page then knows.
addEventListener("focus", () => {
  void refresh();
  void showKeys();
  void showAutomatic();
  void showSites();
});
chrome.storage.onChanged.addListener(() => {
  void showSites();
  void showAutomatic();
  void showKeeping();
});
for (const language of LANGUAGES) {
  // In its own words, whatever the page is in.
  const name = new Intl.DisplayNames(language, { type: "language" }).of(language) ?? language;
  languages.append(make("option", { value: language, lang: language, dir: "auto" }, name));
}
followSections();
const shown = showAll();

/** Shows everything as it is stored. */
async function showAll() {
  const stored = await readSettings();
  await speak(stored.language);
  for (const [name, value] of Object.entries(stored)) {
    const control = preferences.elements.namedItem(name);
    if (control instanceof HTMLSelectElement) {
      control.value = String(value);
    }
  }
  port.value = String(stored.port);
  relabelModels();
  relabelStored();
  await relabelState();
  await Promise.all([showSurface(), showKeys(), showAutomatic(), showSites(), showKeeping(), refresh()]);
}

/** Says how things stand with the key in use. */
async function refresh() {
  if (!test.disabled && key.value === "") {
    tell(await askPairing("check"));
  }
}

async function unpair() {
  await askPairing("unpair");
  tell("not_paired");
  key.focus();
}

/** @param {string} typed */
async function savePort(typed) {
  await shown;
  port.value = typed;
  const wanted = Number(typed);
  if (!isPort(wanted)) {
    address.reportValidity();
    return;
  }
  tell("checking");
  await writeSettings({ port: wanted });
  tell(await askPairing("check"));
}

/**
 * @param {string} name
 * @param {string} value
 */
async function prefer(name, value) {
  const cleaned = Object.entries(clean({ [name]: value })).filter(([each]) => each === name);
  await writeSettings(Object.fromEntries(cleaned));
  if (name === "language") {
    await showAll();
  }
}

/** @param {Answer} answer */
function tell(answer) {
  state.dataset.state = answer;
  state.dataset.tone = GOOD.includes(answer) ? "good" : "bad";
  void relabelState();
  if (answer !== "checking" && answer !== "not_a_key") {
    show({ form: answer !== "paired" });
    void showModels(refresh);
    void showStored();
  }
}

/** Says the state in words, in the page's language. */
async function relabelState() {
  const answer = state.dataset.state;
  const words = answer ? await describe(answer) : "";
  if (state.dataset.state === answer) {
    state.textContent = words;
  }
}

/** @param {{form: boolean}} what */
function show({ form }) {
  pairing.hidden = !form;
  paired.hidden = form;
}

/**
 * @param {Answer} answer
 * @returns {Promise<string>}
 */
async function describe(answer) {
  if (answer === "paired") {
    const keys = await shortcut();
    return keys ? text("options_state_paired", keys) : text("options_state_paired_no_shortcut");
  }
  return text(`options_state_${answer}`, port.value) || text("options_state_failed");
}

/** Only where the browser, and the manifest, have a place beside the page. */
function showSurface() {
  const beside = isFirefox ? text("options_surface_sidebar") : text("options_surface_side");
  const option = preferences.querySelector('option[value="side"]');
  if (option) {
    option.textContent = beside;
  }
  byId("surfaces", HTMLElement).hidden = !("sidePanel" in chrome || "sidebarAction" in chrome);
}

async function showKeys() {
  byId("keys", HTMLElement).textContent = (await shortcut()) || text("options_shortcut_none");
}

async function changeKeys() {
  const { openShortcutSettings } = /** @type {{openShortcutSettings?: () => Promise<void>}} */ (
    chrome.commands
  );
  if (openShortcutSettings) {
    await openShortcutSettings();
  } else {
    await chrome.tabs.create({ url: "chrome://extensions/shortcuts" });
  }
}

/** Marks the section in view in the list beside the page. */
function followSections() {
  const observer = new IntersectionObserver(
    (entries) => {
      const [first] = entries.filter(({ isIntersecting }) => isIntersecting);
      const id = first?.target.getAttribute("aria-labelledby");
      if (id) {
        for (const link of document.querySelectorAll("nav a")) {
          link.toggleAttribute("aria-current", false);
          if (link.getAttribute("href") === `#${id}`) {
            link.setAttribute("aria-current", "true");
          }
        }
      }
    },
    { rootMargin: "-10% 0px -75% 0px" },
  );
  for (const section of document.querySelectorAll("section")) {
    observer.observe(section);
  }
}

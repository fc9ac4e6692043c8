/**
 * The exceptions: one row a site.
 */

import { button, byId, make, text } from "../shared/pages.js";
import { SITE_RULES, patternsOf, readSettings, siteOf, writeSettings } from "../shared/settings.js";
import { giveBack, holds, request } from "./permissions.js";

/** @typedef {import("../shared/settings.js").SiteRule} SiteRule */

const rows = byId("site-list", HTMLUListElement);
const none = byId("no-sites", HTMLElement);
const form = byId("site-add", HTMLFormElement);
const field = byId("site", HTMLInputElement);
const ruleOfNew = byId("site-rule", HTMLSelectElement);
const state = byId("site-state", HTMLElement);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = field.value.trim();
  const site = siteOf(typed.includes("://") ? typed : `https://${typed}`);
  if (!isHost(site)) {
    field.setAttribute("aria-invalid", "true");
    state.textContent = text("options_site_bad");
    field.focus();
    return;
  }
  void put(site, toRule(ruleOfNew.value)).then((done) => {
    if (done) {
      form.reset();
    }
    field.focus();
  });
});
field.addEventListener("input", () => {
  field.removeAttribute("aria-invalid");
  state.textContent = "";
});

/** Shows the rules, and where the browser does not allow what they want. */
export async function showSites() {
  const { sites } = await readSettings();
  const known = Object.entries(sites).sort(([a], [b]) => a.localeCompare(b));
  const made = await Promise.all(
    known.map(async ([site, rule]) =>
      row(site, rule, rule !== "on" || (await holds(patternsOf(site).slice(0, 1)))),
    ),
  );
  const focused = document.activeElement?.id;
  rows.replaceChildren(...made);
  if (focused) {
    document.getElementById(focused)?.focus();
  }
  none.hidden = known.length > 0;
}

/**
 * @param {string} site
 * @param {SiteRule} rule
 * @param {boolean} allowed
 */
function row(site, rule, allowed) {
  const select = make("select", { id: `rule-${site}`, "aria-label": text("options_site_rule_named", site) });
  const names = {
    on: text("options_site_on"),
    off: text("options_site_off"),
    never: text("options_site_never"),
  };
  for (const each of SITE_RULES) {
    select.append(make("option", { value: each, selected: each === rule }, names[each]));
  }
  select.addEventListener("change", () => void put(site, toRule(select.value)));
  const remove = button(text("options_site_remove"), () => drop(site), {
    class: "plain",
    "aria-label": text("options_site_remove_named", site),
  });
  const missing = make(
    "p",
    { class: "buttons missing" },
    make("span", { class: "error" }, text("options_permission_missing")),
    button(text("options_allow"), () => request(patternsOf(site)).then(showSites)),
  );
  return make(
    "li",
    { class: "row", "data-site": site },
    make("span", { dir: "ltr" }, site),
    make("span", { class: "buttons" }, select, remove),
    ...(allowed ? [] : [missing]),
  );
}

/**
 * To be called in the reader's own turn: `on` asks the browser for the site.
 *
 * @param {string} site
 * @param {SiteRule} rule
 * @returns {Promise<boolean>} whether it is so now
 */
async function put(site, rule) {
  const permission = rule === "on" ? request(patternsOf(site)) : Promise.resolve(true);
  state.textContent = "";
  const allowed = await permission;
  if (allowed) {
    const { sites } = await readSettings();
    await writeSettings({ sites: { ...sites, [site]: rule } });
    if (rule !== "on") {
      await giveBack(patternsOf(site));
    }
  } else {
    state.textContent = text("options_site_refused", site);
  }
  await showSites();
  return allowed;
}

/** @param {string} site */
async function drop(site) {
  const { sites } = await readSettings();
  await writeSettings({ sites: Object.fromEntries(Object.entries(sites).filter(([each]) => each !== site)) });
  await giveBack(patternsOf(site));
  await showSites();
  field.focus();
}

/**
 * @param {string} site
 * @returns {boolean} whether it can be a site; Chromium takes "no address" for a host, with %20 in it
 */
function isHost(site) {
  return /^[a-z\d](?:[a-z\d.-]*[a-z\d])?$/.test(site);
}

/**
 * @param {string} value
 * @returns {SiteRule}
 */
function toRule(value) {
  return SITE_RULES.find((each) => each === value) ?? "off";
}

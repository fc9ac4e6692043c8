/**
 * What the reader chose, in storage.local. The pairing key is not among it (keys.js).
 */

/** @typedef {"headline" | "brief" | "full"} Length */
/** @typedef {"points" | "paragraph"} Form */
/** @typedef {"page" | "light" | "dark"} Theme  `page`: as the article's own page is */
/** @typedef {"page" | "side"} Surface  where the toolbar button shows the panel: in the page, or beside it */
/**
 * What happens on an article without being asked: nothing; the closed panel with one line; the same, with the summary
 * made beforehand; the summary.
 *
 * @typedef {"off" | "offer" | "prepare" | "summarize"} Automatic
 */
/**
 * One site's exception: by itself; only when asked; not at all, not even when asked.
 *
 * @typedef {"on" | "off" | "never"} SiteRule
 */
/**
 * @typedef {{
 *   port: number,
 *   length: Length,
 *   form: Form,
 *   theme: Theme,
 *   surface: Surface,
 *   language: string,
 *   history: boolean,
 *   automatic: Automatic,
 *   inPrivate: boolean,
 *   sites: Record<string, SiteRule>,
 *   withLink: boolean,
 *   command: string,
 * }} Settings  `language`: a folder of _locales, or "" for the browser's; `inPrivate`: by itself in private windows too;
 *   `sites`: by host name, without "www."; `withLink`: whether title and link are copied along; `command`: as the daemon
 *   says that it is called on this computer
 */

/** @type {Readonly<Settings>} */
export const DEFAULTS = Object.freeze({
  port: 8717,
  length: "brief",
  form: "points",
  theme: "page",
  surface: "page",
  language: "",
  history: true,
  automatic: "off",
  inPrivate: false,
  sites: Object.freeze({}),
  withLink: true,
  command: "notime",
});

/** @type {readonly Length[]} */
export const LENGTHS = ["headline", "brief", "full"];

/** @type {readonly Form[]} */
export const FORMS = ["points", "paragraph"];

/** @type {readonly Theme[]} */
export const THEMES = ["page", "light", "dark"];

/** @type {readonly Surface[]} */
export const SURFACES = ["page", "side"];

/** @type {readonly Automatic[]} */
export const AUTOMATIC = ["off", "offer", "prepare", "summarize"];

/** @type {readonly SiteRule[]} */
export const SITE_RULES = ["on", "off", "never"];

/** The folders of _locales. */
export const LANGUAGES = ["ar", "de", "en", "es", "fr", "ja", "uk"];

/** @returns {Promise<Settings>} */
export async function readSettings() {
  return clean(await chrome.storage.local.get(Object.keys(DEFAULTS)));
}

/**
 * @param {unknown} value
 * @returns {value is string} whether it can be shown as what to type into a terminal: one line
 */
export function isCommand(value) {
  return typeof value === "string" && /^\P{C}{1,500}$/u.test(value);
}

/** @param {Partial<Settings>} changes */
export async function writeSettings(changes) {
  await chrome.storage.local.set(changes);
}

/**
 * @param {Record<string, unknown>} stored
 * @returns {Settings} each value that makes no sense replaced by its default
 */
export function clean(stored) {
  return {
    port: isPort(stored.port) ? stored.port : DEFAULTS.port,
    length: oneOf(LENGTHS, stored.length, DEFAULTS.length),
    form: oneOf(FORMS, stored.form, DEFAULTS.form),
    theme: oneOf(THEMES, stored.theme, DEFAULTS.theme),
    surface: oneOf(SURFACES, stored.surface, DEFAULTS.surface),
    language: oneOf(["", ...LANGUAGES], stored.language, DEFAULTS.language),
    history: typeof stored.history === "boolean" ? stored.history : DEFAULTS.history,
    automatic: oneOf(AUTOMATIC, stored.automatic, DEFAULTS.automatic),
    inPrivate: stored.inPrivate === true,
    sites: cleanSites(stored.sites),
    withLink: stored.withLink !== false,
    command: isCommand(stored.command) ? stored.command : DEFAULTS.command,
  };
}

/**
 * @param {string} url
 * @returns {string} the site that a rule is for; "" where there can be none
 */
export function siteOf(url) {
  if (!URL.canParse(url)) {
    return "";
  }
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" || protocol === "https:" ? hostname.replace(/^www\./, "") : "";
}

/**
 * @param {string} site
 * @returns {string[]} the match patterns that a permission for that site takes
 */
export function patternsOf(site) {
  return [`*://${site}/*`, `*://www.${site}/*`];
}

/**
 * @param {unknown} value
 * @returns {value is number}
 */
export function isPort(value) {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value < 65536;
}

/**
 * @param {unknown} stored
 * @returns {Record<string, SiteRule>}
 */
function cleanSites(stored) {
  /** @type {Record<string, SiteRule>} */
  const sites = {};
  if (typeof stored === "object" && stored !== null) {
    for (const [site, rule] of Object.entries(stored)) {
      const known = SITE_RULES.find((each) => each === rule);
      if (known && siteOf(`https://${site}`) === site) {
        sites[site] = known;
      }
    }
  }
  return sites;
}

/**
 * @template {string} T
 * @param {readonly T[]} known
 * @param {unknown} value
 * @param {T} otherwise
 * @returns {T}
 */
function oneOf(known, value, otherwise) {
  return known.find((each) => each === value) ?? otherwise;
}

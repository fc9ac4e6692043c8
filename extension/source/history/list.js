/**
 * The list of summaries, newest first, by day; and its search.
 */

import {
  ask,
  byId,
  confirmInline,
  count,
  language,
  make,
  problem,
  sideBySide,
  text,
} from "../shared/pages.js";

/** @typedef {import("../../types/notime.js").HistoryEntry} HistoryEntry */

/** How many entries are fetched at once. */
const PAGE = 40;

const field = byId("search", HTMLInputElement);
const days = byId("days", HTMLElement);
const counted = byId("count", HTMLElement);
const nothing = byId("nothing", HTMLElement);
const tools = byId("tools", HTMLElement);
const more = byId("more", HTMLButtonElement);
const deleteAll = byId("delete-all", HTMLButtonElement);

/** @type {HistoryEntry[]} */
let entries = [];
/** @type {string | null} */
let next = null;
let busy = false;
/** Whether something else is wanted than what is being fetched. */
let stale = false;

/** Tells when the end of the list comes into view, and once for each time that it is told to observe. */
const end = new IntersectionObserver(([seen]) => {
  if (seen?.isIntersecting) {
    void loadMore();
  }
});

/** @returns {string} what is searched for */
export function query() {
  return field.value.trim();
}

/** Fetches the list anew; while that goes on, only the last of further calls counts. */
export async function refresh() {
  if (busy) {
    stale = true;
    return;
  }
  busy = true;
  let answer;
  do {
    stale = false;
    answer = await ask("history", { query: query(), limit: PAGE });
  } while (stale);
  busy = false;
  if (answer.ok) {
    ({ entries, next } = answer);
  } else {
    [entries, next] = [[], null];
  }
  render(answer.ok ? "" : answer.code);
}

async function loadMore() {
  if (busy || next === null) {
    return;
  }
  busy = true;
  const answer = await ask("history", { query: query(), limit: PAGE, before: next });
  busy = false;
  if (stale) {
    await refresh();
  } else if (answer.ok) {
    entries = [...entries, ...answer.entries];
    next = answer.next;
    render("");
  }
}

/** @param {(id: string) => void} show shows one, and leaves the focus in the list */
export function wireList(show) {
  field.addEventListener("input", () => void refresh());
  byId("find", HTMLFormElement).addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", () => void loadMore());
  days.addEventListener("keydown", (event) => moveFocus(event, show));
  deleteAll.addEventListener("click", () =>
    confirmInline(
      deleteAll,
      text("options_history_delete_question"),
      text("options_history_delete"),
      async () => {
        await ask("history_clear");
        location.hash = "";
        await refresh();
        field.focus();
      },
      tools,
    ),
  );
}

/**
 * Takes one out of the list.
 *
 * @param {string} id
 */
export function forget(id) {
  const place = entries.findIndex((entry) => entry.id === id);
  entries = entries.filter((entry) => entry.id !== id);
  render("");
  const links = [...days.querySelectorAll("a")];
  (links[Math.min(Math.max(place, 0), links.length - 1)] ?? field).focus();
}

/**
 * Marks the one that is open.
 *
 * @param {string} id
 */
export function mark(id) {
  for (const entry of days.querySelectorAll("a")) {
    if (holds(entry, id)) {
      entry.setAttribute("aria-current", "true");
    } else {
      entry.removeAttribute("aria-current");
    }
  }
}

/** @param {string} id */
export function focusEntry(id) {
  const entry = [...days.querySelectorAll("a")].find((each) => holds(each, id));
  (entry ?? field).focus();
}

/**
 * @param {HTMLAnchorElement} entry
 * @param {string} id
 */
function holds(entry, id) {
  return id !== "" && (entry.dataset.ids ?? "").split(" ").includes(id);
}

/** @param {string} code what is wrong, or "" */
function render(code) {
  const focused = document.activeElement instanceof HTMLAnchorElement ? document.activeElement.hash : "";
  days.replaceChildren(...byDay());
  mark(location.hash.slice(1));
  if (focused) {
    [...days.querySelectorAll("a")].find(({ hash }) => hash === focused)?.focus();
  }
  more.hidden = next === null;
  end.unobserve(more);
  end.observe(more);
  tools.hidden = entries.length === 0;
  const amount = count(entries.length) + (next === null ? "" : "+");
  counted.textContent =
    code || (entries.length === 0 && !query())
      ? ""
      : query()
        ? text("history_found", amount)
        : text("history_count", amount);
  nothing.hidden = entries.length > 0;
  nothing.dataset.state = code || "empty";
  nothing.replaceChildren(
    code
      ? problem(code, refresh)
      : make("p", { class: "soft" }, query() ? text("history_nothing_found") : text("history_none")),
  );
}

/**
 * @param {HistoryEntry} one
 * @returns {HistoryEntry[]} what is kept of the same page, newest first: an article has an entry for each length
 */
function versionsOf({ id, url }) {
  return entries.filter((entry) => entry.id === id || (url !== "" && entry.url === url));
}

/**
 * @param {string} id
 * @returns {HistoryEntry[]} the lengths of that summary's article, itself among them
 */
export function versions(id) {
  const one = entries.find((entry) => entry.id === id);
  return one ? versionsOf(one) : [];
}

/** @returns {string} the newest, or "" */
export function newest() {
  return entries[0]?.id ?? "";
}

/** @returns {HTMLElement[]} a section a day */
function byDay() {
  /** @type {Map<string, HistoryEntry[]>} */
  const groups = new Map();
  for (const entry of entries.filter((each) => versionsOf(each)[0] === each)) {
    const day = new Date(entry.created).toDateString();
    groups.set(day, [...(groups.get(day) ?? []), entry]);
  }
  return [...groups.entries()].map(([day, those]) =>
    make(
      "section",
      { class: "day" },
      make("h2", {}, nameOf(day)),
      make("ul", {}, ...those.map((entry) => make("li", {}, link(entry)))),
    ),
  );
}

/** @param {HistoryEntry} entry */
function link(entry) {
  const time = new Date(entry.created).toLocaleTimeString(language(), { timeStyle: "short" });
  const those = versionsOf(entry);
  const lengths = [...new Set(those.map(({ length }) => lengthName(length)))];
  const facts = sideBySide([entry.siteName, ...lengths, time]);
  return make(
    "a",
    { class: "entry", href: `#${entry.id}`, "data-ids": those.map(({ id }) => id).join(" ") },
    make("strong", { dir: "auto", lang: entry.language }, entry.title || text("history_untitled")),
    make("small", {}, ...facts),
    make("span", { class: "first", dir: "auto", lang: entry.language }, entry.text),
  );
}

/**
 * @param {string} length
 * @returns {string}
 */
export function lengthName(length) {
  return ["headline", "brief", "full"].includes(length) ? text(`length_${length}`) : "";
}

/** @param {string} day */
function nameOf(day) {
  const ago = [0, 1].find((back) => {
    const then = new Date();
    then.setDate(then.getDate() - back);
    return then.toDateString() === day;
  });
  return ago === undefined
    ? new Date(day).toLocaleDateString(language(), { dateStyle: "full" })
    : new Intl.RelativeTimeFormat(language(), { numeric: "auto" }).format(-ago, "day");
}

/**
 * Up and down from one summary to the next; where both are in view, that one is shown.
 *
 * @param {KeyboardEvent} event
 * @param {(id: string) => void} show
 */
function moveFocus(event, show) {
  const links = [...days.querySelectorAll("a")];
  const here = links.findIndex((each) => each === document.activeElement);
  const place = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: links.length - 1 }[event.key];
  const wanted = place === undefined ? undefined : links[place];
  if (here < 0 || !wanted) {
    return;
  }
  event.preventDefault();
  wanted.focus();
  if (isWide()) {
    history.replaceState(null, "", wanted.hash);
    show(wanted.hash.slice(1));
  }
}

/** Whether list and summary stand side by side. */
export function isWide() {
  return matchMedia("(min-width: 50.01rem)").matches;
}

/**
 * The history: a list, and beside it the summary that is open. Which one that is stands in the address, so that the
 * browser's "back" goes back.
 */

import { byId, speak } from "../shared/pages.js";
import { readSettings } from "../shared/settings.js";
import { showOne } from "./detail.js";
import { wireExport } from "./export.js";
import { focusEntry, isWide, mark, newest, refresh, wireList } from "./list.js";

const settings = await readSettings();
await speak(settings.language);
byId("not-kept", HTMLElement).hidden = settings.history;
wireList((id) => {
  mark(id);
  void showOne(id, { focus: false });
});
wireExport();
addEventListener("hashchange", ({ oldURL }) => void open(new URL(oldURL).hash.slice(1)));
addEventListener("focus", () => {
  if (!byId("nothing", HTMLElement).hidden) {
    void refresh();
  }
});
byId("detail", HTMLElement).addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    focusEntry(location.hash.slice(1));
  }
});
await refresh();
if (location.hash === "" && isWide() && newest()) {
  history.replaceState(null, "", `#${newest()}`);
  mark(newest());
  await showOne(newest(), { focus: false });
} else {
  await open("");
}

/** @param {string} before what was open */
async function open(before) {
  const id = location.hash.slice(1);
  mark(id);
  await showOne(id, { focus: id !== "" });
  if (id === "" && before !== "") {
    focusEntry(before);
  }
}

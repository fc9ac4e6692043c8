/**
 * What is stored where, and how it is removed.
 */

import { askPairing } from "../shared/pairing.js";
import { ask, byId, command, confirmInline, count, problemWords, size, text } from "../shared/pages.js";
import { readSettings, writeSettings } from "../shared/settings.js";
import { giveBackAll } from "./permissions.js";

const kept = byId("kept", HTMLElement);
const state = byId("stored-state", HTMLElement);
const history = byId("history", HTMLInputElement);
const deleteHistory = byId("delete-history", HTMLButtonElement);
const removeAll = byId("remove-all", HTMLButtonElement);

history.addEventListener("change", () => void writeSettings({ history: history.checked }));

/**
 * @param {() => Promise<unknown>} showAll shows the page anew after everything is gone
 */
export function wireStored(showAll) {
  deleteHistory.addEventListener("click", () =>
    confirmInline(
      deleteHistory,
      text("options_history_delete_question"),
      text("options_history_delete"),
      clearHistory,
    ),
  );
  removeAll.addEventListener("click", () =>
    confirmInline(removeAll, text("options_remove_question"), text("options_remove"), () =>
      removeEverything(showAll),
    ),
  );
}

/** @type {{entries: number, bytes: number} | null} as it was told last */
let last = null;

/** Shows what is kept. */
export async function showStored() {
  const answer = await ask("status");
  last = answer.ok ? answer.status.history : null;
  kept.dataset.state = answer.ok ? "known" : answer.code;
  relabelStored();
}

/** Shows again what was told last, in the page's language. */
export function relabelStored() {
  if (!last) {
    kept.textContent = text("options_kept_unknown");
  } else if (last.entries === 0) {
    kept.textContent = text("options_kept_none");
  } else {
    kept.textContent = text("options_kept", count(last.entries), size(last.bytes));
  }
}

/** Shows whether more is to be kept. */
export async function showKeeping() {
  history.checked = (await readSettings()).history;
}

async function clearHistory() {
  const answer = await ask("history_clear");
  tell(...(answer.ok ? [text("options_history_deleted")] : problemWords(answer.code)));
  await showStored();
}

/** @param {() => Promise<unknown>} showAll */
async function removeEverything(showAll) {
  // While the key is still there: only who has it may clear the daemon's history.
  const cleared = await ask("history_clear");
  await askPairing("unpair");
  await chrome.storage.local.clear();
  await giveBackAll();
  await showAll();
  tell(cleared.ok ? text("options_removed") : text("options_removed_here"));
  if (!cleared.ok) {
    state.append(command("notime history clear"));
  }
}

/** @param {(Node | string)[]} words */
function tell(...words) {
  state.replaceChildren(...words);
}

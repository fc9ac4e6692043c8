/**
 * The models that the daemon has, and how fast they were here.
 */

import { ask, byId, command, count, make, problem, seconds, size, text } from "../shared/pages.js";

/** @typedef {import("../../types/notime.js").ModelFacts} ModelFacts */

const place = byId("model-table", HTMLElement);

/** @type {ModelFacts[] | null} as they were told last */
let last = null;

/** Shows again what was told last, in the page's language. */
export function relabelModels() {
  if (last) {
    place.replaceChildren(table(last));
  }
}

/** @param {() => unknown} again */
export async function showModels(again) {
  const answer = await ask("models");
  last = answer.ok ? answer.models : null;
  place.dataset.state = answer.ok ? "shown" : answer.code;
  place.replaceChildren(answer.ok ? table(answer.models) : problem(answer.code, again));
}

/** @param {ModelFacts[]} models */
function table(models) {
  const columns = [
    text("options_model"),
    text("options_model_size"),
    text("options_model_speed"),
    text("options_model_licence"),
  ];
  // A narrow window lays the cells out as blocks; the roles say that it is a table still.
  const head = make(
    "thead",
    { role: "rowgroup" },
    make(
      "tr",
      { role: "row" },
      ...columns.map((name) => make("th", { scope: "col", role: "columnheader" }, name)),
    ),
  );
  const body = make("tbody", { role: "rowgroup" }, ...models.flatMap((model) => rows(model, columns)));
  return make("table", { role: "table", "aria-labelledby": "models" }, head, body);
}

/**
 * @param {ModelFacts} model
 * @param {string[]} columns
 */
function rows(model, columns) {
  const name = make("th", { scope: "row", role: "rowheader" }, make("bdi", {}, model.title));
  if (model.isDefault) {
    name.append(" ", make("span", { class: "tag" }, text("options_model_default")));
  }
  name.append(make("small", { class: "mono" }, make("bdi", {}, model.id)));
  const cells = [
    model.installed ? size(model.bytes) : text("options_model_missing"),
    speed(model),
    model.licence,
  ].map((content, index) => make("td", { role: "cell", "data-column": columns[index + 1] ?? "" }, content));
  const row = make("tr", { role: "row", "data-model": model.id }, name, ...cells);
  if (model.installed) {
    return [row];
  }
  const build = make(
    "tr",
    { role: "row", class: "build" },
    make("td", { role: "cell", colspan: "4" }, command(`notime models build ${model.id}`)),
  );
  return [row, build];
}

/** @param {ModelFacts} model */
function speed({ speed: measured, installed, writes }) {
  if (!measured) {
    return installed && writes ? text("options_model_unmeasured") : "–";
  }
  return make(
    "span",
    {},
    text("options_model_times", seconds(measured.firstMs), seconds(measured.totalMs)),
    make("small", {}, text("options_model_count", count(measured.summaries))),
  );
}

// Which models read, how they learn, and the long work of the service: reading everything again, imports, exports.

import { get, send } from "./api.js";
import { h, keepingFocus, put } from "./dom.js";
import { exports } from "./exports.js";
import { moment, t, word } from "./i18n.js";
import { cancel, follow } from "./jobs.js";
import { next, teaching } from "./teaching.js";
import { attempt } from "./toast.js";
import { training } from "./training.js";
import { version, versions } from "./versions.js";

const ENDED = ["done", "failed", "cancelled"];

export async function show(main, { parts, signal, caller }) {
  if (parts[0]) {
    await version(main, parts[0], { signal, caller });
    return;
  }
  const ask = (path, params = {}) => get(path, params, signal);
  const [health, statistics, jobs, models, runs, dataset, advice] = await Promise.all([ask("/healthz"), ask("/v1/statistics"), ask("/v1/jobs", { limit: 20 }), ask("/v1/models"), ask("/v1/training-runs", { limit: 20 }), ask("/v1/annotations"), ask("/v1/annotations/next", { n: 10 })]);
  const stored = Object.values(statistics.documents).reduce((total, count) => total + count, 0);
  const changed = async () => {
    if (signal.aborted) return;
    const [now, list, counts] = await Promise.all([ask("/v1/models"), ask("/v1/training-runs", { limit: 20 }), ask("/v1/annotations")]);
    drawn(now, list, counts);
  };
  const learning = h("div", { class: "learning" });
  const drawn = (now, list, counts) => keepingFocus(learning, () => put(learning, versions(now, caller, changed, signal), training(list, caller, changed, signal), teaching(counts, caller, changed)));
  drawn(models, runs, dataset);
  put(
    main,
    h("div", { class: "heading" }, h("h1", { tabindex: "-1" }, t("models.title"))),
    h("section", { class: "cards" }, Object.entries(models.serving).map(([task, serving]) => card(word("task", task), serving, t(`models.${task}`))), card(t("models.software"), health.version, ""), card(t("models.stored"), String(stored), "")),
    learning,
    next(advice),
    caller?.role === "admin" && again(stored, signal),
    exports(["annotations"], () => ({})),
    h("p", { class: "hint" }, t("models.annotations")),
    h("h2", {}, t("jobs.title")),
    jobs.items.length ? jobTable(jobs.items, caller, signal) : h("p", { class: "hint" }, t("jobs.none")),
  );
}

function card(name, value, words) {
  return h("div", { class: "card" }, h("h2", {}, name), h("p", { class: "value" }, value), words && h("p", { class: "hint" }, words));
}

function again(stored, signal) {
  const progress = h("span", { class: "told", role: "status" });
  const button = h("button", { type: "button", disabled: !stored, on: { click: () => attempt(read) } }, t("models.again"));
  async function read() {
    button.disabled = true;
    try {
      await follow(await send("POST", "/v1/jobs", { kind: "reextract" }), progress, signal);
    } finally {
      button.disabled = false;
    }
  }
  return h("section", { class: "again" }, button, h("span", { class: "hint" }, t("models.again.hint")), progress);
}

function jobTable(jobs, caller, signal) {
  const heads = ["job", "state", "progress", "created"].map((name) => h("th", { scope: "col" }, t(`column.${name}`)));
  const rows = jobs.map((job) => {
    const state = h("td", { "data-label": t("column.state") }, word("jobstatus", job.status));
    const stop = !ENDED.includes(job.status) && caller?.role !== "read" && h("button", { type: "button", class: "quiet", on: { click: () => attempt(async () => { await cancel(job.id); await follow(job, state, signal); }) } }, t("cancel"));
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, word("job", job.kind)),
      state,
      h("td", { "data-label": t("column.progress") }, t("job.count", { done: job.done, total: job.total ?? "…", failed: job.failed }), stop),
      h("td", { "data-label": t("column.created") }, h("time", { datetime: job.created_at }, moment(job.created_at))),
    );
  });
  return h("table", { class: "reports jobs" }, h("caption", { class: "hidden" }, t("jobs.title")), h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows));
}

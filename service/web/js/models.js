// Which models read, and the long work of the service: reading everything again, imports, exports.

import { get, send } from "./api.js";
import { h, put } from "./dom.js";
import { exports } from "./exports.js";
import { moment, t, word } from "./i18n.js";
import { cancel, follow } from "./jobs.js";
import { attempt } from "./toast.js";

const ENDED = ["done", "failed", "cancelled"];

export async function show(main, { signal, caller }) {
  const [health, statistics, jobs] = await Promise.all([get("/healthz", {}, signal), get("/v1/statistics", {}, signal), get("/v1/jobs", { limit: 20 }, signal)]);
  const stored = Object.values(statistics.documents).reduce((total, count) => total + count, 0);
  put(
    main,
    h("div", { class: "heading" }, h("h1", { tabindex: "-1" }, t("models.title"))),
    h("section", { class: "cards" }, Object.entries(health.model).map(([task, version]) => card(word("task", task), version, t(`models.${task}`))), card(t("models.software"), health.version, ""), card(t("models.stored"), String(stored), "")),
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
  return h("table", { class: "reports" }, h("caption", { class: "hidden" }, t("jobs.title")), h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows));
}

// Training runs: start one, see how far it is, and what became of those before it.

import { call, get, send } from "./api.js";
import { choice, field, h, put } from "./dom.js";
import { moment, t, word } from "./i18n.js";
import { address } from "./state.js";
import { attempt, say } from "./toast.js";

const ENDED = ["done", "failed", "cancelled"];
const EVERY = 1000;

/** The form and the list. `changed` draws the page anew: a run has ended, so there may be a new version. */
export function training(runs, caller, changed, signal) {
  const listed = h("ul", { class: "runs", "aria-label": t("training.list") });
  for (const run of runs.items) listed.append(item(run, caller, changed, signal));
  const none = h("p", { class: "hint", hidden: runs.items.length > 0 }, t("training.none"));
  return h(
    "section",
    { class: "part", "aria-labelledby": "training" },
    h("h2", { id: "training" }, t("training.title")),
    h("p", { class: "hint" }, t("training.hint")),
    caller?.role === "admin" && form((run) => { none.hidden = true; listed.prepend(item(run, caller, changed, signal)); }),
    none,
    listed,
  );
}

function form(started) {
  const task = choice(["claims", "layout"].map((name) => [name, word("task", name)]), "claims", { name: "task" });
  const number = (name, max) => h("input", { name, type: "number", min: name === "seed" ? "0" : "1", max, inputmode: "numeric", placeholder: t("training.default") });
  const epochs = number("epochs", "50");
  const seed = number("seed", "2147483647");
  async function submit() {
    const given = { task: task.value };
    for (const one of [epochs, seed]) if (one.value !== "") given[one.name] = Number(one.value);
    started(await send("POST", "/v1/training-runs", given));
    say(t("training.started"));
  }
  return h(
    "form",
    { class: "filters start", on: { submit: (event) => { event.preventDefault(); attempt(submit); } } },
    field(t("training.task"), task),
    field(t("training.epochs"), epochs, "narrow"),
    field(t("training.seed"), seed, "narrow"),
    h("button", { type: "submit", class: "primary" }, t("training.start")),
  );
}

function item(run, caller, changed, signal) {
  const state = h("span", { class: "status" });
  const bar = h("progress", { "aria-label": t("training.progress") });
  const words = h("span", { class: "hint far" });
  const stop = caller?.role === "admin" && h("button", { type: "button", class: "quiet", "data-act": "cancel", on: { click: () => attempt(() => call(`/v1/training-runs/${run.id}`, { method: "DELETE" })) } }, t("cancel"));
  const made = h("span", {});
  const line = h("li", { "data-run": run.id }, h("span", { class: "what" }, made, h("span", { class: "under" }, `${`${t("model.from")} ${run.start}`} · ${moment(run.created_at)}`)), state, bar, words, stop);
  function draw(now) {
    const over = ENDED.includes(now.status);
    state.textContent = word("jobstatus", now.status);
    state.className = `status ${{ done: "is-agrees", failed: "is-open", running: "is-reviewed" }[now.status] ?? ""}`;
    bar.hidden = over;
    if (stop) stop.hidden = over;
    if (now.total) {
      bar.max = now.total;
      bar.value = now.done;
    } else {
      bar.removeAttribute("value");
    }
    words.textContent = over ? ended(now) : far(now);
    const version = t("model.title", { task: word("task", now.task), version: now.model.slice(now.task.length + 1) });
    put(made, now.status === "done" ? h("a", { href: address(["models", now.model]) }, version) : h("b", {}, version));
  }
  draw(run);
  if (!ENDED.includes(run.status)) attempt(() => watch(run.id, line, draw, changed, signal));
  return line;
}

/** Follow a run as long as its line is on the page. */
async function watch(id, line, draw, changed, signal) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, EVERY));
    if (signal.aborted || !line.isConnected) return;
    const now = await get(`/v1/training-runs/${id}`, {}, signal);
    draw(now);
    if (ENDED.includes(now.status)) {
      await changed();
      return;
    }
  }
}

function far(run) {
  const parts = [run.phase && word("phase", run.phase), run.total && `${run.done} / ${run.total}`, run.loss !== null && t("training.loss", { loss: run.loss.toFixed(4) })];
  const scores = Object.entries(run.scores ?? {}).filter(([, value]) => typeof value === "number").map(([part, value]) => `${word("part", part)} ${(100 * value).toFixed(2)}`);
  return [...parts, ...scores].filter(Boolean).join(" · ");
}

function ended(run) {
  if (run.error) return word("runerror", run.error);
  return run.judged ? `${t("column.verdict")}: ${word("verdict", run.judged.verdict)}` : "";
}

// Reports come in: dropped, chosen, pasted. Each file is sent by itself, so each has its own outcome.

import { call, get } from "./api.js";
import { h, put } from "./dom.js";
import { t, word } from "./i18n.js";
import { address } from "./state.js";
import { attempt, say } from "./toast.js";
import { follow } from "./jobs.js";

const AT_ONCE = 2;
const LINES = /\.(ndjson|jsonl)$/i;
const PATIENCE = 20;

/** The drop zone. `changed` is called when reports have come in. */
export function intake(changed, signal) {
  const done = h("ul", { class: "incoming", "aria-label": t("intake.progress"), hidden: true });
  const bar = h("progress", { "aria-label": t("intake.progress"), hidden: true });
  const picker = h("input", { type: "file", multiple: true, accept: ".txt,.text,.md,.ndjson,.jsonl,text/plain", class: "hidden", id: "files", on: { change: take } });
  const text = h("textarea", { id: "paste", rows: "3", placeholder: t("intake.paste.hint"), "aria-label": t("intake.paste") });
  const zone = h(
    "section",
    { class: "intake", "aria-label": t("intake.title") },
    h(
      "div",
      { class: "drop" },
      h("strong", {}, t("intake.drop")),
      h("span", { class: "hint" }, t("intake.hint")),
      picker,
      h("label", { for: "files", class: "button" }, t("intake.choose")),
    ),
    h(
      "form",
      { class: "paste", on: { submit: paste } },
      text,
      h("button", { type: "submit", class: "primary" }, t("intake.send")),
    ),
    bar,
    done,
  );
  document.addEventListener("dragover", () => zone.classList.add("over"), { signal });
  for (const name of ["dragleave", "drop"]) document.addEventListener(name, () => zone.classList.remove("over"), { signal });
  document.addEventListener("drop", (event) => bring([...(event.dataTransfer?.files ?? [])]), { signal });

  async function take() {
    const files = [...picker.files];
    picker.value = "";
    await bring(files);
  }

  async function paste(event) {
    event.preventDefault();
    if (!text.value.trim()) {
      say(t("intake.empty"), { kind: "error" });
      text.focus();
      return;
    }
    const stored = await attempt(() => store(text.value, "", signal));
    if (stored) location.hash = address(["report", stored.id]);
  }

  async function bring(files) {
    if (!files.length) return;
    put(done);
    done.hidden = bar.hidden = false;
    bar.max = files.length;
    bar.value = 0;
    const waiting = files.map((file) => ({ file, line: done.appendChild(line(file.name)) }));
    const work = async () => {
      for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
        await bringOne(next.file, next.line, signal);
        bar.value += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    bar.hidden = true;
    if (!signal.aborted) await changed();
  }

  return zone;
}

function line(name) {
  return h("li", { class: "is-waiting" }, h("span", { class: "name" }, name), h("span", { class: "outcome" }, t("intake.waiting")));
}

async function bringOne(file, item, signal) {
  const outcome = item.lastChild;
  outcome.textContent = t("intake.reading");
  try {
    if (LINES.test(file.name)) {
      const job = await (await call("/v1/documents", { method: "POST", body: file, type: "application/x-ndjson", signal })).json();
      await follow(job, outcome, signal);
      await failures(job.id, item);
      item.className = "is-stored";
      return;
    }
    const report = await store(file, file.name, signal);
    item.className = "is-stored";
    put(
      outcome,
      h("a", { href: address(["report", report.id]) }, report.findings.mismatch ? t("intake.mismatches", { count: report.findings.mismatch }) : word("status", report.status)),
      report.known && h("span", { class: "hint" }, ` ${t("intake.known")}`),
    );
  } catch (error) {
    item.className = "is-failed";
    outcome.textContent = error.message;
  }
}

/** Store one report. Where the service is busy, or we ask too often, it says when to come back, and we do. */
async function store(body, name, signal) {
  for (let round = 0; ; round += 1) {
    try {
      const type = typeof body === "string" ? "text/plain; charset=utf-8" : "text/plain";
      const params = { id: name.slice(0, 200) };
      const response = await call("/v1/documents", { method: "POST", params, body, type, signal });
      return { ...(await response.json()), known: response.status === 200 };
    } catch (error) {
      if (![429, 503].includes(error.status) || round >= PATIENCE) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000 * (error.retryAfter || 1)));
    }
  }
}

async function failures(id, item) {
  const failed = await get(`/v1/jobs/${id}/failures`);
  if (failed.length) {
    item.append(h("ul", {}, failed.map((one) => h("li", {}, t("intake.line", { line: one.line, name: one.name, code: one.code })))));
  }
}

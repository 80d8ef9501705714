// Long work of the service: how far it is, until it has ended.

import { call, get, Refusal } from "./api.js";
import { h, put } from "./dom.js";
import { t, word } from "./i18n.js";
import { attempt } from "./toast.js";

const ENDED = ["done", "failed", "cancelled"];
const EVERY = 700;

/** Show a job's progress in an element until it ends. Answers the job; throws Refusal where it failed. */
export async function follow(job, element, signal) {
  let now = job;
  const bar = h("progress", { "aria-label": word("job", job.kind) });
  const words = h("span", {});
  const stop = h("button", { type: "button", class: "quiet", on: { click: () => attempt(() => cancel(job.id)) } }, t("cancel"));
  put(element, bar, words, stop);
  while (!ENDED.includes(now.status)) {
    draw(now, bar, words);
    await new Promise((resolve) => setTimeout(resolve, EVERY));
    now = await get(`/v1/jobs/${job.id}`, {}, signal);
  }
  put(element, t("job.ended", { status: word("jobstatus", now.status), done: now.done, failed: now.failed }));
  if (now.status === "failed") throw new Refusal(0, "failed", `${t("job.failed")} ${now.error ?? ""}`.trim());
  return now;
}

function draw(job, bar, words) {
  if (job.total) {
    bar.max = job.total;
    bar.value = job.done;
  }
  words.textContent = ` ${word("jobstatus", job.status)} ${job.done}${job.total ? ` / ${job.total}` : ""} `;
}

export async function cancel(id) {
  return (await call(`/v1/jobs/${id}`, { method: "DELETE" })).json();
}

// Export buttons. What is too large to be answered at once becomes a job, whose file is fetched when it is done.

import { call, send } from "./api.js";
import { choice, h, put } from "./dom.js";
import { t, word } from "./i18n.js";
import { follow } from "./jobs.js";
import { attempt } from "./toast.js";

const FORMATS = ["csv", "xlsx", "ndjson", "parquet", "json"];

/** Buttons for each format of what can be chosen; `filters(what)` are the filters that stand now. */
export function exports(what, filters) {
  const progress = h("span", { class: "told", role: "status" });
  const chosen = choice(what.map((name) => [name, word("export", name)]), what[0], { "aria-label": t("export.what"), on: { change: () => offer() } });
  const buttons = FORMATS.map((format) =>
    h(
      "button",
      { type: "button", "data-format": format, on: { click: () => attempt(() => fetchFile(chosen.value, format, filters(chosen.value), progress)) } },
      format === "parquet" ? "Parquet" : format.toUpperCase(),
    ),
  );
  /** Annotations have one format: a line for each report. */
  const offer = () => {
    for (const button of buttons) button.hidden = chosen.value === "annotations" && button.dataset.format !== "ndjson";
  };
  offer();
  const lead = what.length > 1 ? [h("span", { class: "lead" }, t("export.title")), chosen] : h("span", { class: "lead" }, `${t("export.title")} · ${word("export", what[0])}`);
  return h("section", { class: "exports", "aria-label": t("export.title") }, lead, h("span", { class: "group" }, buttons), progress);
}

async function fetchFile(what, format, filters, progress) {
  const path = `/v1/exports/${what}.${format}`;
  put(progress, t("export.working"));
  try {
    save(await (await call(path, { params: filters })).blob(), `nianbao-${what}.${format}`);
  } catch (error) {
    if (error.code !== "export_too_large") {
      put(progress);
      throw error;
    }
    const job = await follow(await send("POST", "/v1/jobs", asJob(what, format, filters)), progress);
    if (job.status !== "done") return;
    save(await (await call(job.result)).blob(), `nianbao-${what}.${format}`);
  }
  put(progress, t("export.done"));
}

/** The same export as a job: there `kind` is the job's, and a finding's has a longer name. */
function asJob(what, format, { kind, year, ...plain }) {
  const given = Object.entries({ ...plain, finding_kind: kind, year: Number(year) }).filter(([, value]) => value);
  return { kind: "export", what, format, ...Object.fromEntries(given) };
}

/** Hand bytes to the browser as a file. A link cannot send the API key, so the page fetches what it saves. */
function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = h("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

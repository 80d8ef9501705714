// Annotations come in, and the reports that would teach most.

import { call } from "./api.js";
import { choice, field, h, put } from "./dom.js";
import { language, t } from "./i18n.js";
import { address } from "./state.js";
import { attempt, say } from "./toast.js";

const LAYERS = ["heading", "claim", "cell"];
const SHOWN = 20;

/** What the dataset has, and how more comes in. `changed` draws the page anew. */
export function teaching(dataset, caller, changed) {
  const { train, dev, test } = dataset.totals;
  const counts = { train: train.documents, dev: dev.documents, test: test.documents };
  const told = h("div", { class: "outcome", role: "status" });
  const mayTeach = caller && caller.role !== "read";
  return h(
    "section",
    { class: "part", "aria-labelledby": "teaching" },
    h("h2", { id: "teaching" }, t("teaching.title")),
    h("p", { class: "hint counted" }, t("teaching.counts", counts)),
    mayTeach && files(told, changed),
    mayTeach && corrections(told, changed),
    told,
  );
}

function files(told, changed) {
  const picker = h("input", { type: "file", name: "annotations", multiple: true, accept: ".jsonl,.ndjson,.json,.conll,.txt,.spacy" });
  const prefer = choice(["", "old", "new"].map((name) => [name, t(`teaching.prefer.${name}`)]), "", { name: "prefer" });
  const rest = h("input", { type: "checkbox", name: "keep_good" });
  async function bring() {
    if (!picker.files.length) {
      say(t("teaching.choose"), { kind: "error" });
      picker.focus();
      return;
    }
    const body = new FormData();
    for (const file of picker.files) body.append("file", file);
    const params = { prefer: prefer.value, keep_good: rest.checked || "" };
    await imported(told, changed, () => call("/v1/annotations", { method: "POST", body, params }));
  }
  return h(
    "form",
    { class: "filters", on: { submit: (event) => { event.preventDefault(); attempt(bring); } } },
    field(`${t("teaching.file")} (${t("teaching.file.hint")})`, picker, "wide"),
    field(t("teaching.prefer"), prefer),
    h("label", { class: "check" }, rest, t("teaching.keep_good")),
    h("button", { type: "submit" }, t("teaching.import")),
  );
}

function corrections(told, changed) {
  const boxes = LAYERS.map((layer) => h("input", { type: "checkbox", name: layer }));
  async function bring() {
    const checked = boxes.filter((box) => box.checked).map((box) => box.name);
    if (!checked.length) {
      say(t("teaching.checked.none"), { kind: "error" });
      boxes[0].focus();
      return;
    }
    await imported(told, changed, () => call("/v1/annotations/corrections", { method: "POST", body: JSON.stringify({ checked }), type: "application/json" }));
  }
  return h(
    "form",
    { class: "filters", on: { submit: (event) => { event.preventDefault(); attempt(bring); } } },
    h("fieldset", { class: "checks-of" }, h("legend", {}, t("teaching.checked")), boxes.map((box) => h("label", { class: "check" }, box, t(`layer.${box.name}`)))),
    h("button", { type: "submit" }, t("teaching.corrections")),
  );
}

/** Say what became of annotations; what was refused or contradicts is listed whether or not the rest came in. */
async function imported(told, changed, work) {
  put(told);
  let made;
  try {
    made = await (await work()).json();
    await changed();
  } catch (error) {
    made = error.problem?.report;
    if (!made) throw error;
    put(told, h("p", { class: "notice" }, error.message), refusals(made));
    return;
  }
  const counts = { added: made.added.length, merged: made.merged.length, same: made.same.length, repairs: made.repairs.length };
  const words = t("teaching.added", counts);
  say(words);
  put(document.querySelector("[aria-labelledby=teaching] .outcome") ?? told, h("p", {}, words), refusals(made));
}

function refusals(made) {
  return [["refused", made.refusals], ["conflicts", made.conflicts]].filter(([, listed]) => listed.length).map(([name, listed]) =>
    h("details", { open: true }, h("summary", {}, t(`teaching.${name}`, { count: listed.length })), h("ul", { class: "refusals" }, listed.slice(0, SHOWN).map((one) => h("li", {}, h("b", {}, one.place), ` ${said(one.met)}`, h("span", { class: "under" }, said(one.todo)))))),
  );
}

const said = (both) => (language() === "zh" ? both.zh : both.en);

/** The reports to annotate next, each with its reasons. */
export function next(advice) {
  return h(
    "section",
    { class: "part", "aria-labelledby": "next" },
    h("h2", { id: "next" }, t("next.title")),
    h("p", { class: "hint" }, t("next.hint", advice)),
    advice.items.length ? h("ol", { class: "advised" }, advice.items.map(advised)) : h("p", { class: "hint" }, t("next.none")),
  );
}

function advised(one) {
  const title = (one.title || one.name || one.issuer || "").trim() || `${t("untitled")} ${one.document_id.slice(0, 9)}`;
  const reasons = one.reasons.map((reason) => h("li", {}, said(reason), reason.line && h("small", {}, ` ${t("next.line", { line: reason.line })}`)));
  return h("li", {}, h("a", { href: address(["report", one.document_id]) }, title), " ", h("small", { class: "hint" }, one.score.toFixed(2)), reasons.length ? h("ul", { class: "reasons" }, reasons) : h("p", { class: "hint" }, t("next.sure")));
}

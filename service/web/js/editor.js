// Dialogs to correct a cell or a claim. What was read stays in the store; a correction stands beside it.

import { send } from "./api.js";
import { choice, field, h, put } from "./dom.js";
import { number, t, word } from "./i18n.js";
import { opened } from "./settings.js";
import { author } from "./state.js";

const KINDS = ["count", "zero", "ratio", "delta", "money"];
const SCOPES = ["own", "other_org", "other_year"];

/** Correct a cell. Answers {cell, settles} or null; `settles` tells to mark the finding as corrected. */
export function editCell(model, id, finding) {
  const cell = model.cells.get(id);
  const value = h("input", { name: "value", inputmode: "decimal", autocomplete: "off", value: cell.value ?? "" });
  const read = h("p", { class: "hint" }, t("edit.read", { value: number(cell.value_read), raw: cell.raw || "—" }));
  return asked(t("edit.cell"), [h("p", { class: "what" }, model.cellName(id)), read, field(t("fact.value"), value), h("p", { class: "hint" }, t("edit.blank"))], finding, async (note) => {
    const path = `${model.path}/cells/${encodeURIComponent(id)}`;
    return { cell: await send("PATCH", path, { value: figure(value), note, author: author.get() }) };
  });
}

/** Correct a claim. Answers {claim, settles} or null. */
export function editClaim(model, local, finding) {
  const stored = model.claimOf.get(local);
  const now = stored.correction?.corrected.claims[0] ?? stored.claim;
  const isClaim = h("input", { type: "checkbox", name: "is_claim", checked: !stored.correction || stored.correction.corrected.claims.length > 0 });
  const value = h("input", { name: "value", inputmode: "decimal", autocomplete: "off", value: now.value ?? "" });
  const unit = h("input", { name: "unit", maxlength: "20", value: now.unit });
  const kind = choice(KINDS.map((name) => [name, word("claim", name)]), now.kind, { name: "kind" });
  const scope = choice(SCOPES.map((name) => [name, word("scope", name)]), now.scope, { name: "scope" });
  const approx = h("input", { type: "checkbox", name: "approx", checked: now.approx });
  const metrics = new Metrics(model, now.metrics);
  const [before, surface, after] = model.around(stored.claim.start, stored.claim.end);
  const parts = [
    h("p", { class: "quote", lang: "zh-CN" }, before, h("mark", {}, surface), after),
    h("label", { class: "check" }, isClaim, t("edit.is_claim")),
    h("fieldset", {}, h("legend", { class: "hidden" }, t("edit.claim")), h("div", { class: "pair" }, field(t("fact.value"), value), field(t("fact.unit"), unit)), h("div", { class: "pair" }, field(t("column.kind"), kind), field(t("fact.scope"), scope)), h("label", { class: "check" }, approx, t("edit.approx")), metrics.element),
  ];
  const fields = parts[2];
  const enable = () => { fields.disabled = !isClaim.checked; };
  isClaim.addEventListener("change", enable);
  enable();
  return asked(t("edit.claim"), parts, finding, async (note) => {
    const changed = isClaim.checked
      ? { value: figure(value), unit: unit.value, kind: kind.value, scope: scope.value, approx: approx.checked, metrics: metrics.chosen }
      : { is_claim: false };
    const path = `${model.path}/claims/${encodeURIComponent(stored.id)}`;
    return { claim: await send("PATCH", path, { ...changed, note, author: author.get() }) };
  });
}

/** The cells that a claim is about: a list to add from, each with a button to take it out. */
class Metrics {
  constructor(model, chosen) {
    this.model = model;
    this.chosen = [...chosen];
    this.list = h("ul", { class: "chosen" });
    const all = [...model.metrics.values()].map((one) => [one.expression, model.metricName(one.expression)]);
    this.adding = choice([["", t("edit.add")], ...all], "", { "aria-label": t("edit.add"), on: { change: () => this.add() } });
    this.element = h("div", { class: "field" }, h("span", {}, t("fact.about")), this.list, this.adding);
    this.draw();
  }

  add() {
    const { value } = this.adding;
    if (value && !this.chosen.includes(value)) this.chosen.push(value);
    this.adding.value = "";
    this.draw();
  }

  draw() {
    const drop = (metric) => {
      this.chosen = this.chosen.filter((one) => one !== metric);
      this.draw();
      this.adding.focus();
    };
    put(this.list, this.chosen.map((metric) => h("li", {}, this.model.metricName(metric), " ", h("button", { type: "button", class: "quiet", "aria-label": t("edit.drop", { what: this.model.metricName(metric) }), on: { click: () => drop(metric) } }, "×"))));
    this.list.hidden = !this.chosen.length;
  }
}

/** A dialog with these parts. Saving runs `work(note)`; what the service refuses is said in the dialog, which stays. */
async function asked(title, parts, finding, work) {
  const note = h("textarea", { rows: "2", maxlength: "4000" });
  const settles = h("input", { type: "checkbox", name: "settles", checked: true });
  const wrong = h("p", { class: "notice", role: "alert", hidden: true });
  let made = null;
  const form = h(
    "form",
    { method: "dialog", novalidate: true, on: { submit } },
    h("h2", { id: "edit-title" }, title),
    parts,
    field(t("note"), note),
    finding && h("label", { class: "check" }, settles, t("edit.settles")),
    wrong,
    h("div", { class: "actions" }, h("button", { type: "submit", class: "primary" }, t("save")), h("button", { type: "button", on: { click: () => dialog.close() } }, t("cancel"))),
  );
  const dialog = h("dialog", { class: "editor", "aria-labelledby": "edit-title" }, form);

  async function submit(event) {
    event.preventDefault();
    try {
      made = { ...(await work(note.value.trim())), settles: Boolean(finding) && settles.checked };
      dialog.close("save");
    } catch (error) {
      wrong.textContent = error.message;
      wrong.hidden = false;
    }
  }
  return opened(dialog, () => made);
}

/** The number that was typed; null for nothing. Throws where it is none. */
function figure(input) {
  const typed = input.value.trim().normalize("NFKC").replaceAll(",", "");
  if (!typed) return null;
  const value = Number(typed);
  if (!/^[-+]?\d+(\.\d+)?$/.test(typed) || !Number.isFinite(value) || Math.abs(value) > 1e15) {
    input.focus();
    throw new Error(t("edit.wrong", { typed }));
  }
  return value;
}

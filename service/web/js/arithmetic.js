// A check written out: each number is a button that goes to its place.

import { h } from "./dom.js";
import { number, t } from "./i18n.js";

/** The equation of a finding, as terms and signs. `go` has `cell(id)` and `place(evidence)`. */
export function arithmetic(model, finding, go) {
  const parts = equation(model, finding, go);
  const difference = told(finding);
  return h("div", { class: "arithmetic" }, h("p", { class: "equation" }, parts), difference && h("p", { class: "difference" }, difference));
}

function equation(model, finding, go) {
  if (finding.cells.length && finding.claim) return claimAgainstCells(model, finding, go);
  if (finding.cells.length) return sumOfCells(model, finding, go);
  return placesOnly(model, finding, go);
}

function claimAgainstCells(model, finding, go) {
  const stored = model.claimOf.get(finding.claim);
  const claim = stored?.claim;
  const said = claim
    ? chip(number(claim.value), t("term.prose"), () => go.place(claim), "term-claim")
    : chip(number(finding.found), t("term.prose"), null, "term-claim");
  const cells = joined(finding.cells.map((id) => cellChip(model, id, go)), "+");
  const total = finding.cells.length > 1 && finding.expected !== null ? [sign("="), result(finding.expected)] : [];
  return [said, sign(between(finding, claim)), cells, total];
}

function sumOfCells(model, finding, go) {
  const wanted = new Set(finding.cells);
  const identity = model.form?.identities.find((one) => sameCells([...one.left, ...one.right], wanted));
  if (!identity) return [joined(finding.cells.map((id) => cellChip(model, id, go)), "·"), sign(between(finding)), amounts(finding)];
  const left = nonZero(model, identity.left);
  const side = (ids) => joined(ids.map((id) => cellChip(model, id, go)), "+");
  const sums = [identity.left, identity.right].map((ids) => sum(ids.map((id) => model.cells.get(id)?.value_read)));
  const made = left.length > 1 ? [sign("="), result(sums[0])] : [];
  const printed = identity.right.length > 1 ? [sign("="), result(sums[1])] : [];
  return [side(left), made, sign(between(finding)), side(identity.right), printed];
}

/** Noughts add nothing, and most cells hold one: they are left out of a long sum. */
function nonZero(model, ids) {
  const some = ids.filter((id) => model.cells.get(id)?.value_read !== 0);
  return some.length ? some : ids.slice(0, 1);
}

function placesOnly(model, finding, go) {
  const claim = model.claimOf.get(finding.claim)?.claim;
  const values = finding.evidence.map((place) => Number(model.offsets.slice(place.start, place.end)));
  const isSum = finding.kind === "narrative_arithmetic" && claim && values.length > 2 && finding.evidence[0].start === claim.start;
  const chips = finding.evidence.map((place, index) => {
    const words = model.offsets.slice(place.start, place.end);
    const name = isSum ? "" : t("term.place", { number: index + 1 });
    return chip(words.length > 24 ? `${words.slice(0, 24)}…` : words || "—", name, () => go.place(place), "term-claim");
  });
  const parts = isSum ? sum(values.slice(1)) : null;
  if (parts !== null && (parts === finding.expected || parts === finding.found)) {
    return [chips[0], sign(between(finding, claim)), result(parts), sign("="), joined(chips.slice(1), "+")];
  }
  return [joined(chips, "·"), finding.expected === null && finding.found === null ? [] : [sign(between(finding)), amounts(finding)]];
}

function cellChip(model, id, go) {
  const cell = model.cells.get(id);
  const value = cell?.status === "unread" ? "?" : number(cell?.value_read);
  return chip(value, model.cellName(id), () => go.cell(id), "term-cell");
}

function chip(value, name, work, kind) {
  const words = [h("b", {}, value), name && h("small", {}, name)];
  return work ? h("button", { type: "button", class: `term ${kind}`, on: { click: work } }, words) : h("span", { class: `term ${kind}` }, words);
}

function result(value) {
  return h("span", { class: "term" }, h("b", {}, number(value)), h("small", {}, t("term.sum")));
}

function sign(words) {
  return h("span", { class: "sign-of" }, words);
}

function amounts(finding) {
  return h("span", { class: "term" }, h("b", {}, `${number(finding.found)} / ${number(finding.expected)}`), h("small", {}, t("term.amounts")));
}

function between(finding, claim) {
  if (finding.status === "match") return claim?.approx ? "≈" : "=";
  return finding.status === "mismatch" ? "≠" : "?";
}

function told(finding) {
  if (finding.status !== "mismatch" || finding.expected === null || finding.found === null) return "";
  const difference = Math.round((finding.found - finding.expected) * 1e6) / 1e6;
  return t("difference", { expected: number(finding.expected), found: number(finding.found), difference: difference > 0 ? `+${difference}` : difference });
}

function joined(parts, words) {
  return parts.flatMap((part, index) => (index ? [sign(words), part] : [part]));
}

function sameCells(ids, wanted) {
  return ids.length === wanted.size && ids.every((id) => wanted.has(id));
}

function sum(values) {
  if (values.some((value) => typeof value !== "number" || Number.isNaN(value))) return null;
  return Math.round(values.reduce((total, value) => total + value, 0) * 1e6) / 1e6;
}

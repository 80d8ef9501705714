// What is chosen, at length: the check with its arithmetic, or a claim or cell with what is known of it; and the
// buttons to decide and correct.

import { findingPath, get } from "./api.js";
import { arithmetic } from "./arithmetic.js";
import { h, put } from "./dom.js";
import { message, moment, number, t, word } from "./i18n.js";
import { attempt } from "./toast.js";

const DECISIONS = [["confirmed", "y", "confirm"], ["dismissed", "n", "dismiss"]];

export class Dock {
  /** `acts`: decide(finding, decision, note), undo(), edit(kind, id), go {cell, place}, choose(kind, id), mayReview. */
  constructor(model, acts) {
    this.model = model;
    this.acts = acts;
    this.element = h("section", { class: "dock", "aria-label": t("dock"), tabindex: "0" });
    this.nothing();
  }

  nothing() {
    put(this.element, h("p", { class: "hint" }, t(this.model.findings.length ? "dock.choose" : "dock.none")));
  }

  /** The note that is being written for the finding that is shown. */
  get note() {
    return this.element.querySelector("textarea")?.value.trim() ?? "";
  }

  finding(one) {
    const { model, acts } = this;
    const note = h("textarea", { rows: "1", maxlength: "4000", "aria-label": t("note"), placeholder: t("note"), value: one.review?.note ?? "" });
    put(
      this.element,
      h(
        "div",
        { class: "line" },
        h("h2", {}, h("span", { class: `status is-${one.status}` }, word("finding", one.status)), " ", word("kind", one.kind)),
        one.decision !== "open" && h("span", { class: `decision is-${one.decision}` }, word("decision", one.decision)),
        this.doubt(one),
      ),
      one.changed_since_review && this.changed(one),
      h("p", { class: "message" }, message(one)),
      arithmetic(model, one, acts.go),
      this.reviewed(one),
      acts.mayReview && h("div", { class: "decide" }, note, this.buttons(one)),
    );
  }

  /** Where the difference or doubt comes from, and the chance that the verdict is right. */
  doubt(one) {
    const read = this.model.read.get(one.local_id);
    if (!read) return null;
    const words = [read.cause && word("cause", read.cause), read.confidence !== undefined && t("sure", { chance: percent(read.confidence) })];
    return h("span", { class: "hint" }, words.filter(Boolean).join(" · "));
  }

  buttons(one) {
    const { acts } = this;
    const decide = DECISIONS.map(([decision, letter, words]) =>
      h("button", { type: "button", class: `is-${decision}`, "data-decision": decision, "aria-pressed": String(one.decision === decision), "aria-keyshortcuts": letter, on: { click: () => acts.decide(one, decision, this.note) } }, t(words), key(letter)),
    );
    const target = one.claim ? ["claim", one.claim] : ["cell", one.cells.at(-1)];
    const edit = target[1] && h("button", { type: "button", "data-act": "edit", "aria-keyshortcuts": "e", on: { click: () => acts.edit(one) } }, t("correct"), key("e"));
    const undo = h("button", { type: "button", class: "quiet", "data-act": "undo", "aria-keyshortcuts": "u", on: { click: () => acts.undo() } }, t("undo"), key("u"));
    return h("span", { class: "group" }, decide, edit, undo);
  }

  changed(one) {
    const before = { status: word("finding", one.review.status), found: number(one.review.found), expected: number(one.review.expected) };
    return h("p", { class: "notice" }, t("changed", before));
  }

  reviewed(one) {
    if (!one.review) return null;
    const last = one.review;
    const list = h("ul", { class: "history" });
    const details = h(
      "details",
      { class: "review", on: { toggle: () => details.open && attempt(() => this.history(one, list)) } },
      h("summary", {}, t("reviewed", { author: last.author, when: moment(last.created_at) })),
      list,
    );
    return details;
  }

  async history(one, list) {
    const reviews = await get(`${findingPath(one.id)}/reviews`);
    put(
      list,
      reviews.map((review) =>
        h("li", { class: review.withdrawn_at ? "withdrawn" : "" }, h("span", { class: `decision is-${review.decision}` }, word("decision", review.decision)), ` ${review.author} · ${moment(review.created_at)}`, review.withdrawn_at && ` · ${t("withdrawn")}`, review.note && h("q", {}, review.note)),
      ),
    );
  }

  claim(stored) {
    const { model, acts } = this;
    const { claim, correction } = stored;
    const about = claim.metrics.map((metric) => model.metricName(metric)).join(" · ") || t("claim.nothing");
    const [before, surface, after] = model.around(claim.start, claim.end);
    put(
      this.element,
      h("div", { class: "line" }, h("h2", {}, t("claim.title", { kind: word("claim", claim.kind) })), correction && h("span", { class: "decision is-corrected" }, t("corrected"))),
      h("p", { class: "quote", lang: "zh-CN" }, before, h("mark", {}, surface), after),
      facts([["value", `${claim.approx ? "≈ " : ""}${number(claim.value)} ${claim.unit}`], ["scope", word("scope", claim.scope)], ["about", about], ["confidence", percent(claim.confidence)]]),
      correction && this.correction(correction, correctedClaim(model, correction)),
      this.checks(model.ofClaim.get(claim.id)),
      acts.mayReview && this.correcting("claim", claim.id),
    );
  }

  cell(cell) {
    const { model, acts } = this;
    const place = cell.start !== null && model.around(cell.start, cell.end);
    put(
      this.element,
      h("div", { class: "line" }, h("h2", {}, model.cellName(cell.id)), cell.correction && h("span", { class: "decision is-corrected" }, t("corrected"))),
      place && h("p", { class: "quote", lang: "zh-CN" }, place[0], h("mark", {}, place[1]), place[2]),
      facts([["value", number(cell.value_read)], ["state", word("cell", cell.status)], ["confidence", percent(cell.confidence)], ["why", model.whyOfCell.get(cell.id)]]),
      cell.correction && this.correction(cell.correction, number(cell.value)),
      this.checks(model.ofCell.get(cell.id)),
      acts.mayReview && this.correcting("cell", cell.id),
    );
  }

  correcting(kind, id) {
    const { acts } = this;
    return h(
      "div",
      { class: "decide" },
      h("span", { class: "group" }, h("button", { type: "button", "data-act": "edit", "aria-keyshortcuts": "e", on: { click: () => acts.edit({ kind, id }) } }, t("correct"), key("e")), h("button", { type: "button", class: "quiet", "data-act": "undo", on: { click: () => acts.undo() } }, t("undo"), key("u"))),
    );
  }

  correction(one, words) {
    return h("p", { class: "notice" }, t("correction", { words, author: one.author, when: moment(one.created_at) }), one.note && h("q", {}, one.note));
  }

  checks(findings) {
    if (!findings?.length) return null;
    return h(
      "ul",
      { class: "checks" },
      findings.map((one) => h("li", {}, h("button", { type: "button", class: "link", on: { click: () => this.acts.choose("finding", one.id) } }, h("span", { class: `sign is-${one.status}` }, h("span", { class: "hidden" }, word("finding", one.status))), message(one)))),
    );
  }
}

function facts(pairs) {
  return h("dl", { class: "facts" }, pairs.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, t(`fact.${name}`)), h("dd", {}, value))));
}

function correctedClaim(model, correction) {
  const [claim] = correction.corrected.claims;
  if (!claim) return t("claim.none");
  return `${number(claim.value)} ${claim.unit} (${claim.metrics.map((metric) => model.metricName(metric)).join(" · ") || t("claim.nothing")})`;
}

function percent(value) {
  // Rounded down: 0.997 is not certain.
  return `${Math.floor(value * 100)}%`;
}

function key(letter) {
  return h("kbd", { "aria-hidden": "true" }, letter);
}

// One report: outline and findings, the text, the tables, and what is chosen.

import { call, findingPath, get, send } from "./api.js";
import { Dock } from "./dock.js";
import { h, isTyping, keepingFocus, put } from "./dom.js";
import { editCell, editClaim } from "./editor.js";
import { exports } from "./exports.js";
import { help } from "./help.js";
import { message, moment, t, word } from "./i18n.js";
import { counts } from "./list.js";
import { load } from "./model.js";
import { outline } from "./outline.js";
import { Panel } from "./panel.js";
import { sure } from "./settings.js";
import { address, author, remember, shortcuts } from "./state.js";
import { Tables } from "./tables.js";
import { TextView } from "./text.js";
import { attempt, say } from "./toast.js";

const PANES = ["findings", "text", "tables", "outline"];

export async function show(main, { parts, params, signal, caller }) {
  const model = await load(parts[0], signal);
  if (signal.aborted) return;
  const report = new ReportPage(main, model, caller);
  document.addEventListener("keydown", (event) => report.key(event), { signal });
  document.addEventListener("click", (event) => report.closeMenu(event.target), { signal });
  const first = model.finding(params.finding) ?? ["mismatch", "unverifiable"].map((status) => model.findings.find((one) => one.status === status)).find(Boolean);
  if (first) report.choose("finding", first.id);
}

class ReportPage {
  constructor(main, model, caller) {
    this.model = model;
    this.mayDelete = !caller || caller.role === "admin";
    this.chosen = null;
    this.past = [];
    const choose = (kind, id) => this.choose(kind, id);
    this.text = new TextView(model, (kind, id) => this.choose(kind === "claim" ? this.worst(id) : "cell", kind === "claim" ? this.worstId(id) : id));
    this.tables = new Tables(model, (id) => this.choose("cell", id));
    this.panel = new Panel(model, choose);
    this.dock = new Dock(model, {
      mayReview: !caller || caller.role !== "read",
      decide: (finding, decision, note) => this.decide(finding, decision, note),
      edit: (what) => this.edit(what),
      undo: () => this.undo(),
      choose,
      go: { cell: (id) => this.goToCell(id), place: (place) => this.goToPlace(place) },
    });
    this.body = h("div", { class: "report", "data-pane": "findings" }, this.panes());
    this.head = h("div", { class: "heading" });
    this.state = h("span", { class: "line" });
    this.drawState();
    this.drawHead();
    put(main, this.head, this.switcher(), this.body);
  }

  panes() {
    const { model } = this;
    const legend = ["heading", "claim", "claim is-match first", "claim is-mismatch first", "claim is-unverifiable first", "cell", "claim is-corrected first"];
    const pane = (name, extra, ...children) => h("section", { class: `pane pane-${name}`, "aria-label": t(`pane.${name}`), ...extra }, children);
    return [
      pane("outline", { tabindex: "0" }, h("h2", {}, t("pane.outline")), outline(model.extraction.sections, (place) => this.goToPlace(place))),
      pane("findings", {}, this.panel.element),
      pane("text", { tabindex: "0" }, h("ul", { class: "legend", "aria-label": t("legend") }, legend.map((name) => h("li", {}, h("span", { class: name }, t(`legend.${name.split(" ").slice(0, 2).join(".")}`))))), this.text.element),
      pane("tables", { tabindex: "0" }, h("h2", {}, t("pane.tables")), this.tables.element),
      this.dock.element,
    ];
  }

  /** On narrow screens one pane is shown at a time. */
  switcher() {
    const buttons = PANES.map((name) => h("button", { type: "button", "data-pane": name, "aria-pressed": String(name === "findings"), on: { click: () => this.turnTo(name) } }, t(`pane.${name}`)));
    this.switches = h("div", { class: "panes", role: "group", "aria-label": t("panes") }, buttons);
    return this.switches;
  }

  turnTo(name) {
    this.body.dataset.pane = name;
    for (const button of this.switches.children) button.setAttribute("aria-pressed", String(button.dataset.pane === name));
    // What was hidden could not be scrolled.
    if (name === "text") this.text.show();
    if (name === "tables") this.tables.show();
  }

  drawHead() {
    const { report, extraction } = this.model;
    const facts = [report.issuer, report.year, report.format && t("form", { name: word("form", report.format) }), report.published && t("published", { when: report.published }), t("characters", { count: report.characters })];
    const versions = t("read.by", { layout: extraction.model.layout ?? "—", claims: extraction.model.claims ?? "—" });
    const keys = h("button", { type: "button", class: "quiet", "aria-keyshortcuts": "?", on: { click: help } }, t("help"), h("kbd", { "aria-hidden": "true" }, "?"));
    put(
      this.head,
      h("div", { class: "what" }, h("h1", { tabindex: "-1", lang: "zh-CN" }, report.title || report.name || t("untitled")), h("p", { class: "under", title: versions }, facts.filter(Boolean).join(" · "))),
      this.state,
      h("details", { class: "menu" }, h("summary", { class: "button" }, t("export.title")), h("div", {}, exports(["findings", "cells", "tables", "annotations"], () => ({ document: report.id })), this.mayDelete && h("button", { type: "button", on: { click: () => this.remove() } }, t("delete")), h("p", { class: "hint" }, `${versions} · ${moment(report.created_at)}`))),
      keys,
      extraction.warnings.map((warning) => h("p", { class: "notice", role: "note" }, message(warning))),
    );
  }

  /** What decisions change in the heading; the rest stays, with a menu that may be open. */
  drawState() {
    const { status, findings } = this.model.report;
    put(this.state, h("span", { class: `status is-${status}` }, word("status", status)), counts(findings));
  }

  async remove() {
    if (!(await sure(t("delete.title"), t("delete.words"), t("delete")))) return;
    const gone = await attempt(() => call(this.model.path, { method: "DELETE" }));
    if (gone) location.hash = address([]);
  }

  /** A claim in the text stands for the worst check on it, or for itself where there is none. */
  worst(claim) {
    return this.worstFinding(claim) ? "finding" : "claim";
  }

  worstId(claim) {
    return this.worstFinding(claim)?.id ?? claim;
  }

  worstFinding(claim) {
    const found = this.model.ofClaim.get(claim) ?? [];
    return found.find((one) => one.status === "mismatch") ?? found.find((one) => one.status === "unverifiable") ?? found[0];
  }

  /** Choose a finding (by id), a claim (by its name in the extraction) or a cell: light it everywhere. */
  choose(kind, id) {
    const { model } = this;
    this.chosen = { kind, id };
    if (kind === "finding") {
      const one = model.finding(id);
      const claim = model.claimOf.get(one.claim)?.claim;
      const cells = one.cells.map((cell) => model.cells.get(cell)).filter((cell) => cell && cell.start !== null);
      const lit = [claim && { ...place(claim), as: "lit-claim" }, ...cells.toReversed().map((cell, index) => ({ ...place(cell), as: index && !claim ? "lit" : "lit-cell" })), ...one.evidence.map((at) => ({ ...at, as: "lit" }))];
      this.tables.light(one.cells);
      this.text.light(lit.filter(Boolean));
      this.dock.finding(one);
      this.panel.mark(id, true);
      remember(["report", model.report.id], { finding: id });
    } else if (kind === "claim") {
      const stored = model.claimOf.get(id);
      this.tables.light(stored.claim.metrics.flatMap((metric) => metric.split("+")));
      this.text.light([{ ...place(stored.claim), as: "lit-claim" }]);
      this.dock.claim(stored);
      this.panel.mark(stored.id, true);
    } else {
      const cell = model.cells.get(id);
      this.tables.light([id]);
      this.text.light(cell.start === null ? [] : [{ ...place(cell), as: "lit-cell" }]);
      this.dock.cell(cell);
      this.panel.mark("");
    }
    this.dock.element.scrollTop = 0;
  }

  goToCell(id) {
    this.tables.light([id]);
    this.turnTo("tables");
    const cell = this.model.cells.get(id);
    if (cell && cell.start !== null) this.text.goTo(cell.start, cell.end);
  }

  goToPlace({ start, end }) {
    this.turnTo("text");
    this.text.goTo(start, end);
  }

  async decide(finding, decision, note) {
    const path = findingPath(finding.id);
    const undone = finding.decision === decision && note === (finding.review?.note ?? "");
    if (undone) return;
    const fresh = await attempt(() => send("PATCH", path, { decision, note, author: author.get() }));
    if (!fresh) return;
    this.past.push(() => this.withdrawReview(finding.id));
    this.took(fresh);
    this.tell(t(`said.${decision}`));
  }

  async withdrawReview(id) {
    const response = await call(`${findingPath(id)}/review`, { method: "DELETE" });
    this.took(await response.json());
  }

  /** A finding has changed: everything that shows it does too. */
  took(fresh) {
    this.model.replaceFinding(fresh);
    this.redraw();
    if (this.chosen?.kind === "finding" && this.chosen.id === fresh.id) {
      keepingFocus(this.dock.element, () => this.dock.finding(fresh));
    }
  }

  redraw() {
    this.text.restyle();
    this.tables.restyle();
    this.panel.draw();
    attempt(async () => {
      this.model.report = await get(this.model.path);
      this.drawState();
    });
  }

  /** Correct what is chosen: a finding's claim or cell (asked which, where it has both), a claim or a cell. */
  async edit(what) {
    const finding = what.kind in { cell: 1, claim: 1 } ? null : what;
    const target = finding ? await this.targetOf(finding) : what;
    if (!target) return;
    const made = await (target.kind === "cell" ? editCell : editClaim)(this.model, target.id, finding);
    if (!made) return;
    if (made.cell) this.model.cells.set(made.cell.id, made.cell);
    if (made.claim) this.model.replaceClaim(made.claim);
    const undoCorrection = () => this.withdrawCorrection(target.kind, made.cell?.id ?? made.claim.id);
    let undo = undoCorrection;
    if (made.settles && finding.decision !== "corrected") {
      const fresh = await attempt(() => send("PATCH", findingPath(finding.id), { decision: "corrected", note: "", author: author.get() }));
      if (fresh) {
        this.model.replaceFinding(fresh);
        undo = async () => {
          await undoCorrection();
          await this.withdrawReview(finding.id);
        };
      }
    }
    this.past.push(undo);
    this.redraw();
    this.choose(this.chosen.kind, this.chosen.id);
    this.tell(t("said.corrected"));
  }

  async targetOf(finding) {
    const claim = finding.claim && { kind: "claim", id: finding.claim };
    const cells = finding.cells.filter((id) => this.model.cells.has(id)).map((id) => ({ kind: "cell", id }));
    const all = [...cells.toReversed(), claim].filter(Boolean);
    if (all.length < 2) return all[0];
    return new Promise((resolve) => {
      const name = (one) => (one.kind === "cell" ? this.model.cellName(one.id) : t("edit.the_claim", { surface: this.model.claimOf.get(one.id).claim.surface }));
      const pick = (one) => { resolve(one); dialog.close(); };
      const dialog = h("dialog", { "aria-labelledby": "which", on: { close: () => { dialog.remove(); resolve(null); } } }, h("h2", { id: "which" }, t("edit.which")), h("ul", { class: "which" }, all.map((one) => h("li", {}, h("button", { type: "button", on: { click: () => pick(one) } }, name(one))))), h("div", { class: "actions" }, h("button", { type: "button", on: { click: () => dialog.close() } }, t("cancel"))));
      document.body.append(dialog);
      dialog.showModal();
    });
  }

  async withdrawCorrection(kind, id) {
    const fresh = await (await call(`${this.model.path}/${kind}s/${encodeURIComponent(id)}/correction`, { method: "DELETE" })).json();
    if (kind === "cell") this.model.cells.set(id, fresh);
    else this.model.replaceClaim(fresh);
    this.redraw();
    if (this.chosen) this.choose(this.chosen.kind, this.chosen.id);
  }

  /** Take back what was done last on this page; with nothing left, what stands on what is chosen. */
  async undo() {
    const last = this.past.pop() ?? this.standing();
    if (!last) {
      say(t("undo.nothing"));
      return;
    }
    if ((await attempt(async () => { await last(); return true; })) === true) say(t("undo.done"));
  }

  standing() {
    const { kind, id } = this.chosen ?? {};
    if (kind === "finding" && this.model.finding(id).review) return () => this.withdrawReview(id);
    if (kind === "cell" && this.model.cells.get(id).correction) return () => this.withdrawCorrection("cell", id);
    const stored = kind === "claim" && this.model.claimOf.get(id);
    if (stored?.correction) return () => this.withdrawCorrection("claim", stored.id);
    return null;
  }

  tell(words) {
    say(words, { action: { label: t("undo"), run: () => this.undo() } });
  }

  /** An open menu closes when the reader goes elsewhere, or presses Escape. */
  closeMenu(target) {
    const menu = this.head.querySelector("details.menu[open]");
    if (!menu || menu.contains(target)) return;
    menu.open = false;
    if (target === null) menu.firstChild.focus();
  }

  key(event) {
    if (event.key === "Escape") this.closeMenu(null);
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || document.querySelector("dialog[open]")) return;
    if (!shortcuts.get()) return;
    const finding = this.chosen?.kind === "finding" ? this.model.finding(this.chosen.id) : null;
    const acts = {
      j: () => this.panel.step(1),
      k: () => this.panel.step(-1),
      y: () => finding && this.press("[data-decision=confirmed]"),
      n: () => finding && this.press("[data-decision=dismissed]"),
      e: () => this.press("[data-act=edit]"),
      u: () => this.press("[data-act=undo]"),
      "?": () => help(),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** The keys do what the buttons do, so that what may not be pressed cannot be done by key. */
  press(selector) {
    this.dock.element.querySelector(selector)?.click();
  }
}

/** Ask before what cannot be undone. */
function place({ start, end }) {
  return { start, end };
}

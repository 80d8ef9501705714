// A report with everything that belongs to it, and the names of its places.

import { documentPath, get, getText } from "./api.js";
import { label, language, t } from "./i18n.js";
import { Offsets } from "./offsets.js";

const RANK = { mismatch: 3, unverifiable: 2, match: 1 };
const TABLES = { t2: "table.t2", t3: "table.t3", t4: "table.t4" };

/** Fetch a report. Throws Refusal. */
export async function load(id, signal) {
  const path = documentPath(id);
  const parts = ["", "/extraction", "/findings", "/cells", "/claims"].map((part) => get(path + part, {}, signal));
  const [text, report, extraction, findings, cells, claims] = await Promise.all([getText(`${path}/text`, signal), ...parts]);
  const form = ["2019", "2021"].includes(extraction.document.format) ? await get(`/v1/forms/${extraction.document.format}`, {}, signal) : null;
  return new Model(text, report, extraction, findings, cells, claims, form);
}

export class Model {
  constructor(text, report, extraction, findings, cells, claims, form) {
    Object.assign(this, { report, extraction, findings, claims, form });
    this.offsets = new Offsets(text);
    this.cells = new Map(cells.map((cell) => [cell.id, cell]));
    this.read = new Map(extraction.findings.map((finding) => [finding.id, finding]));
    this.whyOfCell = new Map(extraction.tables.flatMap((table) => table.cells.map((cell) => [cell.id, cell.why])));
    this.labels = form ? names(form) : new Map();
    this.metrics = new Map((form?.metrics ?? []).map((metric) => [metric.expression, metric]));
    this.index();
  }

  /** Look-ups that change when a finding or claim does. */
  index() {
    this.claimOf = new Map(this.claims.map((stored) => [stored.claim.id, stored]));
    this.ofClaim = new Map();
    this.ofCell = new Map();
    for (const finding of this.findings) {
      if (finding.claim) push(this.ofClaim, finding.claim, finding);
      for (const cell of finding.cells) push(this.ofCell, cell, finding);
    }
  }

  get path() {
    return documentPath(this.report.id);
  }

  finding(id) {
    return this.findings.find((one) => one.id === id);
  }

  claim(id) {
    return this.claims.find((one) => one.id === id);
  }

  /** Put a changed finding, cell or claim in the place of the old one. */
  replaceFinding(fresh) {
    this.findings = this.findings.map((one) => (one.id === fresh.id ? fresh : one));
    this.index();
  }

  replaceClaim(fresh) {
    this.claims = this.claims.map((one) => (one.id === fresh.id ? fresh : one));
    this.index();
  }

  /** The worst way in which checks on a claim or cell came out: what people dismissed does not count. */
  standing(findings) {
    let worst = "";
    for (const one of findings ?? []) {
      const status = one.status === "mismatch" && one.decision === "dismissed" ? "match" : one.status;
      if ((RANK[status] ?? 0) > (RANK[worst] ?? 0)) worst = status;
    }
    return worst;
  }

  /** What a cell is called: table, row, column. */
  cellName(id) {
    const [table] = id.split(".");
    const known = this.labels.get(id);
    const head = t(TABLES[table] ?? "table.other", { id: table });
    return [head, ...(known ? known.map(label) : [id.slice(table.length + 1)])].join(language() === "zh" ? "·" : " · ");
  }

  /** What a metric expression is called. */
  metricName(expression) {
    const metric = this.metrics.get(expression);
    if (metric) return language() === "zh" ? metric.zh : metric.en;
    return expression
      .split("+")
      .map((part) => {
        const one = this.metrics.get(part);
        if (one) return language() === "zh" ? one.zh : one.en;
        return this.labels.has(part) ? this.cellName(part) : part;
      })
      .join(" + ");
  }

  /** The words around a place, the place itself apart: [before, place, after]. */
  around(start, end, reach = 24) {
    const length = this.offsets.length;
    const from = Math.max(0, start - reach);
    const to = Math.min(length, end + reach);
    return [this.offsets.slice(from, start), this.offsets.slice(start, end), this.offsets.slice(end, to)];
  }
}

/** Cell id → the labels of its row and column. */
function names(form) {
  const found = new Map();
  const note = (table, rows, columns) => {
    for (const row of rows) for (const column of columns) found.set(`${table}.${row.id}.${column.id}`, [row, column]);
  };
  for (const table of form.tables) {
    note(table.id, [...table.single_rows, ...table.rows], table.columns);
    if (!table.rows.length) note(table.id, table.groups, table.columns);
    for (const block of table.blocks) note(table.id, block.rows, block.columns);
  }
  return found;
}

function push(map, key, value) {
  if (map.has(key)) map.get(key).push(value);
  else map.set(key, [value]);
}

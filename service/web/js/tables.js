// The statutory tables rebuilt: the form's rows and columns with the law's labels, and what was read in each cell.

import { h } from "./dom.js";
import { number, t, word } from "./i18n.js";

export class Tables {
  /** `choose(id)` is called with a cell's id. */
  constructor(model, choose) {
    this.model = model;
    this.choose = choose;
    this.buttons = new Map();
    this.element = h("div", { class: "tables", on: { keydown: (event) => this.move(event) } });
    const drawn = (model.form?.tables ?? []).filter((table) => has(model, table.id)).map((table) => this.table(table));
    const old = model.extraction.tables.filter((table) => table.indicators.length).map(indicators);
    this.element.append(...drawn, ...old);
    if (!drawn.length && !old.length) this.element.append(h("p", { class: "hint" }, t("tables.none")));
    const [first] = this.buttons.values();
    if (first) first.tabIndex = 0;
    this.restyle();
  }

  table(form) {
    const title = h("h3", {}, t(`table.${form.id}`));
    if (form.blocks.length) return h("section", {}, title, form.blocks.map((block) => this.block(form, block)));
    const grid = form.rows.length ? this.requests(form) : this.disputes(form);
    return h("section", {}, title, h("div", { class: "across", tabindex: "0", role: "group", "aria-label": t(`table.${form.id}`) }, grid), form.words.note && h("p", { class: "hint", lang: "zh-CN" }, form.words.note));
  }

  block(form, block) {
    const head = h("tr", {}, h("th", { scope: "col", class: "corner" }, t("tables.what")), block.columns.map((column) => h("th", { scope: "col" }, column.text)));
    const rows = block.rows.map((row) => h("tr", {}, h("th", { scope: "row" }, row.text), block.columns.map((column) => this.cell(`${form.id}.${row.id}.${column.id}`))));
    return h("table", { class: "grid t2", lang: "zh-CN" }, h("caption", {}, block.article), h("thead", {}, head), h("tbody", {}, rows));
  }

  /** Table 3: results of all kinds are grouped twice, as in print. */
  requests(form) {
    const rows = this.rows(form);
    const groups = new Map(form.groups.map((group) => [group.id, group]));
    const inResults = rows.filter((row) => row.group !== null).length;
    const organisations = form.columns.slice(1, -1);
    const head = [
      h("tr", {}, h("td", { colspan: 3, rowspan: 3, class: "corner" }), h("th", { colspan: form.columns.length, scope: "colgroup" }, form.words.applicants)),
      h("tr", {}, h("th", { rowspan: 2, scope: "col" }, form.columns[0].text), h("th", { colspan: organisations.length, scope: "colgroup" }, form.words.organisations), h("th", { rowspan: 2, scope: "col" }, form.columns.at(-1).text)),
      h("tr", {}, organisations.map((column) => h("th", { scope: "col" }, column.text))),
    ];
    let last = null;
    let opened = false;
    const body = rows.map((row) => {
      const heads = [];
      if (row.group !== null && !opened) {
        heads.push(h("th", { rowspan: inResults, scope: "rowgroup", class: "upright" }, groups.get("result")?.text ?? ""));
        opened = true;
      }
      const isDeeper = row.group !== null && row.group !== "result";
      if (isDeeper && row.group !== last) {
        const span = rows.filter((other) => other.group === row.group).length;
        heads.push(h("th", { rowspan: span, scope: "rowgroup", class: "inner" }, groups.get(row.group)?.text ?? ""));
      }
      last = row.group;
      const width = row.group === null ? 3 : isDeeper ? 1 : 2;
      heads.push(h("th", { scope: "row", colspan: width, class: "row" }, row.text));
      return h("tr", {}, heads, form.columns.map((column) => this.cell(`${form.id}.${row.id}.${column.id}`)));
    });
    return h("table", { class: "grid t3", lang: "zh-CN" }, h("caption", { class: "hidden" }, t(`table.${form.id}`)), h("thead", {}, head), h("tbody", {}, body));
  }

  /** A group that the report prints as one row is drawn as one. */
  rows(form) {
    const single = form.single_rows.filter((row) => this.printed(form, row));
    const replaced = new Set(single.map((row) => row.id));
    const out = [];
    for (const row of form.rows) {
      const group = row.id.split(".")[0];
      if (!replaced.has(group)) out.push(row);
      else if (!out.some((other) => other.id === group)) out.push(single.find((one) => one.id === group));
    }
    return out;
  }

  printed(form, row) {
    return form.columns.some((column) => this.model.cells.has(`${form.id}.${row.id}.${column.id}`));
  }

  disputes(form) {
    const { columns, groups } = form;
    const ungrouped = groups.filter((group) => !group.id.startsWith("litigation"));
    const litigation = groups.filter((group) => group.id.startsWith("litigation"));
    const span = columns.length;
    const head = [
      h("tr", {}, ungrouped.map((group) => h("th", { colspan: span, rowspan: 2, scope: "colgroup" }, group.text)), h("th", { colspan: span * litigation.length, scope: "colgroup" }, form.words.over)),
      h("tr", {}, litigation.map((group) => h("th", { colspan: span, scope: "colgroup" }, group.text))),
      h("tr", {}, [...ungrouped, ...litigation].flatMap(() => columns.map((column) => h("th", { scope: "col" }, column.text)))),
    ];
    const row = h("tr", {}, [...ungrouped, ...litigation].flatMap((group) => columns.map((column) => this.cell(`${form.id}.${group.id}.${column.id}`))));
    return h("table", { class: "grid t4", lang: "zh-CN" }, h("caption", { class: "hidden" }, t(`table.${form.id}`)), h("thead", {}, head), h("tbody", {}, row));
  }

  cell(id) {
    const button = h("button", { type: "button", tabindex: "-1", "data-cell": id, on: { click: () => this.choose(id) } });
    this.buttons.set(id, button);
    return h("td", {}, button);
  }

  /** What each cell says and how the checks on it came out; again after a decision or a correction. */
  restyle() {
    for (const [id, button] of this.buttons) {
      const cell = this.model.cells.get(id);
      const status = cell?.status ?? "missing";
      const standing = cell ? this.model.standing(this.model.ofCell.get(id)) : "";
      const lit = ["lit", "lit-main"].filter((name) => button.classList.contains(name));
      const names = [`cell-${status}`, standing === "mismatch" && "is-mismatch", cell?.correction && "is-corrected", ...lit];
      button.className = names.filter(Boolean).join(" ");
      button.textContent = status === "unread" && !cell.correction ? "?" : number(cell?.value);
      button.disabled = !cell;
      const told = [this.model.cellName(id), cell ? number(cell.value) : "", word("cell", status), standing === "mismatch" && word("finding", "mismatch"), cell?.correction && t("corrected")];
      button.title = told.filter(Boolean).join(" · ");
      button.setAttribute("aria-label", button.title);
    }
  }

  /** Light these cells and scroll the last of them, the total, into view. */
  light(ids) {
    for (const button of this.buttons.values()) button.classList.remove("lit", "lit-main");
    const found = ids.map((id) => this.buttons.get(id)).filter(Boolean);
    for (const button of found) button.classList.add("lit");
    this.shown = found.at(-1);
    this.shown?.classList.add("lit-main");
    this.show();
  }

  /** Scroll what is lit into view. */
  show() {
    this.shown?.scrollIntoView({ block: "center", inline: "nearest" });
  }

  /** Arrow keys move between cells: only one of them is a tab stop. */
  move(event) {
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 0, ArrowUp: 0 };
    const from = event.target.closest("button[data-cell]");
    if (!from || !(event.key in steps)) return;
    event.preventDefault();
    const to = steps[event.key] ? this.beside(from, steps[event.key]) : nextRow(from, event.key === "ArrowDown" ? 1 : -1);
    if (!to) return;
    from.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  }

  beside(button, step) {
    const all = [...this.buttons.values()].filter((one) => !one.disabled);
    return all[all.indexOf(button) + step];
  }
}

function nextRow(button, step) {
  const rows = [...button.closest(".tables").querySelectorAll("tbody tr")];
  const own = button.closest("tr");
  const column = own.cells.length - [...own.cells].indexOf(button.closest("td"));
  const row = rows[rows.indexOf(own) + step];
  return row?.cells[Math.max(0, row.cells.length - column)]?.querySelector("button:enabled");
}

function has(model, table) {
  return model.extraction.tables.some((one) => one.id === table && one.cells.length);
}

/** The statistics table of reports before 2019. */
function indicators(table) {
  const heads = ["name", "unit", "value", "cumulative"].map((name) => h("th", { scope: "col" }, t(`indicator.${name}`)));
  const rows = table.indicators.map((one) =>
    h("tr", {}, h("th", { scope: "row", class: "row", lang: "zh-CN" }, one.name), h("td", { lang: "zh-CN" }, one.unit), h("td", {}, number(one.value)), h("td", {}, number(one.cumulative))),
  );
  return h("section", {}, h("h3", {}, t("table.old")), h("table", { class: "grid old" }, h("caption", { class: "hidden" }, t("table.old")), h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows)));
}

// Findings by year and kind: stacked bars drawn as SVG, and the same figures in a table beside them.

import { get } from "./api.js";
import { choice, field, h, put, svg } from "./dom.js";
import { t, word } from "./i18n.js";
import { address, remember } from "./state.js";

const KINDS = ["claim_vs_table", "table_arithmetic", "narrative_arithmetic", "claim_vs_claim", "ratio", "cross_year", "structure"];
const WIDTH = 720;
const HEIGHT = 300;
const MARGIN = { left: 44, right: 8, top: 12, bottom: 28 };

export async function show(main, { params, signal }) {
  const wanted = { status: params.status ?? "mismatch", decision: params.decision ?? "" };
  const statistics = await get("/v1/statistics", {}, signal);
  const area = h("div", { class: "chart-area" });
  const draw = () => {
    remember(["chart"], wanted);
    const counts = statistics.findings.filter((one) => one.status === wanted.status && (!wanted.decision || one.decision === wanted.decision));
    put(area, counts.length ? drawn(gathered(counts), wanted) : h("p", { class: "hint" }, t("chart.empty")));
  };
  const pick = (name, group, values, all) =>
    field(t(`column.${name}`), choice([...all, ...values.map((value) => [value, word(group, value)])], wanted[name], { name, on: { change: (event) => { wanted[name] = event.target.value; draw(); } } }));
  put(
    main,
    h("div", { class: "heading" }, h("h1", { tabindex: "-1" }, t("chart.title"))),
    h("form", { class: "filters", on: { submit: (event) => event.preventDefault() } }, pick("status", "finding", ["mismatch", "unverifiable"], []), pick("decision", "decision", ["open", "confirmed", "dismissed", "corrected"], [["", t("any")]])),
    area,
  );
  draw();
}

/** Year → kind → count, years ascending; reports without a year last. */
function gathered(counts) {
  const years = new Map();
  const order = [...counts].sort((a, b) => (a.year ?? Infinity) - (b.year ?? Infinity));
  for (const { year, kind, count } of order) {
    const kinds = years.get(year) ?? new Map();
    kinds.set(kind, (kinds.get(kind) ?? 0) + count);
    years.set(year, kinds);
  }
  const found = new Set(counts.map((one) => one.kind));
  return { years, kinds: [...KINDS.filter((kind) => found.has(kind)), ...[...found].filter((kind) => !KINDS.includes(kind))] };
}

function drawn(data, wanted) {
  const title = t("chart.of", { status: word("finding", wanted.status) });
  const figure = h("figure", {}, h("div", { class: "across", tabindex: "0", role: "group", "aria-label": title }, bars(data, title)), h("figcaption", {}, legend(data.kinds)));
  return [figure, table(data, title, wanted)];
}

function bars({ years, kinds }, title) {
  const totals = [...years.values()].map((counts) => sum(counts.values()));
  const top = ceiling(Math.max(...totals));
  const inner = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
  const step = inner.width / years.size;
  const wide = Math.min(64, step * 0.6);
  const y = (value) => MARGIN.top + inner.height * (1 - value / top);
  const lines = [0, 0.5, 1].map((part) => top * part).filter(Number.isInteger);
  const grid = lines.map((value) => svg("g", {}, svg("line", { class: "rule", x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: y(value), y2: y(value) }), svg("text", { class: "tick", x: MARGIN.left - 6, y: y(value) + 4, "text-anchor": "end" }, String(value))));
  const columns = [...years].map(([year, counts], index) => {
    const left = MARGIN.left + step * index + (step - wide) / 2;
    let stacked = 0;
    const parts = kinds.filter((kind) => counts.get(kind)).map((kind) => {
      const from = stacked;
      stacked += counts.get(kind);
      const box = { x: left, width: wide, y: y(stacked), height: y(from) - y(stacked) };
      const name = `${year ?? t("chart.no_year")} · ${word("kind", kind)}: ${counts.get(kind)}`;
      return svg("g", {}, svg("title", {}, name), svg("rect", { ...box, class: `bar kind-${KINDS.indexOf(kind)}` }), svg("rect", { ...box, class: "pattern", fill: `url(#pattern-${KINDS.indexOf(kind)})` }));
    });
    const words = svg("text", { class: "tick", x: left + wide / 2, y: HEIGHT - 8, "text-anchor": "middle" }, String(year ?? t("chart.no_year")));
    const total = svg("text", { class: "total", x: left + wide / 2, y: y(stacked) - 4, "text-anchor": "middle" }, String(stacked));
    return svg("g", {}, parts, total, words);
  });
  return svg("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${title}. ${t("chart.beside")}` }, svg("defs", {}, kinds.map(pattern)), grid, columns);
}

/** Kinds differ by pattern too, not by colour alone. */
function pattern(kind) {
  const number = KINDS.indexOf(kind);
  const shapes = { 1: "M0 6L6 0", 2: "M0 3H6", 3: "M3 0V6", 4: "M0 0L6 6", 5: "M0 3H6M3 0V6", 6: "M2 3H4" };
  return svg("pattern", { id: `pattern-${number}`, width: 6, height: 6, patternUnits: "userSpaceOnUse" }, shapes[number] && svg("path", { d: shapes[number], class: "hatch" }));
}

function legend(kinds) {
  const swatch = (kind) => svg("svg", { width: 18, height: 12, "aria-hidden": "true" }, svg("rect", { width: 18, height: 12, class: `bar kind-${KINDS.indexOf(kind)}` }), svg("rect", { width: 18, height: 12, fill: `url(#pattern-${KINDS.indexOf(kind)})` }));
  return h("ul", { class: "legend" }, kinds.map((kind) => h("li", {}, swatch(kind), word("kind", kind))));
}

function table({ years, kinds }, title, wanted) {
  const head = h("tr", {}, h("th", { scope: "col" }, t("year")), kinds.map((kind) => h("th", { scope: "col" }, word("kind", kind))), h("th", { scope: "col" }, t("chart.total")));
  const link = (count, year, kind) => (count && year !== null ? h("a", { href: address(["findings"], { status: wanted.status, decision: wanted.decision, year, kind }) }, count) : String(count ?? 0));
  const rows = [...years].map(([year, counts]) => h("tr", {}, h("th", { scope: "row" }, year ?? t("chart.no_year")), kinds.map((kind) => h("td", { class: "figure" }, link(counts.get(kind), year, kind))), h("td", { class: "figure" }, String(sum(counts.values())))));
  return h("div", { class: "across", tabindex: "0", role: "group", "aria-label": t("chart.table") }, h("table", { class: "plain" }, h("caption", {}, title), h("thead", {}, head), h("tbody", {}, rows)));
}

function sum(values) {
  return [...values].reduce((total, value) => total + value, 0);
}

/** The next round number. */
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 4, 6, 8, 10].map((factor) => factor * power).find((round) => round >= value);
}

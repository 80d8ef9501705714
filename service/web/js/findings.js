// Findings over every report, with filters that stand in the address, and exports of what is filtered.

import { get } from "./api.js";
import { choice, field, h, later, put } from "./dom.js";
import { exports } from "./exports.js";
import { message, number, t, word } from "./i18n.js";
import { address, remember } from "./state.js";
import { attempt } from "./toast.js";

const FILTERS = {
  status: ["finding", ["mismatch", "unverifiable", "match"]],
  decision: ["decision", ["open", "confirmed", "dismissed", "corrected"]],
  kind: ["kind", ["claim_vs_table", "table_arithmetic", "narrative_arithmetic", "claim_vs_claim", "ratio", "cross_year", "structure"]],
  severity: ["severity", ["error", "warning", "info"]],
};

export async function show(main, { params, signal }) {
  const wanted = { status: params.status ?? "mismatch", decision: params.decision ?? "", kind: params.kind ?? "", severity: params.severity ?? "", year: params.year ?? "", issuer: params.issuer ?? "" };
  const results = h("div", { class: "results" });
  const told = h("p", { class: "told", role: "status" });
  const refresh = () => {
    remember(["findings"], { ...wanted, status: wanted.status || "any" });
    return attempt(() => listed(results, told, wanted, signal));
  };
  if (wanted.status === "any") wanted.status = "";
  put(
    main,
    h("div", { class: "heading" }, h("h1", { tabindex: "-1" }, t("findings.title"))),
    filters(wanted, later(refresh, 200)),
    exports(["findings"], () => wanted),
    told,
    results,
  );
  await refresh();
}

function filters(wanted, changed) {
  const note = (name) => (event) => { wanted[name] = event.target.value.trim(); changed(); };
  const choices = Object.entries(FILTERS).map(([name, [group, values]]) =>
    field(t(`column.${name}`), choice([["", t("any")], ...values.map((value) => [value, word(group, value)])], wanted[name], { name, on: { change: note(name) } })),
  );
  return h(
    "form",
    { class: "filters", role: "search", on: { submit: (event) => event.preventDefault() } },
    choices,
    field(t("year"), h("input", { name: "year", type: "number", min: "1900", max: "2200", value: wanted.year, on: { input: note("year") } }), "narrow"),
    field(t("issuer"), h("input", { name: "issuer", type: "search", maxlength: "200", value: wanted.issuer, on: { input: note("issuer") } })),
  );
}

async function listed(results, told, wanted, signal) {
  const body = h("tbody");
  const more = h("button", { type: "button", on: { click: () => attempt(next) } }, t("more"));
  let cursor = null;

  async function next() {
    const page = await get("/v1/findings", { ...wanted, limit: 50, cursor }, signal);
    body.append(...page.items.map(row));
    cursor = page.next;
    more.hidden = !cursor;
    told.textContent = body.children.length ? t(cursor ? "findings.shown.more" : "findings.shown", { count: body.children.length }) : t("findings.empty");
  }

  await next();
  const heads = ["finding", "report", "year", "found", "expected", "decision"].map((name) => h("th", { scope: "col" }, t(`column.${name}`)));
  const table = h("table", { class: "reports findings" }, h("caption", { class: "hidden" }, t("findings.title")), h("thead", {}, h("tr", {}, heads)), body);
  put(results, body.children.length > 0 && table, more);
}

function row(one) {
  return h(
    "tr",
    {},
    h(
      "th",
      { scope: "row" },
      h("span", { class: "line" }, h("span", { class: `sign is-${one.status}` }, h("span", { class: "hidden" }, word("finding", one.status))), h("span", { class: "kind" }, word("kind", one.kind))),
      h("a", { href: address(["report", one.document_id], { finding: one.id }) }, message(one)),
    ),
    h("td", { "data-label": t("column.report"), lang: "zh-CN" }, one.issuer ?? "—"),
    h("td", { "data-label": t("column.year") }, one.year ?? "—"),
    h("td", { class: "figure", "data-label": t("column.found") }, number(one.found)),
    h("td", { class: "figure", "data-label": t("column.expected") }, number(one.expected)),
    h("td", { "data-label": t("column.decision") }, h("span", { class: `decision is-${one.decision}` }, word("decision", one.decision)), one.changed_since_review && h("span", { class: "decision is-changed" }, t("changed.short"))),
  );
}

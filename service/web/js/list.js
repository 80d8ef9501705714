// The list of reports: what does not agree, search, filters, pages; and the place where reports come in.

import { get } from "./api.js";
import { choice, field, h, later, put } from "./dom.js";
import { exports } from "./exports.js";
import { moment, t, word } from "./i18n.js";
import { intake } from "./intake.js";
import { address, remember } from "./state.js";
import { attempt } from "./toast.js";

const STATUSES = ["open", "reviewed", "agrees", "not_a_report"];

export async function show(main, { params, signal, caller }) {
  const wanted = { q: params.q ?? "", issuer: params.issuer ?? "", year: params.year ?? "", status: params.status ?? "" };
  const summary = h("ul", { class: "summary", "aria-label": t("list.summary") });
  const results = h("div", { class: "results" });
  const told = h("p", { class: "told", role: "status" });

  async function refresh() {
    remember([], wanted);
    await Promise.all([
      attempt(async () => overview(summary, await get("/v1/statistics", {}, signal), wanted, choose)),
      attempt(() => listed(results, told, wanted, signal)),
    ]);
  }
  function choose(status) {
    wanted.status = wanted.status === status ? "" : status;
    main.querySelector("[name=status]").value = wanted.status;
    return refresh();
  }

  const mayStore = !caller || caller.role !== "read";
  put(
    main,
    h("div", { class: "heading" }, h("h1", { tabindex: "-1" }, t("list.title")), summary),
    mayStore && intake(refresh, signal),
    filters(wanted, later(refresh)),
    told,
    results,
    exports(["tables", "cells"], () => wanted),
  );
  await refresh();
}

function overview(summary, statistics, wanted, choose) {
  put(
    summary,
    STATUSES.filter((status) => statistics.documents[status]).map((status) =>
      h(
        "li",
        {},
        h(
          "button",
          { type: "button", class: `count is-${status}`, "aria-pressed": String(wanted.status === status), on: { click: () => choose(status) } },
          h("b", {}, statistics.documents[status]),
          h("span", {}, word("status", status)),
        ),
      ),
    ),
  );
}

function filters(wanted, changed) {
  const input = (name, props) =>
    h("input", { name, value: wanted[name], ...props, on: { input: (event) => { wanted[name] = event.target.value.trim(); changed(); } } });
  const statuses = choice([["", t("any")], ...STATUSES.map((name) => [name, word("status", name)])], wanted.status, {
    name: "status",
    on: { change: (event) => { wanted.status = event.target.value; changed(); } },
  });
  return h(
    "form",
    { class: "filters", role: "search", on: { submit: (event) => event.preventDefault() } },
    field(t("list.search"), input("q", { type: "search", maxlength: "200", placeholder: t("list.search.hint") }), "wide"),
    field(t("issuer"), input("issuer", { type: "search", maxlength: "200" })),
    field(t("year"), input("year", { type: "number", min: "1900", max: "2200", inputmode: "numeric" }), "narrow"),
    field(t("state"), statuses),
  );
}

async function listed(results, told, wanted, signal) {
  const body = h("tbody");
  const more = h("button", { type: "button", on: { click: () => attempt(next) } }, t("more"));
  let cursor = null;

  async function next() {
    const page = await get("/v1/documents", { ...wanted, limit: 50, cursor }, signal);
    const fresh = page.items.map(row);
    body.append(...fresh);
    cursor = page.next;
    more.hidden = !cursor;
    told.textContent = body.children.length ? t(cursor ? "list.shown.more" : "list.shown", { count: body.children.length }) : t("list.empty");
    return fresh;
  }

  await next();
  const heads = ["report", "year", "state", "findings", "stored"].map((name) => h("th", { scope: "col" }, t(`column.${name}`)));
  const table = h("table", { class: "reports" }, h("caption", { class: "hidden" }, t("list.title")), h("thead", {}, h("tr", {}, heads)), body);
  put(results, body.children.length > 0 && table, more);
}

function row(report) {
  const title = (report.title || report.name || report.issuer || "").trim() || `${t("untitled")} ${report.id.slice(0, 9)}`;
  return h(
    "tr",
    {},
    h(
      "th",
      { scope: "row" },
      h("a", { href: address(["report", report.id]) }, title),
      h("span", { class: "under" }, [report.issuer, report.name].filter((part) => part && part !== title).join(" · ")),
    ),
    h("td", { "data-label": t("column.year") }, report.year ?? "—"),
    h("td", { "data-label": t("column.state") }, h("span", { class: `status is-${report.status}` }, word("status", report.status))),
    h("td", { "data-label": t("column.findings") }, counts(report.findings)),
    h("td", { class: "when", "data-label": t("column.stored") }, h("time", { datetime: report.created_at }, moment(report.created_at))),
  );
}

/** How the checks came out, as small signs with words for screen readers. */
export function counts(found) {
  const parts = [
    ["mismatch", found.mismatch, found.open < found.mismatch ? t("list.open", { open: found.open }) : ""],
    ["unverifiable", found.unverifiable, ""],
    ["match", found.match, ""],
  ];
  return h(
    "span",
    { class: "counts" },
    parts
      .filter(([name, count]) => count || name === "mismatch")
      .map(([name, count, extra]) =>
        h("span", { class: `sign is-${name}${count ? "" : " is-none"}`, title: word("finding", name) }, h("span", { class: "hidden" }, word("finding", name)), ` ${count}`, extra && h("small", {}, ` ${extra}`)),
      ),
  );
}


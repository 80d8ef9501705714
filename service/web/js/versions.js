// The versions of both models: which serve, what the gate said, promotion and the way back.

import { get, send } from "./api.js";
import { field, h, put } from "./dom.js";
import { moment, t, word } from "./i18n.js";
import { follow } from "./jobs.js";
import { opened, sure } from "./settings.js";
import { address, author } from "./state.js";
import { attempt, say } from "./toast.js";

const CHANGES = ["lost", "found", "invented", "withdrawn"];
const SHOWN = 30;
const FEW = 8;

/** The list of versions, with what may be done with each. `changed` draws the page anew. */
export function versions(models, caller, changed, signal) {
  const heads = ["version", "scores", "verdict", "actions"].map((name) => h("th", { scope: "col" }, t(`column.${name}`)));
  const rows = models.items.map((one) => row(one, models, caller, changed, signal));
  return h(
    "section",
    { class: "part", "aria-labelledby": "versions" },
    h("h2", { id: "versions" }, t("models.versions")),
    h("p", { class: "hint" }, t("models.versions.hint")),
    h("table", { class: "reports versions" }, h("caption", { class: "hidden" }, t("models.versions")), h("thead", {}, h("tr", {}, heads)), h("tbody", {}, rows)),
    events(models.events),
  );
}

function row(one, models, caller, changed, signal) {
  return h(
    "tr",
    { "data-model": one.id },
    h("th", { scope: "row" }, h("a", { href: address(["models", one.id]) }, name(one)), " ", one.serves && h("span", { class: "status is-agrees" }, `● ${t("models.serves")}`), h("span", { class: "under" }, about(one))),
    h("td", { "data-label": t("column.scores") }, figures(one.scores)),
    h("td", { "data-label": t("column.verdict") }, verdict(one)),
    h("td", { "data-label": t("column.actions") }, actions(one, models, caller, changed, signal)),
  );
}

const name = (one) => t("model.title", { task: word("task", one.task), version: one.version });

function about(one) {
  if (one.damaged) return t("models.damaged");
  return [one.own ? one.start && `${t("model.from")} ${one.start}` : t("models.shipped"), one.annotated && `${t("model.annotated")} ${one.annotated}`, one.date].filter(Boolean).join(" · ");
}

/** The figures of each part, the first two of them. */
export function figures(scores, most = 2) {
  const parts = Object.entries(scores ?? {});
  return h("dl", { class: "figures" }, parts.map(([part, found]) => h("div", {}, h("dt", {}, word("part", part)), Object.entries(found).slice(0, most).map(([measure, value]) => h("dd", {}, `${word("measure", measure)} `, h("b", {}, percent(value)))))));
}

const percent = (value) => (100 * value).toFixed(2);

function verdict(one) {
  if (!one.judged) return h("span", { class: "hint" }, one.serves ? "—" : t("models.unjudged"));
  const { judged } = one;
  const signs = { better: "is-agrees", worse: "is-open" };
  return [
    h("span", { class: `status ${signs[judged.verdict] ?? ""}` }, word("verdict", judged.verdict)),
    !judged.stands && !one.serves && h("span", { class: "under" }, t("models.stale")),
    one.forced.map((forced) => h("span", { class: "under" }, t("models.forced", { reason: forced.reason }))),
  ];
}

function actions(one, models, caller, changed, signal) {
  if (caller?.role !== "admin") return null;
  const said = h("span", { class: "told", role: "status" });
  const words = { task: word("task", one.task), version: one.version };
  const button = (label, work, props = {}) => h("button", { type: "button", ...props, on: { click: () => attempt(work) } }, t(label));
  const compare = async () => {
    await follow(await send("POST", `/v1/models/${one.id}/judgement`), said, signal);
    await changed();
  };
  if (one.serves) {
    const wasPromoted = models.events.some((event) => event.task === one.task && event.what === "promoted");
    return wasPromoted && button("models.rollback", async () => {
      if (!(await sure(t("models.rollback.title"), t("models.rollback.words", words), t("models.rollback")))) return;
      const event = await send("POST", `/v1/models/${one.task}/rollback`);
      say(t("models.rolledback", { ...words, version: event.version }));
      await changed();
    }, { "data-act": "rollback" });
  }
  const promote = async (force) => {
    try {
      await send("POST", `/v1/models/${one.id}/promote`, force ? { force, author: author.get() } : {});
    } catch (error) {
      if (force || !["gate_refused", "not_judged"].includes(error.code)) throw error;
      const reason = await ask(error);
      if (reason) await promote(reason);
      return;
    }
    say(t("models.promoted", words));
    await changed();
  };
  return h("div", { class: "acts" }, button("models.promote", () => promote(""), { "data-act": "promote" }), !one.judged?.stands && button("models.compare", compare, { class: "quiet", "data-act": "compare" }), said);
}

/** Say why the gate does not allow it. Answers the reason for which it is to serve all the same, or null. */
function ask(refusal) {
  const { judgement } = refusal.problem;
  const reason = h("input", { name: "reason", maxlength: "1000", minlength: "3", required: true });
  const form = h(
    "form",
    { method: "dialog" },
    h("h2", { id: "refused" }, t("models.refused")),
    h("p", { role: "alert", class: "notice" }, refusal.message),
    judgement && [fallen(judgement), h("p", { class: "hint" }, judgement.parts.map(summary).join(" "))],
    field(t("models.force.reason"), reason),
    h("div", { class: "actions" }, h("button", { type: "button", autofocus: true, on: { click: () => dialog.close() } }, t("cancel")), h("button", { type: "submit", value: "save" }, t("models.force"))),
  );
  const dialog = h("dialog", { "aria-labelledby": "refused" }, form);
  return opened(dialog, () => reason.value.trim());
}

function fallen(judgement) {
  const worse = judgement.labels.filter((one) => one.against);
  return worse.length > 0 && h("ul", { class: "fallen" }, worse.slice(0, 6).map((one) => h("li", {}, `${t("moved.fell")} ${label(one.label)} (${word("part", one.part)}): ${percent(one.old)} → ${percent(one.new)}`)));
}

const summary = (part) => `${t("model.judged.part", { part: word("part", part.name), count: part.documents })}: ${CHANGES.map((what) => `${word("change", what)} ${part.changes[what]}`).join(", ")}.`;

function events(listed) {
  if (!listed.length) return h("p", { class: "hint" }, t("models.events.none"));
  const rows = listed.slice(0, 20).map((one) => h("li", {}, h("time", { datetime: one.date }, moment(one.date)), ` ${word("event", one.what)} ${word("task", one.task)} ${one.instead_of} → ${one.version}`, one.forced && h("span", { class: "under" }, t("models.forced", { reason: one.forced }))));
  return h("details", { class: "events" }, h("summary", {}, t("models.events")), h("ul", {}, rows));
}

/** One version: scores by label, and gains and losses against the version that it was compared with. */
export async function version(main, id, { signal, caller }) {
  const [one, models] = await Promise.all([get(`/v1/models/${encodeURIComponent(id)}`, {}, signal), get("/v1/models", {}, signal)]);
  const again = () => version(main, id, { signal, caller });
  const facts = [["model.from", one.start], ["model.annotated", one.annotated], ["model.date", one.date], ["model.seconds", one.seconds && t("model.seconds.value", { minutes: (one.seconds / 60).toFixed(1) })]];
  put(
    main,
    h("p", {}, h("a", { href: address(["models"]) }, `← ${t("model.back")}`)),
    h("div", { class: "heading" }, h("h1", { tabindex: "-1" }, name(one)), one.serves && h("span", { class: "status is-agrees" }, `● ${t("models.serves")}`), verdict(one), actions(one, models, caller, again, signal)),
    h("dl", { class: "facts" }, facts.filter(([, value]) => value).map(([label, value]) => h("div", {}, h("dt", {}, t(label)), h("dd", {}, String(value))))),
    h("h2", {}, t("models.scores")),
    figures(one.scores, 9),
    judged(one.judgement),
    h("details", { open: !one.judgement }, h("summary", {}, t("model.labels")), one.labels.length ? labels(one.labels) : h("p", { class: "hint" }, t("model.labels.none"))),
  );
}

function labels(listed) {
  const rows = listed.map((one) => h("tr", {}, h("th", { scope: "row" }, label(one.label)), [one.f1, one.precision, one.recall].map((value) => h("td", { class: "figure" }, value === null ? "—" : percent(value))), h("td", { class: "figure" }, one.count ?? "—")));
  return table(t("model.labels"), [t("column.label"), "F1", t("column.precision"), t("column.recall"), t("column.items")], rows);
}

function judged(judgement) {
  if (!judgement) return h("p", { class: "hint" }, t("model.judgement.none"));
  const moved = judgement.labels.filter((one) => one.verdict !== "same" || one.against || one.label === "everything");
  const rows = moved.map((one) => h("tr", { class: `moved-${one.verdict}` }, h("th", { scope: "row" }, label(one.label)), h("td", {}, word("part", one.part)), h("td", { class: "figure" }, one.count), h("td", { class: "figure" }, percent(one.old)), h("td", { class: "figure" }, percent(one.new)), h("td", { class: "figure" }, `${signed(one.low)} … ${signed(one.high)}`), h("td", {}, h("span", { class: `moved is-${one.verdict}` }, word("moved", one.verdict)))));
  const heads = ["label", "part", "items", "before", "after", "range", "verdict"].map((head) => t(`column.${head}`));
  return [
    h("h2", {}, t("model.judgement", { version: judgement.against })),
    h("p", { class: "hint" }, `${moment(judgement.date)} · ${judgement.parts.map(summary).join(" ")}`),
    rows.length > 0 && table(t("model.judged.labels"), heads, rows),
    h("p", { class: "hint" }, t("model.judged.rest", { count: judgement.labels.length - moved.length })),
    h("h3", {}, t("model.judged.documents")),
    judgement.parts.map((part) => CHANGES.map((what) => changes(judgement, part, what))),
  ];
}

function changes(judgement, part, what) {
  const found = judgement.changes.filter((one) => one.part === part.name && one.what === what).slice(0, SHOWN);
  if (!found.length) return null;
  const byDocument = grouped(found);
  const listed = [...byDocument].map(([document, items]) => h("li", {}, h("b", {}, document), " ", items.map((one) => h("span", { class: "change" }, h("span", { class: "kind" }, label(one.label)), ` “${one.quote}” `, h("small", {}, `${one.start}–${one.end}`)))));
  const words = `${word("part", part.name)}: ${word("change", what)} ${part.changes[what]}`;
  return h("details", { class: `changes is-${what}`, open: part.name === "own" || found.length <= FEW }, h("summary", {}, words), part.changes[what] > found.length && h("p", { class: "hint" }, t("model.judged.listed", { shown: found.length, count: part.changes[what] })), h("ul", {}, listed));
}

function grouped(items) {
  const out = new Map();
  for (const one of items) out.set(one.document, [...(out.get(one.document) ?? []), one]);
  return out;
}

const signed = (value) => `${value < 0 ? "−" : "+"}${percent(Math.abs(value))}`;

/** A label of the models in the reader's words, where there are such, beside its name. */
function label(name) {
  const words = t(`label.${name}`);
  return words === `label.${name}` || words === name.replaceAll("_", " ") ? name : `${words} (${name})`;
}

function table(title, heads, rows) {
  return h("div", { class: "across", tabindex: "0", role: "group", "aria-label": title }, h("table", { class: "plain" }, h("caption", {}, title), h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))), h("tbody", {}, rows)));
}

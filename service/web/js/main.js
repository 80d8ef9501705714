// The frame around every page: heading, language, who is here, and which page the address asks for.

import { get, key, onKeyNeeded, setKey } from "./api.js";
import { show as showChart } from "./chart.js";
import { h, put } from "./dom.js";
import { show as showFindings } from "./findings.js";
import { declare, language, setLanguage, t, word } from "./i18n.js";
import { show as showList } from "./list.js";
import { show as showModels } from "./models.js";
import { show as showReport } from "./report.js";
import { ask } from "./settings.js";
import { place } from "./state.js";
import { attempt, toasts } from "./toast.js";

const PAGES = { "": showList, report: showReport, findings: showFindings, chart: showChart, models: showModels };
const NAVIGATION = [["", "nav.reports"], ["findings", "nav.findings"], ["chart", "nav.chart"], ["models", "nav.models"]];
const main = h("main", { id: "main", tabindex: "-1" });
const header = h("header", { class: "top" });
let leaving = new AbortController();
let caller = null;

/** Draw the page that the address asks for. `moved` tells that the reader went there: then the focus follows. */
async function draw(moved) {
  leaving.abort();
  leaving = new AbortController();
  const { parts, params } = place();
  const name = parts[0] in PAGES ? parts[0] : "";
  frame(name);
  main.className = `page page-${name || "list"}`;
  put(main, h("p", { class: "waiting" }, t("loading")));
  const signal = leaving.signal;
  await attempt(() => PAGES[name](main, { parts: parts.slice(1), params, signal, caller }));
  if (signal.aborted) return;
  main.querySelector(":scope > .waiting")?.replaceChildren(t("error.page"));
  const heading = main.querySelector("h1");
  document.title = heading ? `${heading.textContent} · ${t("name")}` : t("name");
  if (moved) (heading ?? main).focus({ preventScroll: true });
}

function frame(name) {
  const links = NAVIGATION.map(([path, words]) =>
    h("a", { href: `#/${path}`, "aria-current": path === name ? "page" : null }, t(words)),
  );
  const other = language() === "zh" ? "en" : "zh";
  const change = h(
    "button",
    { type: "button", class: "quiet", lang: other === "zh" ? "zh-CN" : "en", id: "language", on: { click: () => turn(other) } },
    other === "zh" ? "中文" : "English",
  );
  const who = h("button", { type: "button", class: "quiet", id: "who", on: { click: () => settle() } }, whoWords());
  put(
    header,
    h("a", { class: "skip", href: "#main", on: { click: skip } }, t("skip")),
    h("a", { class: "brand", href: "#/", "aria-label": t("home") }, h("span", { class: "mark", "aria-hidden": "true" }), t("name")),
    h("nav", { "aria-label": t("nav") }, links),
    h("div", { class: "tools" }, who, change),
  );
}

function whoWords() {
  if (caller?.name && caller.keys_required) return `${caller.name} · ${word("role", caller.role)}`;
  return t("settings");
}

function skip(event) {
  event.preventDefault();
  main.focus();
}

async function turn(name) {
  setLanguage(name);
  await draw(false);
  document.getElementById("language").focus();
}

async function settle() {
  const changed = await ask(caller?.keys_required ?? key() !== "");
  if (changed) {
    await introduce();
    await draw(false);
  }
}

async function introduce() {
  caller = (await attempt(() => get("/v1/me"))) ?? null;
}

let asking = null;
onKeyNeeded(async (used) => {
  if (key() !== used) return true;
  asking ??= ask(true, used ? t("key.refused") : t("key.needed")).finally(() => {
    asking = null;
  });
  const given = await asking;
  if (!given) setKey("");
  return given && key() !== "";
});

declare();
document.body.append(header, main, toasts());
addEventListener("hashchange", () => draw(true));
// A drop beside the drop zone would leave the page for the file.
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
await introduce();
await draw(false);

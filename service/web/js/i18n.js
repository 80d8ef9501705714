// Words in two languages. The choice is remembered; until there is one, the browser's language decides.

import { en } from "./en.js";
import { zh } from "./zh.js";

const KEY = "nianbao.language";
const WORDS = { zh, en };
let current = chosen();

function chosen() {
  const kept = localStorage.getItem(KEY);
  if (kept in WORDS) return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function language() {
  return current;
}

export function setLanguage(name) {
  current = name;
  localStorage.setItem(KEY, name);
  declare();
}

/** Tell the browser which language the page is in: fonts, hyphens and screen readers go by it. */
export function declare() {
  document.documentElement.lang = current === "zh" ? "zh-CN" : "en";
}

/** The words for a key; `{name}` in them is replaced. A key without words is shown as it is. */
export function t(key, values = {}) {
  const words = WORDS[current][key] ?? key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** A word of the service (status, kind, decision …), or the word itself where there is no translation. */
export function word(group, name) {
  return WORDS[current][`${group}.${name}`] ?? String(name ?? "");
}

/** The message of a finding or a warning. */
export function message(of) {
  return current === "zh" ? of.message : of.message_en;
}

/** The label of a form's row or column; English readers see English, and the law's words beside it. */
export function label(of) {
  return current === "zh" ? of.text : of.en;
}

export function moment(iso) {
  return new Date(iso).toLocaleString(current === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "short" });
}

export function number(value) {
  if (value === null || value === undefined) return "—";
  return Number.isInteger(value) ? String(value) : String(Math.round(value * 1e6) / 1e6);
}

// Short messages at the page's lower edge, read out by screen readers.

import { h } from "./dom.js";
import { t } from "./i18n.js";

let region = null;

/** Where messages appear; made once. */
export function toasts() {
  region ??= h("div", { class: "toasts", role: "status", "aria-live": "polite" });
  return region;
}

/** Say something. `action` is {label, run}; `kind` is "error" for what went wrong, which stays until it is closed. */
export function say(words, { kind = "", action = null } = {}) {
  const close = () => made.remove();
  const made = h("div", { class: `toast ${kind}` }, h("span", {}, words));
  if (action) {
    made.append(h("button", { type: "button", on: { click: () => { close(); action.run(); } } }, action.label));
  }
  made.append(h("button", { type: "button", class: "quiet", "aria-label": t("close"), on: { click: close } }, "×"));
  const others = [...toasts().children];
  for (const old of others.slice(0, Math.max(0, others.length - 2))) old.remove();
  for (const old of others) if (!old.classList.contains("error")) old.remove();
  toasts().append(made);
  if (kind !== "error") setTimeout(close, 8000);
}

/** Do something that may be refused; the refusal is said. Answers undefined then. */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    if (error.name !== "AbortError") say(error.message, { kind: "error" });
    return undefined;
  }
}

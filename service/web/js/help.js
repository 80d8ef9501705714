// The keys, in a dialog.

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { opened } from "./settings.js";

const KEYS = [["j", "k", "help.move"], ["y", "help.confirm"], ["n", "help.dismiss"], ["e", "help.correct"], ["u", "help.undo"], ["←", "→", "↑", "↓", "help.cells"], ["?", "help.help"]];

export function help() {
  const rows = KEYS.map((line) => h("div", {}, h("dt", {}, line.slice(0, -1).map((name) => h("kbd", {}, name))), h("dd", {}, t(line.at(-1)))));
  const close = h("button", { type: "button", class: "primary", on: { click: () => dialog.close() } }, t("close"));
  const dialog = h("dialog", { "aria-labelledby": "help-title" }, h("h2", { id: "help-title" }, t("help.title")), h("dl", { class: "keys" }, rows), h("p", { class: "hint" }, t("help.off")), h("div", { class: "actions" }, close));
  return opened(dialog, () => null);
}

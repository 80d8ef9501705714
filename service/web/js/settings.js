// The dialog of this browser's settings: how decisions are signed, single-key commands, the API key.

import { key, setKey } from "./api.js";
import { field, h } from "./dom.js";
import { t } from "./i18n.js";
import { author, shortcuts } from "./state.js";

/** Ask for the settings. Answers true where they were saved. `why` is said first. */
export function ask(withKey, why = "") {
  const name = h("input", { name: "author", autocomplete: "name", maxlength: "100", value: author.get() });
  const secret = h("input", { name: "key", type: "password", autocomplete: "off", value: key(), placeholder: "nb_…" });
  const keys = h("input", { type: "checkbox", name: "shortcuts", checked: shortcuts.get() });
  const form = h(
    "form",
    { method: "dialog" },
    h("h2", { id: "settings-title" }, t("settings")),
    why && h("p", { class: "notice", role: "alert" }, why),
    withKey && field(t("key"), secret),
    withKey && h("p", { class: "hint" }, t("key.hint")),
    field(t("author"), name),
    h("p", { class: "hint" }, t("author.hint")),
    h("label", { class: "check" }, keys, t("shortcuts.on")),
    h(
      "div",
      { class: "actions" },
      h("button", { type: "submit", class: "primary", value: "save" }, t("save")),
      h("button", { type: "button", on: { click: () => dialog.close() } }, t("cancel")),
    ),
  );
  const dialog = h("dialog", { "aria-labelledby": "settings-title" }, form);
  return opened(dialog, () => {
    author.set(name.value.trim());
    shortcuts.set(keys.checked);
    if (withKey) setKey(secret.value.trim());
    return true;
  });
}

/** Show a dialog until it closes. `saved` makes the answer where it was saved; else the answer is null. */
export function opened(dialog, saved) {
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "save" ? saved() : null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Ask once more before something that cannot be undone. Answers null where it is not wanted. */
export function sure(title, words, action) {
  const form = h("form", { method: "dialog" }, h("h2", { id: "sure" }, title), h("p", {}, words), h("div", { class: "actions" }, h("button", { type: "button", autofocus: true, on: { click: () => dialog.close() } }, t("cancel")), h("button", { type: "submit", value: "save" }, action)));
  const dialog = h("dialog", { "aria-labelledby": "sure" }, form);
  return opened(dialog, () => true);
}

// The outline: sections as they are nested, each a way into the text.

import { h } from "./dom.js";
import { t } from "./i18n.js";

/** A list of sections; `go(place)` is called with a heading. Sections without a heading show what stands below them. */
export function outline(sections, go) {
  const items = sections.map((section) => {
    const words = [section.ordinal, section.title].filter(Boolean).join(section.level === 2 ? " " : "、");
    const shown = section.heading
      ? h("button", { type: "button", class: `level-${Math.min(section.level, 4)}`, title: section.heading.text, on: { click: () => go(section.heading) } }, words || section.heading.text)
      : words && h("span", { class: "hint" }, words);
    return h("li", {}, shown, section.children.length > 0 && outline(section.children, go));
  });
  return items.length ? h("ul", { class: "outline", lang: "zh-CN" }, items) : h("p", { class: "hint" }, t("outline.none"));
}

// The findings of a report: what does not agree first, then what could not be checked, what agrees folded away.

import { h, keepingFocus, put } from "./dom.js";
import { message, t, word } from "./i18n.js";

const ORDER = ["mismatch", "unverifiable", "match"];

export class Panel {
  /** `choose(kind, id)` is called with a finding or a claim. */
  constructor(model, choose) {
    this.model = model;
    this.choose = choose;
    this.shown = new Set(ORDER);
    this.onlyOpen = false;
    this.isClaims = false;
    this.current = "";
    this.list = h("div", { class: "list", tabindex: "0", role: "region", "aria-label": t("panel.list") });
    this.switches = h("div", { class: "switches" });
    this.element = h("div", { class: "panel" }, this.switches, this.list);
    this.draw();
  }

  draw() {
    const folded = this.list.querySelector("details")?.open ?? false;
    const { scrollTop } = this.list;
    keepingFocus(this.switches, () => this.drawSwitches());
    keepingFocus(this.list, () => put(this.list, this.isClaims ? this.claims() : this.findings(folded)));
    this.list.scrollTop = scrollTop;
    this.mark();
  }

  drawSwitches() {
    const kinds = [[false, t("panel.findings"), this.model.findings.length], [true, t("panel.claims"), this.model.claims.length]];
    const pick = kinds.map(([isClaims, words, count]) =>
      toggle(this.isClaims === isClaims, `${words} ${count}`, () => { this.isClaims = isClaims; this.draw(); }, "tab"),
    );
    if (this.isClaims) {
      put(this.switches, h("div", { class: "group" }, pick));
      return;
    }
    const filters = ORDER.map((status) => {
      const count = this.model.findings.filter((one) => one.status === status).length;
      return toggle(this.shown.has(status), `${word("finding", status)} ${count}`, () => { flip(this.shown, status); this.draw(); }, `is-${status}`);
    });
    const open = toggle(this.onlyOpen, t("panel.open"), () => { this.onlyOpen = !this.onlyOpen; this.draw(); });
    put(this.switches, h("div", { class: "group" }, pick), h("div", { class: "chips", role: "group", "aria-label": t("filters") }, filters, open));
  }

  findings(folded) {
    const wanted = this.model.findings.filter((one) => this.shown.has(one.status) && (!this.onlyOpen || one.decision === "open"));
    const groups = ORDER.map((status) => [status, wanted.filter((one) => one.status === status)]).filter(([, some]) => some.length);
    if (!groups.length) return h("p", { class: "hint" }, t("panel.none"));
    return groups.map(([status, some]) => {
      const items = h("ul", { class: "items" }, some.map((one) => this.finding(one)));
      const heading = `${word("finding", status)} ${some.length}`;
      if (status !== "match") return h("section", {}, h("h2", {}, heading), items);
      const isOpen = folded || !groups.some(([name]) => name !== "match");
      return h("details", { open: isOpen }, h("summary", {}, heading), items);
    });
  }

  finding(one) {
    const decided = one.decision !== "open" && h("span", { class: `decision is-${one.decision}` }, word("decision", one.decision));
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: `item is-${one.status}`, "data-id": one.id, on: { click: () => this.choose("finding", one.id) } },
        h("span", { class: "line" }, h("span", { class: `sign is-${one.status}` }, h("span", { class: "hidden" }, word("finding", one.status))), h("span", { class: "kind" }, word("kind", one.kind)), decided, one.changed_since_review && h("span", { class: "decision is-changed" }, t("changed.short"))),
        h("span", { class: "words" }, message(one)),
      ),
    );
  }

  claims() {
    if (!this.model.claims.length) return h("p", { class: "hint" }, t("panel.claims.none"));
    return h(
      "ul",
      { class: "items" },
      this.model.claims.map((stored) => {
        const { claim } = stored;
        const about = claim.metrics.map((metric) => this.model.metricName(metric)).join(" · ");
        const standing = this.model.standing(this.model.ofClaim.get(claim.id));
        const [before, surface, after] = this.model.around(claim.start, claim.end, 12);
        return h(
          "li",
          {},
          h(
            "button",
            { type: "button", class: "item", "data-id": stored.id, on: { click: () => this.choose("claim", claim.id) } },
            h("span", { class: "line" }, standing && h("span", { class: `sign is-${standing}` }, h("span", { class: "hidden" }, word("finding", standing))), h("span", { class: "kind" }, word("claim", claim.kind)), about && h("span", { class: "about" }, about), stored.correction && h("span", { class: "decision is-corrected" }, t("corrected"))),
            h("span", { class: "words", lang: "zh-CN" }, before, h("b", {}, surface), after),
          ),
        );
      }),
    );
  }

  /** Mark what is chosen, and bring it into view. */
  mark(id = this.current, scroll = false) {
    this.current = id;
    for (const item of this.list.querySelectorAll("[data-id]")) {
      const isCurrent = item.dataset.id === id;
      if (isCurrent) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
      if (isCurrent && scroll) {
        const details = item.closest("details");
        if (details) details.open = true;
        item.scrollIntoView({ block: "nearest" });
      }
    }
  }

  /** The item before or behind the one that is chosen; folded ones are left out. */
  step(by) {
    const items = [...this.list.querySelectorAll("[data-id]")].filter((item) => !item.closest("details:not([open])"));
    const at = items.findIndex((item) => item.dataset.id === this.current);
    const to = items[at < 0 ? (by > 0 ? 0 : items.length - 1) : at + by];
    to?.click();
    to?.focus({ preventScroll: true });
    to?.scrollIntoView({ block: "nearest" });
  }
}

function toggle(isOn, words, work, name = "") {
  return h("button", { type: "button", class: `chip ${name}`, "aria-pressed": String(isOn), on: { click: work } }, words);
}

function flip(set, value) {
  if (!set.delete(value)) set.add(value);
}

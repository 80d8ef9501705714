// The report's text as it was given, with headings, cells and claims marked. Long texts are cut into chunks that the
// browser draws only when they come into view.

import { h } from "./dom.js";
import { chunkStarts, segments } from "./segments.js";

const BREAKS = /\r\n?/g;

export class TextView {
  /** `choose(kind, id)` is called when the reader points at a claim or cell. */
  constructor(model, choose) {
    this.model = model;
    this.pieces = [];
    this.lit = [];
    this.element = h("div", { class: "text", lang: "zh-CN", on: { click: (event) => pointed(event, choose) } });
    this.draw();
  }

  draw() {
    const { text } = this.model.offsets;
    const starts = chunkStarts(text);
    const pieces = segments(this.marks(), text.length, starts);
    let next = 0;
    let chunk = null;
    const chunks = [];
    for (const piece of pieces) {
      if (piece.start >= starts[next] && piece.end > piece.start) {
        chunk = h("div", { class: "chunk" });
        chunks.push(chunk);
        next += 1;
      }
      if (chunk === null) continue;
      const shown = text.slice(piece.start, piece.end).replace(BREAKS, "\n");
      if (!piece.marks.length) {
        chunk.append(shown);
        continue;
      }
      const element = h("span", {}, shown);
      chunk.append(element);
      this.pieces.push({ ...piece, element });
    }
    this.element.append(...chunks);
    this.restyle();
  }

  /** Every mark in UTF-16 units. Places that findings point at are marks too, so that they can be lit. */
  marks() {
    const { extraction, offsets, findings } = this.model;
    const out = [];
    const add = (kind, place, id) => {
      if (place.start !== null) out.push({ kind, id, start: offsets.unit(place.start), end: offsets.unit(place.end) });
    };
    const todo = [...extraction.sections];
    while (todo.length) {
      const section = todo.pop();
      todo.push(...section.children);
      if (section.heading) add(`heading level-${Math.min(section.level, 4)}`, section.heading);
    }
    for (const cell of this.model.cells.values()) add("cell", cell, cell.id);
    for (const table of extraction.tables) for (const indicator of table.indicators) add("cell", indicator, "");
    for (const { claim } of this.model.claims) add("claim", claim, claim.id);
    for (const finding of findings) for (const place of finding.evidence) add("evidence", place);
    return out;
  }

  /** Give each piece the signs of its marks; again after a decision or a correction. */
  restyle() {
    for (const piece of this.pieces) {
      const names = [];
      for (const mark of piece.marks) {
        if (mark.kind === "evidence") continue;
        names.push(...mark.kind.split(" "));
        if (!mark.id) continue;
        const isFirst = piece.first.includes(mark);
        names.push(...this.signs(mark), isFirst ? "first" : "");
        piece.element.dataset[mark.kind] = mark.id;
      }
      piece.element.className = names.filter(Boolean).join(" ");
    }
    this.relight();
  }

  signs(mark) {
    const { model } = this;
    if (mark.kind === "claim") {
      const standing = model.standing(model.ofClaim.get(mark.id));
      return [standing && `is-${standing}`, model.claimOf.get(mark.id)?.correction && "is-corrected"];
    }
    const cell = model.cells.get(mark.id);
    return [cell?.correction && "is-corrected", model.standing(model.ofCell.get(mark.id)) === "mismatch" && "is-mismatch"];
  }

  /** Light these places: [{start, end, as}], in code points. The first is scrolled into view. */
  light(places) {
    const { offsets } = this.model;
    this.lit = places.map((place) => ({ start: offsets.unit(place.start), end: offsets.unit(place.end), as: place.as }));
    this.relight();
    this.show();
  }

  /** Scroll the first place that is lit into view. */
  show() {
    if (this.lit.length) this.scrollTo(this.lit[0].start, this.lit[0].end);
  }

  relight() {
    for (const element of this.element.querySelectorAll(".lit, .lit-claim, .lit-cell")) {
      element.classList.remove("lit", "lit-claim", "lit-cell");
    }
    for (const place of this.lit) {
      for (const piece of this.within(place.start, place.end)) piece.element.classList.add(place.as);
    }
  }

  /** Scroll a place, in code points, into view. */
  goTo(start, end) {
    const { offsets } = this.model;
    this.scrollTo(offsets.unit(start), offsets.unit(end));
  }

  /** What is far away is drawn only when it comes into view and may shift then, so we look again. */
  scrollTo(start, end) {
    const [piece] = this.within(start, end);
    if (!piece) return;
    const look = () => piece.element.scrollIntoView({ block: "center", inline: "nearest" });
    look();
    requestAnimationFrame(() => {
      look();
      requestAnimationFrame(look);
    });
  }

  within(start, end) {
    return this.pieces.filter((piece) => (piece.start >= start && piece.end <= end && piece.end > piece.start) || (start === end && piece.start === start));
  }
}

function pointed(event, choose) {
  const at = event.target.closest("[data-claim], [data-cell]");
  if (!at || String(getSelection())) return;
  if (at.dataset.claim) choose("claim", at.dataset.claim);
  else choose("cell", at.dataset.cell);
}

// Elements made by hand. Text only ever becomes text nodes: nothing of a report is parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** An element. `props`: `on` holds listeners, `class` and all others are attributes; true is an empty one, false none. */
export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

/** Replace what an element holds. */
export function put(element, ...children) {
  element.replaceChildren(...flat(children));
  return element;
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === "value") {
      element.value = value;
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...flat(children));
  return element;
}

function flat(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** Is the reader typing? Then single keys are text, not commands. */
export function isTyping(event) {
  return Boolean(event.target.closest?.("input, textarea, select, dialog"));
}

/** A labelled field. */
export function field(label, control, extra = "") {
  return h("label", { class: `field ${extra}` }, h("span", {}, label), control);
}

/** A list to choose from: pairs of value and words. */
export function choice(pairs, value, props = {}) {
  const made = h("select", props, pairs.map(([key, words]) => h("option", { value: key }, words)));
  made.value = value ?? "";
  return made;
}

/** Wait until typing has paused. */
export function later(work, milliseconds = 250) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), milliseconds);
  };
}

/** Draw a part anew and give the focus back to the control that had it, by its place among the others. */
export function keepingFocus(part, draw) {
  const controls = () => [...part.querySelectorAll("button, input, select, textarea, a")];
  const at = controls().indexOf(document.activeElement);
  draw();
  if (at >= 0) controls()[at]?.focus({ preventScroll: true });
}

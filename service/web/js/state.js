// What is remembered in this browser: never anything of a report.

const AUTHOR = "nianbao.author";
const SHORTCUTS = "nianbao.shortcuts";

export const author = {
  get: () => localStorage.getItem(AUTHOR) ?? "",
  set: (name) => localStorage.setItem(AUTHOR, name.slice(0, 100)),
};

/** Single-key commands can be turned off: they get in the way of speech input. */
export const shortcuts = {
  get: () => localStorage.getItem(SHORTCUTS) !== "off",
  set: (on) => localStorage.setItem(SHORTCUTS, on ? "on" : "off"),
};

/** The part of the address behind `#`: `#/report/ID?finding=…`. */
export function place() {
  const [path, search = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { parts: path.split("/").filter(Boolean).map(decodeURIComponent), params: Object.fromEntries(new URLSearchParams(search)) };
}

/** Note the page's filters or choice in the address, without leaving the page. */
export function remember(parts, params) {
  history.replaceState(null, "", address(parts, params));
}

export function address(parts, params = {}) {
  const given = Object.entries(params).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const search = given.length ? `?${new URLSearchParams(given)}` : "";
  return `#/${parts.map(encodeURIComponent).join("/")}${search}`;
}

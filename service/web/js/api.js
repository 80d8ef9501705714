// Speaking with the service. Errors are problem details with words in both languages.

import { language, t } from "./i18n.js";

const KEY = "nianbao.key";
let askForKey = async () => false;

/** Who asks the reader for a key when the service wants one; answers whether there is a new one. */
export function onKeyNeeded(ask) {
  askForKey = ask;
}

export function key() {
  return sessionStorage.getItem(KEY) ?? "";
}

export function setKey(value) {
  if (value) sessionStorage.setItem(KEY, value);
  else sessionStorage.removeItem(KEY);
}

/** What the service refused, in the reader's language. */
export class Refusal extends Error {
  constructor(status, code, message, retryAfter = 0, problem = {}) {
    super(message);
    this.problem = problem;
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** The response to a request that went well. Throws Refusal. */
export async function call(path, { method = "GET", params = {}, body, type, headers = {}, signal } = {}) {
  const address = `${path}${query(params)}`;
  for (;;) {
    const sent = { ...headers };
    if (type) sent["Content-Type"] = type;
    const used = key();
    if (used) sent.Authorization = `Bearer ${used}`;
    let response;
    try {
      response = await fetch(address, { method, body, headers: sent, signal });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Refusal(0, "unreachable", t("error.unreachable"));
    }
    if (response.ok) return response;
    if (response.status === 401 && (await askForKey(used))) continue;
    throw await refusal(response);
  }
}

async function refusal(response) {
  let problem = {};
  try {
    problem = await response.json();
  } catch {
    // a proxy's page, not a problem: the status says what there is to say
  }
  const told = language() === "zh" ? problem.detail_zh : problem.detail;
  const wait = Number(response.headers.get("Retry-After")) || 0;
  return new Refusal(response.status, problem.code ?? "", told ?? t("error.status", { status: response.status }), wait, problem);
}

export async function get(path, params, signal) {
  return (await call(path, { params, signal })).json();
}

export async function send(method, path, data) {
  const made = data === undefined ? { method } : { method, body: JSON.stringify(data), type: "application/json" };
  return (await call(path, made)).json();
}

/** The text of a report, every character where it was: also a byte order mark at its beginning. */
export async function getText(path, signal) {
  const response = await call(path, { signal });
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await response.arrayBuffer());
}

/** `?a=b` of what is given; nothing for what is empty. */
export function query(params) {
  const given = Object.entries(params ?? {}).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  return given.length ? `?${new URLSearchParams(given)}` : "";
}

export const documentPath = (id) => `/v1/documents/${encodeURIComponent(id)}`;
export const findingPath = (id) => `/v1/findings/${encodeURIComponent(id)}`;

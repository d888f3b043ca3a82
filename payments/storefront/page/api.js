// The doors of the shop. What may be repeated is repeated while the network blinks; who we are is proven once and renewed.

import { initData, isTelegram } from "./telegram.js";

const base = document.documentElement.dataset.api;
const SLOT = `otklik-shop:${base}`;
const WAITS = [0, 400, 1200, 3000, 6000]; // milliseconds before each try
const ANSWER_MS = 12_000;
let loggingIn = null;

export const stored = {
  get(name) { try { return JSON.parse(localStorage.getItem(`${SLOT}:${name}`)); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(`${SLOT}:${name}`, JSON.stringify(value)); } catch { /* full or forbidden: the server remembers */ } },
  drop(name) { try { localStorage.removeItem(`${SLOT}:${name}`); } catch { /* never kept */ } },
};

/** `kind` tells what to do: offline (try again), refused (say why), expired (open anew), moved (ask), missing. */
export class Trouble extends Error {
  constructor(kind, message, body = {}) { super(message); this.kind = kind; this.body = body; }
}

const guest = new URLSearchParams(location.hash.slice(1)).get("guest");
if (guest) history.replaceState(history.state, "", location.pathname + location.search); // not left for who looks over the shoulder

let session = null;
// In Telegram another account may open the same page on the same device: there the session lives no longer than the page.
if (!isTelegram) session = guest ? null : stored.get("session");

export const me = () => session;

async function logIn() {
  const proof = isTelegram ? { init_data: initData } : { guest: guest || "", token: session?.token || "" };
  session = await once("POST", "session", proof, {});
  if (!isTelegram) stored.set("session", session);
  return session;
}

/** One login at a time, however many ask. */
export const ensureSession = (anew = false) => {
  if (session && !anew) return Promise.resolve(session);
  loggingIn ||= logIn().finally(() => { loggingIn = null; });
  return loggingIn;
};

async function once(method, path, body, headers) {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), ANSWER_MS);
  let response;
  try {
    response = await fetch(`${base}${path}`, {
      method, headers: { ...(body ? { "Content-Type": "application/json" } : {}), ...headers },
      body: body ? JSON.stringify(body) : undefined, signal: control.signal, credentials: "omit",
    });
  } catch {
    throw new Trouble("offline", "Нет связи. Проверьте интернет.");
  } finally {
    clearTimeout(timer);
  }
  if (response.status === 204 || response.status === 304) return null;
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw troubleOf(response.status, answer);
}

function troubleOf(status, answer) {
  const words = answer.error?.message || "Не получилось. Попробуйте ещё раз.";
  if (status === 401) return new Trouble("expired", words, answer);
  if (status === 409) return new Trouble("moved", words, answer);
  if (status === 404) return new Trouble("missing", words, answer);
  if (status === 429 || status >= 500) return new Trouble("offline", status === 429 ? words : "Кофейня не отвечает. Пробуем ещё.", answer);
  return new Trouble("refused", words, answer);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks until an answer comes; only for what does no harm when done twice. */
export async function ask(method, path, body = null, { isPublic = false, tries = WAITS.length, onWait = () => {} } = {}) {
  for (let attempt = 0, renewed = false; ; attempt += 1) {
    try {
      const headers = isPublic ? {} : { Authorization: `Bearer ${(await ensureSession()).token}` };
      return await once(method, path, body, headers);
    } catch (trouble) {
      if (trouble.kind === "expired" && !isPublic && !renewed) { renewed = true; await ensureSession(true); continue; }
      if (trouble.kind !== "offline" || attempt + 1 >= tries) throw trouble;
      onWait(trouble);
      await pause(WAITS[attempt + 1]);
    }
  }
}

/** A key under which the same wish is the same order, however often it is sent. */
export const newKey = () => crypto.randomUUID?.() || [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// The cart: shown at once, told to the server as "so many of this, made so" until it has heard. Said twice it is the same, so a
// blinking network neither loses nor doubles a cup. The server's copy outlives this page.

import { ask, me, ensureSession, stored } from "./api.js";
import { announce } from "./dom.js";
import { keyOf, product, shop, unitPrice } from "./menu.js";

const place = () => shop.place.code;
const slot = () => `unsaid:${place()}`;
const RETRY_MS = 5000;

let lines = new Map(); // key -> { product, options, quantity }
let unsaid = {}; // key -> the line as the guest wants it and the server does not know yet
let telling = null;
let timer = 0;
const watchers = [];

export const onChange = (watcher) => watchers.push(watcher);
const changed = () => watchers.forEach((watcher) => watcher());

export const all = () => [...lines.values()];
export const quantity = () => all().reduce((sum, line) => sum + line.quantity, 0);
export const countOf = (code, options) => lines.get(keyOf(code, options))?.quantity || 0;
export const counts = () => all().reduce((found, line) => found.set(line.product, (found.get(line.product) || 0) + line.quantity), new Map());
export const isTold = () => Object.keys(unsaid).length === 0;

export const subtotal = () => all().reduce((sum, line) => {
  const item = product(line.product);
  return sum + (item ? unitPrice(item, line.options) * line.quantity : 0);
}, 0);

/** Wants so many of this; nobody waits for the server. */
export function want(code, options, number) {
  const key = keyOf(code, options);
  const line = { product: code, options: [...options].sort(), quantity: Math.max(0, Math.min(20, number)) };
  unsaid[key] = line;
  stored.set(slot(), unsaid);
  put(key, line);
  changed();
  tell().catch(() => {});
}

function put(key, line) {
  if (line.quantity) lines.set(key, line);
  else lines.delete(key);
}

/** Takes over what the server holds, under what it has not heard yet. */
export function adopt(cart) {
  lines = new Map(cart.lines.map((line) => [keyOf(line.product, line.options), { product: line.product, options: line.options, quantity: line.quantity }]));
  Object.entries(unsaid).forEach(([key, line]) => put(key, line));
  changed();
}

export function begin() {
  unsaid = stored.get(slot()) || {};
  Object.entries(unsaid).forEach(([key, line]) => put(key, line));
  addEventListener("online", () => tell().catch(() => {}));
  changed();
}

/** Tells the server what it has not heard; resolves when it has heard all. One teller at a time. */
export function tell() {
  telling ||= tellAll().finally(() => { telling = null; });
  return telling;
}

async function tellAll() {
  clearTimeout(timer);
  while (true) {
    const [key] = Object.keys(unsaid);
    if (!key) return isOffline(false);
    const line = unsaid[key];
    try {
      const cart = await ask("PUT", "cart/line", { place: place(), ...line }, { onWait: () => isOffline(true) });
      heard(key, line);
      if (isTold()) adopt(cart);
    } catch (trouble) {
      if (trouble.kind === "offline") {
        timer = setTimeout(() => tell().catch(() => {}), RETRY_MS);
        throw trouble;
      }
      heard(key, line);
      announce(trouble.message, { isTrouble: true });
      if (trouble.kind !== "expired") await load();
      else throw trouble;
    }
  }
}

function heard(key, line) {
  if (unsaid[key] === line) delete unsaid[key]; // else it was changed again meanwhile
  stored.set(slot(), unsaid);
}

export async function load() {
  const known = await ask("GET", `me?place=${encodeURIComponent(place())}`);
  adopt(known.cart);
  return known;
}

/** The order is placed: the server has emptied its copy. */
export function forget() {
  lines = new Map();
  unsaid = {};
  stored.drop(slot());
  changed();
}

function isOffline(is) {
  document.getElementById("offline").hidden = !is;
}

export { ensureSession, me };

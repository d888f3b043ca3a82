// Small words for the page: elements, money, times, and what a screen reader is told.

export const find = (id) => document.getElementById(id);

/** el("p", { class: "x", onclick: f }, "words", otherElement): words are always words, never markup. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  if (tag === "button") node.type = tag;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (["value", "checked", "disabled", "hidden", "selected"].includes(name)) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const ICONS = {
  minus: "M5 12h14", plus: "M12 5v14M5 12h14", close: "M6 6l12 12M18 6L6 18", back: "M15 5l-7 7 7 7", again: "M4 12a8 8 0 1 1 2.5 5.8M4 18v-4h4",
  heart: "M12 20s-7.5-4.6-7.5-10A4.3 4.3 0 0 1 12 7.3 4.3 4.3 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10z",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function money(kopecks) {
  const roubles = new Intl.NumberFormat("ru-RU", { minimumFractionDigits: kopecks % 100 ? 2 : 0, maximumFractionDigits: 2 });
  return `${roubles.format(kopecks / 100).replace("-", "−")}\u00a0₽`;
}

export function plural(number, one, few, many) {
  const [tens, ones] = [number % 100, number % 10];
  if (tens > 10 && tens < 20) return many;
  return ones === 1 ? one : ones > 1 && ones < 5 ? few : many;
}

const zoned = (zone, options) => new Intl.DateTimeFormat("ru-RU", { timeZone: zone, ...options });
export const clock = (at, zone) => zoned(zone, { hour: "2-digit", minute: "2-digit" }).format(new Date(at));

export function day(at, zone, now = new Date()) {
  const of = (moment) => zoned(zone, { year: "numeric", month: "2-digit", day: "2-digit" }).format(moment);
  if (of(new Date(at)) === of(now)) return "сегодня";
  if (of(new Date(at)) === of(new Date(now.getTime() + 86_400_000))) return "завтра";
  return zoned(zone, { day: "numeric", month: "long" }).format(new Date(at));
}

let clearing = 0;

/** Tells what happened: seen for a moment, and read out. */
export function announce(text, { isTrouble = false } = {}) {
  const toast = find("toast");
  // A dialog makes the rest of the page inert and mute: the words go where the reader is.
  (document.querySelector("dialog[open]") || document.body).append(toast);
  toast.className = isTrouble ? "toast trouble" : "toast";
  toast.textContent = "";
  requestAnimationFrame(() => { toast.textContent = text; });
  clearTimeout(clearing);
  clearing = setTimeout(() => { toast.textContent = ""; }, 3500);
}

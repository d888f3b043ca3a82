// Small words for building the page. Text goes in as text, never as HTML.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export const find = (id) => document.getElementById(id);

export function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

const COLOURS = ["#e17076", "#7bc862", "#65aadd", "#a695e7", "#ee7aae", "#6ec9cb", "#d79a4f"];

export function paintAvatar(element, id, name) {
  element.style.background = COLOURS[Math.abs(id) % COLOURS.length];
  element.textContent = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word)).slice(0, 2).map((word) => word[0] || "").join("").toUpperCase();
}

export const clockOf = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString("ru", { hour: "2-digit", minute: "2-digit" });

export function dayOf(seconds, now) {
  const day = new Date(seconds * 1000), today = new Date(now * 1000);
  const apart = Math.round((new Date(today.toDateString()) - new Date(day.toDateString())) / 86400000);
  if (apart === 0) return "Сегодня";
  if (apart === 1) return "Вчера";
  return day.toLocaleDateString("ru", { day: "numeric", month: "long" });
}

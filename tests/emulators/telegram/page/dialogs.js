// Questions in a window: a form, a menu, an alert.

import { find, make } from "./dom.js";

const dialog = find("dialog");

function open(className, ...children) {
  dialog.className = className;
  dialog.replaceChildren(...children);
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }));
}

dialog.addEventListener("click", (event) => event.target === dialog && dialog.close(""));

export async function askForm(title, fields, done = "Готово") {
  const inputs = fields.map(([name, label, value, more]) => {
    const input = make("input", { name, autocomplete: "off", ...more });
    input.value = value;
    return [name, input, make("label", {}, label, input)];
  });
  const form = make("form", { method: "dialog" },
    make("h2", {}, title), ...inputs.map(([, , label]) => label),
    make("div", { class: "buttons" },
      make("button", { type: "button", onclick: () => dialog.close("") }, "Отмена"),
      make("button", { class: "primary", value: "ok" }, done)));
  dialog.returnValue = "";
  const answer = await open("", form);
  return answer === "ok" ? Object.fromEntries(inputs.map(([name, input]) => [name, input.value.trim()])) : null;
}

export async function chooseFrom(items) {
  const menu = make("menu", {}, ...items.map(([key, label, sign, className]) =>
    make("li", {}, make("button", { type: "button", class: className, onclick: () => dialog.close(key) },
      make("span", { "aria-hidden": "true" }, sign), label))));
  dialog.returnValue = "";
  return open("", menu);
}

export const tell = (text) => open("", make("form", { method: "dialog" },
  make("div", { class: "text" }, text),
  make("div", { class: "buttons" }, make("button", { class: "primary" }, "Понятно"))));

let toastTimer = 0;

export function toast(text) {
  const element = find("toast");
  element.textContent = text;
  element.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { element.hidden = true; }, 3500);
}

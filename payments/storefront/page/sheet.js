// One product: what it is, what can be chosen of it, how many. A dialog: the keyboard stays inside, Escape leaves.

import * as cart from "./cart.js";
import * as favourites from "./favourites.js";
import { announce, el, find, icon, money } from "./dom.js";
import { namesOf, photo, product, unitPrice, usual } from "./menu.js";
import { haptic } from "./telegram.js";

const sheet = find("sheet");
let at = null; // { item, options: Set, quantity, editing }
let opener = null;

/** Opens a product; `editing` is the cart's line that is being made in another way. */
export function open(code, editing = null) {
  const item = product(code);
  if (!item || sheet.open) return false;
  opener = document.activeElement;
  at = { item, options: new Set(editing ? editing.options : usual(item) || defaultsOf(item)), quantity: editing?.quantity || 1, editing };
  draw();
  document.body.classList.add("locked");
  sheet.showModal();
  find("sheet-title").focus();
  return true;
}

const defaultsOf = (item) => item.groups.flatMap((group) => group.options.filter((option) => option.usual && option.left !== 0)
  .slice(0, group.most).map((option) => `${group.code}:${option.code}`));

export const isOpen = () => sheet.open;
export const close = () => sheet.open && sheet.close();

export function begin(onClose) {
  sheet.addEventListener("close", () => {
    document.body.classList.remove("locked");
    if (opener?.isConnected) opener.focus();
    at = null;
    onClose();
  });
  sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
}

// --- drawing -----------------------------------------------------------------------------------------------------------

function draw() {
  const { item } = at;
  const words = [item.details, item.hours && `подаём ${item.hours}`].filter(Boolean).join(" · ");
  const picture = photo(item, 800);
  sheet.replaceChildren(
    el("div", { class: "tools" }, item.can && heart(),
      el("button", { class: "round", "aria-label": "Закрыть", onclick: () => sheet.close() }, icon("close"))),
    el("div", { class: "scroll" },
      el("figure", {}, picture),
      el("div", { class: "body" },
        el("h2", { id: "sheet-title", tabindex: "-1" }, item.name),
        words && el("p", { class: "muted" }, words),
        item.description && el("p", {}, item.description),
        item.groups.map(groupOf))),
    item.can ? foot() : el("div", { class: "foot" }, el("button", { class: "main", disabled: true }, item.why)));
  redraw();
}

function heart() {
  const button = el("button", { class: "round heart", "aria-label": "В избранное", onclick: () => {
    const is = favourites.toggle(at.item.code, [...at.options]);
    haptic("tap");
    announce(is ? "Сохранили в избранном" : "Убрали из избранного");
    redraw();
  } }, icon("heart"));
  return button;
}

function groupOf(group) {
  const isOne = group.most === 1 && group.least === 1;
  const isShort = isOne && group.options.length <= 4 && group.options.every((option) => option.name.length <= 16);
  return el("fieldset", { class: "group", "data-group": group.code },
    el("legend", {}, group.name, el("small", {}, hintOf(group))),
    el("div", { class: isShort ? "pills" : "rows" }, group.options.map((option) => optionOf(group, option, isOne))));
}

function hintOf(group) {
  if (group.most === 1) return group.least ? "" : "по желанию";
  return group.least ? `от ${group.least} до ${group.most}` : `до ${group.most}`;
}

function optionOf(group, option, isOne) {
  const name = `${group.code}:${option.code}`;
  const price = option.left === 0 ? "закончился" : option.price ? `${option.price > 0 ? "+" : ""}${money(option.price)}` : "";
  const input = el("input", { type: isOne ? "radio" : "checkbox", name: group.code, value: name, checked: at.options.has(name), disabled: option.left === 0,
    onchange: () => choose(group, name, input.checked) });
  return el("label", {}, input, el("span", {}, option.name, price && el("small", {}, price)));
}

function choose(group, name, is) {
  const own = [...at.options].filter((other) => other.startsWith(`${group.code}:`));
  if (group.most === 1) own.forEach((other) => at.options.delete(other));
  if (is) at.options.add(name);
  else at.options.delete(name);
  haptic("choose");
  redraw();
}

function foot() {
  const less = el("button", { "aria-label": "Меньше", id: "less", onclick: () => count(-1) }, icon("minus"));
  const more = el("button", { "aria-label": "Больше", id: "more", onclick: () => count(1) }, icon("plus"));
  return el("div", { class: "foot" },
    el("div", { class: "step", role: "group", "aria-label": "Количество" }, less, el("output", { id: "quantity", "aria-live": "polite" }), more),
    el("button", { class: "main", id: "add", onclick: add }));
}

const mostOf = () => Math.min(20, at.item.left ?? 20, ...at.item.groups.flatMap((group) => group.options)
  .filter((option, _n, all) => option.left !== null && all.includes(option)).map(() => 20));

function count(by) {
  at.quantity = Math.max(1, Math.min(mostOf(), at.quantity + by));
  haptic("tap");
  redraw();
}

const missing = () => at.item.groups.filter((group) => [...at.options].filter((name) => name.startsWith(`${group.code}:`)).length < group.least);

function redraw() {
  const { item, options, quantity, editing } = at;
  item.groups.forEach((group) => {
    const own = [...options].filter((name) => name.startsWith(`${group.code}:`));
    sheet.querySelectorAll(`[data-group="${CSS.escape(group.code)}"] input`).forEach((input) => {
      const option = group.options.find(({ code }) => input.value === `${group.code}:${code}`);
      input.checked = options.has(input.value);
      input.disabled = option.left === 0 || (group.most > 1 && own.length >= group.most && !input.checked);
    });
    if (own.length >= group.least) sheet.querySelector(`[data-group="${CSS.escape(group.code)}"]`).classList.remove("missing");
  });
  const loved = sheet.querySelector(".heart");
  if (loved) loved.setAttribute("aria-pressed", String(favourites.has(item.code, [...options])));
  if (!item.can) return;
  find("quantity").textContent = quantity;
  find("less").disabled = quantity <= 1;
  find("more").disabled = quantity >= mostOf();
  find("add").replaceChildren(el("span", { class: "what" }, editing ? "Сохранить" : "Добавить"), el("span", { class: "sum" }, money(unitPrice(item, [...options]) * quantity)));
}

function add() {
  const unchosen = missing();
  if (unchosen.length) {
    const group = sheet.querySelector(`[data-group="${CSS.escape(unchosen[0].code)}"]`);
    group.classList.add("missing");
    group.querySelector("legend small").textContent = "выберите";
    group.scrollIntoView({ block: "center" });
    group.querySelector("input:not(:disabled)")?.focus();
    haptic("trouble");
    return announce(`Выберите: ${unchosen.map((item) => item.name.toLowerCase()).join(", ")}`, { isTrouble: true });
  }
  const { item, quantity, editing } = at;
  const options = [...at.options];
  if (editing) cart.want(item.code, editing.options, 0);
  cart.want(item.code, options, cart.countOf(item.code, options) + quantity);
  haptic("done");
  sheet.close();
  return announce(`${editing ? "Изменили" : "Добавили"}: ${[item.name, ...namesOf(item, options)].join(", ")}. В корзине ${cart.quantity()}`);
}

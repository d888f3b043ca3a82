// The beginning, the way between the screens, and the one big button.

import { ensureSession } from "./api.js";
import * as cart from "./cart.js";
import * as checkout from "./checkout.js";
import { announce, el, find, icon, money, plural } from "./dom.js";
import * as favourites from "./favourites.js";
import * as menu from "./menu.js";
import * as order from "./order.js";
import * as sheet from "./sheet.js";
import * as telegram from "./telegram.js";

const SCREENS = { menu: "menu-screen", cart: "cart", order: "order" };
const TITLES = { menu: "head-title", cart: "cart-title", order: "order-title" };
const REFRESH_MS = 20000;
let screen = "menu";
let known = null; // what the server told of this guest

// --- where we are --------------------------------------------------------------------------------------------------------

/** Shows a screen and leaves a step in the history, so that every kind of "back" leads to where one was. */
function show(name, placed = null, { isBack = false } = {}) {
  if (placed) order.open(placed);
  const before = screen;
  screen = name;
  if (!isBack && before !== name) history[name === "menu" ? "replaceState" : "pushState"]({ screen: name }, "");
  Object.entries(SCREENS).forEach(([key, id]) => { find(id).hidden = key !== name; });
  telegram.backButton(name !== "menu");
  if (name === "cart") checkout.open();
  if (name === "order") order.draw();
  if (name === "menu") drawHead();
  document.title = { menu: menu.shop.place.name, cart: "Корзина", order: `Заказ ${order.current()?.ticket || ""}` }[name];
  scrollTo(0, 0);
  find("toast").textContent = "";
  find(TITLES[name])?.focus({ preventScroll: true });
  drawBar();
}

function back() {
  if (sheet.isOpen()) sheet.close();
  else if (screen !== "menu") show("menu", null, { isBack: true });
}

function openProduct(code, editing = null) {
  if (!sheet.open(code, editing)) return;
  telegram.backButton(true);
  telegram.mainButton({ isVisible: false });
}

// --- the big button ----------------------------------------------------------------------------------------------------

function drawBar() {
  const number = cart.quantity();
  const count = `${number} ${plural(number, "позиция", "позиции", "позиций")}`;
  const bars = {
    menu: { text: "Корзина", small: count, sum: money(cart.subtotal()), isVisible: number > 0, press: () => show("cart") },
    cart: { text: checkout.busy() ? "Оформляем…" : checkout.whyNot() || "Заказать", sum: money(checkout.total()), isVisible: number > 0,
      isBusy: checkout.busy(), press: () => checkout.place() },
    order: { text: "В меню", sum: "", isVisible: true, press: () => show("menu") },
  };
  const { text, sum, isVisible, isBusy = false, press } = bars[screen];
  const bar = find("bar");
  bar.hidden = !isVisible;
  document.documentElement.style.setProperty("--bar", isVisible && !telegram.isTelegram ? "82px" : "0px");
  find("main").replaceChildren(el("span", { class: "what" }, text), sum && el("span", { class: "sum" }, sum));
  find("main").setAttribute("aria-busy", String(isBusy));
  find("main").onclick = press;
  telegram.mainButton({ text: [text, sum].filter(Boolean).join(" · "), isVisible: isVisible && !sheet.isOpen(), isBusy }, press);
  telegram.askBeforeClosing(checkout.busy());
}

// --- the head of the menu: the order under way, as last time, favourites --------------------------------------------------

function drawHead() {
  const now = order.current();
  const going = [...(now && !order.isOver(now) ? [now] : []), ...(known?.orders || []).filter((one) => one.number !== now?.number && !order.isOver(one))];
  find("going").replaceChildren(...going.map((one) =>
    el("button", { class: "notice", onclick: () => show("order", one) },
      el("span", { class: "number" }, String(one.ticket)), el("span", {}, el("b", {}, one.title), el("span", { class: "muted" }, "Посмотреть заказ")),
      el("span", { class: "go" }, icon("back")))));
  const minis = [];
  if (known?.last) {
    minis.push(el("button", { class: "mini", onclick: () => order.repeat(known.last.number) },
      el("span", { class: "dot" }, icon("again")), el("span", {}, el("b", {}, "Повторить"), el("small", {}, known.last.words))));
  }
  favourites.all().forEach(({ product, options }) => {
    const item = menu.product(product);
    if (!item?.can) return;
    minis.push(el("button", { class: "mini", onclick: () => addUsual(item, options), "aria-label": `Добавить: ${[item.name, ...menu.namesOf(item, options)].join(", ")}` },
      menu.photo(item, 96), el("span", {}, el("b", {}, item.name), el("small", {}, menu.namesOf(item, options).join(", ") || money(menu.unitPrice(item, options))))));
  });
  find("at-hand").replaceChildren(...minis);
  find("at-hand").hidden = !minis.length;
}

function addUsual(item, options) {
  cart.want(item.code, options, cart.countOf(item.code, options) + 1);
  telegram.haptic("tap");
  announce(`Добавили: ${item.name}. В корзине ${cart.quantity()}`);
}

// --- the beginning -------------------------------------------------------------------------------------------------------

function pressed(event) {
  const card = event.target.closest(".card");
  if (!card || !find("menu-screen").contains(card)) return;
  const item = menu.product(card.dataset.product);
  const options = event.target.closest(".plus") ? menu.usual(item) : null;
  if (options) addUsual(item, options);
  else openProduct(item.code);
}

async function greet() {
  try {
    known = await cart.load();
    favourites.adopt(known.favourites);
    cart.tell().catch(() => {});
    const wanted = new URLSearchParams(location.search);
    const asked = known.orders.find((one) => one.number === wanted.get("order"));
    if (asked) show("order", asked);
    else if (wanted.get("screen") === "cart" && cart.quantity()) show("cart");
    else drawHead();
    await checkout.resume();
  } catch (trouble) {
    announce(trouble.kind === "expired" ? "Откройте меню ещё раз из чата, чтобы заказать" : trouble.message, { isTrouble: true });
  }
}

telegram.begin();
telegram.on("back_button_pressed", back);
history.replaceState({ screen: "menu" }, "");
addEventListener("popstate", () => (sheet.isOpen() ? sheet.close() : show("menu", null, { isBack: true })));
document.addEventListener("click", pressed);
document.querySelectorAll(".back").forEach((button) => button.addEventListener("click", back));
find("menu-screen").addEventListener("change", (event) => {
  if (event.target.id === "place") location.assign(`?place=${encodeURIComponent(event.target.value)}${location.hash}`);
});
menu.begin();
sheet.begin(() => { telegram.backButton(screen !== "menu"); drawBar(); });
checkout.begin({ show, drawBar });
order.begin({ show, told: () => { if (screen === "menu") drawHead(); } });
cart.onChange(() => { menu.drawCounts(cart.counts()); drawBar(); });
favourites.onChange(() => { if (screen === "menu") drawHead(); });
cart.begin();
setInterval(() => { if (!document.hidden && screen === "menu" && !sheet.isOpen()) menu.refresh(() => { drawHead(); menu.drawCounts(cart.counts()); drawBar(); }); }, REFRESH_MS);
ensureSession().then(greet, greet);
document.documentElement.dataset.ready = "true"; // what the page can do is there; tests and the figures wait for it

// One order after it was placed: its number, where it is on its way, and what can still be done.

import { ask } from "./api.js";
import * as cart from "./cart.js";
import { payFor } from "./checkout.js";
import { announce, clock, day, el, find, money } from "./dom.js";
import { shop } from "./menu.js";
import { haptic } from "./telegram.js";

const STEPS = [["received", "Приняли"], ["making", "Готовим"], ["ready", "Готов"]];
const OVER = ["picked_up", "canceled", "expired"];
const QUICK_MS = 3000;
const SLOW_MS = 15000;

let order = null;
let timer = 0;
let wait = QUICK_MS;
let go = () => {};
let onNews = () => {};

export const current = () => order;
export const isOver = (one) => OVER.includes(one.status);

export function begin({ show, told }) {
  go = show;
  onNews = told;
  document.addEventListener("visibilitychange", () => { if (!document.hidden) follow(0); });
  addEventListener("online", () => follow(0));
}

export function open(placed) {
  order = placed;
  draw();
  follow();
}

/** Looks at the order again and again while somebody may be looking at it. */
export function follow(after = wait) {
  clearTimeout(timer);
  if (order && !isOver(order) && !document.hidden) timer = setTimeout(look, after);
}

async function look() {
  const number = order.number;
  try {
    const fresh = await ask("GET", `orders/${encodeURIComponent(number)}`, null, { tries: 1 });
    wait = QUICK_MS;
    if (order?.number === number) take(fresh);
  } catch (trouble) {
    wait = trouble.kind === "missing" ? SLOW_MS * 4 : SLOW_MS;
  }
  follow();
}

function take(fresh) {
  const before = order;
  order = fresh;
  if (JSON.stringify(before) === JSON.stringify(fresh)) return;
  if (before.status !== fresh.status) {
    haptic(["canceled", "expired"].includes(fresh.status) ? "trouble" : "done");
    announce(`Заказ ${fresh.ticket}. ${fresh.title}`);
  }
  draw();
  onNews();
  if (before.pay.kind === "soon" && fresh.pay.url) payFor(fresh.pay); // its address has been made meanwhile
}

export function draw() {
  if (!order || find("order").hidden) return;
  const zone = order.zone;
  const at = STEPS.findIndex(([status]) => status === order.status);
  const on = day(order.pickup_at, zone);
  const when = [`${order.is_asap ? "примерно в" : "к"} ${clock(order.pickup_at, zone)}`, on !== "сегодня" && on].filter(Boolean).join(", ");
  const held = document.activeElement?.id;
  find("order-body").replaceChildren(
    el("div", { class: isOver(order) ? "ticket over" : "ticket" },
      el("p", { class: "muted" }, "Номер заказа"), el("p", { class: "number", id: "ticket-number" }, String(order.ticket)),
      el("h1", { id: "order-title", tabindex: "-1" }, order.title),
      el("p", { class: "muted" }, order.status === "ready" || isOver(order) ? order.note : [when, order.note].filter(Boolean).join(". ")),
      isOver(order) || order.status === "held" ? null : el("ol", { class: "steps", "aria-label": "Где заказ" }, STEPS.map(([status, name], number) =>
        el("li", { class: number <= at ? "past" : "", "aria-current": number === at ? "step" : null }, name)))),
    el("div", { class: "stack" },
      order.pay && order.pay.url ? el("button", { class: "main", id: "pay", onclick: () => payFor(order.pay) }, `Оплатить ${money(order.total)}`) : null,
      order.can_cancel ? el("button", { class: "second danger", id: "cancel", onclick: cancel }, "Отменить заказ") : null,
      isOver(order) ? el("button", { class: "second", id: "again", onclick: () => repeat(order.number) }, "Повторить заказ") : null),
    el("section", { class: "block", "aria-labelledby": "what-title" }, el("h2", { id: "what-title" }, "Что в заказе"),
      el("ul", {}, order.lines.map((line) => el("li", { class: "ordered" },
        el("span", {}, line.title, line.quantity > 1 && ` × ${line.quantity}`, el("small", { class: "muted" }, line.details)), el("b", {}, money(line.total))))),
      el("dl", { class: "sums" }, el("div", { class: "total" }, el("dt", {}, order.is_paid ? "Оплачено" : "К оплате"), el("dd", {}, money(order.total))))),
    el("section", { class: "block" }, el("h2", {}, "Где забрать"), el("p", { class: "field" }, [order.place_name, order.address].filter(Boolean).join(", "))));
  if (held && document.activeElement?.id !== held) (find(held) || find("order-title")).focus({ preventScroll: true });
}

async function cancel() {
  const box = find("ask");
  box.replaceChildren(
    el("h2", { id: "ask-title", tabindex: "-1" }, `Отменить заказ ${order.ticket}?`),
    el("p", { class: "muted" }, order.is_paid ? "Деньги вернём туда, откуда они пришли." : "Готовить не начнём."),
    el("button", { class: "main", onclick: async () => {
      box.close();
      try { take(await ask("POST", `orders/${encodeURIComponent(order.number)}/cancel`)); } catch (trouble) { announce(trouble.message, { isTrouble: true }); follow(0); }
    } }, "Отменить"),
    el("button", { class: "second", onclick: () => box.close() }, "Оставить"));
  box.showModal();
  find("ask-title").focus();
}

/** Puts the same things into the cart; what has ended meanwhile is told. */
export async function repeat(number) {
  try {
    const { cart: filled, missing } = await ask("POST", `orders/${encodeURIComponent(number)}/repeat`, { place: shop.place.code }, { tries: 1 });
    cart.adopt(filled);
    announce(missing.length ? `Сейчас нет: ${missing.join(", ")}` : "Всё как в прошлый раз — в корзине", { isTrouble: missing.length > 0 });
    go("cart");
  } catch (trouble) {
    announce(trouble.message, { isTrouble: true });
  }
}

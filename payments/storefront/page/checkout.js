// The cart and everything needed to order it, on one screen. Every sum here comes from the server; the page only asks.

import { ask, me, newKey, stored } from "./api.js";
import * as cart from "./cart.js";
import { announce, clock, day, el, find, icon, money, plural } from "./dom.js";
import { namesOf, photo, product, shop, unitPrice } from "./menu.js";
import * as sheet from "./sheet.js";
import * as telegram from "./telegram.js";

const wish = { name: null, comment: null, promo: null, pickup_at: null, way: null, use_loyalty: false };
let quote = null;
let asking = 0;
let isPlacing = false;
let timer = 0;
let go = () => {}; // where to, told by main.js
let redrawBar = () => {};

export const total = () => (quote && isFresh() ? quote.total : cart.subtotal());
export const busy = () => isPlacing;

export function begin({ show, drawBar }) {
  go = show;
  redrawBar = drawBar;
  cart.onChange(() => { if (!find("cart").hidden) { draw(); askSoon(); } });
}

export function open() {
  draw();
  return requote();
}

// A quote is of the cart as it was when the server reckoned it.
const marks = () => cart.all().map((line) => `${line.product}|${line.options}|${line.quantity}`).sort().join(";");
const isFresh = () => quote && quote.marks === marks();

function askSoon() {
  clearTimeout(timer);
  timer = setTimeout(requote, 350);
}

/** Asks what it comes to now; the newest question wins. */
export async function requote(more = {}) {
  Object.assign(wish, more);
  if (!cart.quantity()) return draw();
  const number = ++asking;
  try {
    await cart.tell();
    const at = marks();
    const { name, comment, promo, pickup_at, use_loyalty } = wish;
    const answer = await ask("PUT", "checkout", { place: shop.place.code, name, comment, promo, pickup_at, use_loyalty });
    if (number !== asking) return undefined;
    take(answer, at);
  } catch (trouble) {
    if (number === asking) announce(trouble.message, { isTrouble: true });
  }
  return undefined;
}

function take(answer, at) {
  quote = { ...answer, marks: at };
  wish.name ??= answer.name || me()?.name || "";
  wish.comment ??= answer.comment;
  wish.promo ??= answer.promo.code;
  if (!answer.ways.some((way) => way.code === wish.way)) wish.way = answer.ways[0]?.code || null;
  if (wish.pickup_at && !answer.pickup.times.includes(wish.pickup_at)) {
    wish.pickup_at = null;
    announce("Это время уже занято, поставили ближайшее", { isTrouble: true });
  }
  draw();
}

// --- drawing -----------------------------------------------------------------------------------------------------------

export function draw() {
  const body = find("cart-body");
  const held = document.activeElement?.id;
  body.replaceChildren(...(cart.quantity() ? parts() : [emptyCart()]));
  if (held && document.activeElement?.id !== held) find(held)?.focus({ preventScroll: true });
  redrawBar();
}

const emptyCart = () => el("div", { class: "empty" },
  el("span", { class: "big", "aria-hidden": "true" }, "☕"), el("h2", {}, "Здесь пока пусто"),
  el("p", { class: "muted" }, "Добавьте что-нибудь из меню — кофе ждать не любит."),
  el("button", { class: "second", onclick: () => go("menu") }, "К меню"));

function parts() {
  return [linesBlock(), quote && troubles(), quote && pickupBlock(), wordsBlock(), quote && waysBlock(), quote && savingsBlock(), sumsBlock()].filter(Boolean);
}

const linesBlock = () => el("section", { class: "block", "aria-label": "Что заказываете" }, el("ul", {}, cart.all().map(lineItem)));

function lineItem(line, number) {
  const item = product(line.product);
  const told = quote?.lines.find((other) => other.product === line.product && String(other.options) === String(line.options));
  const name = item?.name || told?.title || "Нет в меню";
  const set = (by) => { telegram.haptic("tap"); cart.want(line.product, line.options, line.quantity + by); };
  return el("li", { class: "line" }, photo(item, 96),
    el("button", { class: "name", id: `edit-${number}`, "aria-haspopup": "dialog", onclick: () => sheet.open(line.product, line) }, name,
      el("span", { class: "muted" }, (item ? namesOf(item, line.options) : []).join(", "))),
    el("span", { class: "sum" }, item ? money(unitPrice(item, line.options) * line.quantity) : "—"),
    el("div", { class: "step small", role: "group", "aria-label": `Количество: ${name}` },
      el("button", { id: `less-${number}`, "aria-label": line.quantity > 1 ? `Меньше: ${name}` : `Убрать: ${name}`, onclick: () => set(-1) }, icon(line.quantity > 1 ? "minus" : "close")),
      el("output", {}, String(line.quantity)),
      el("button", { id: `more-${number}`, "aria-label": `Больше: ${name}`, disabled: line.quantity >= 20, onclick: () => set(1) }, icon("plus"))),
    told?.problem && el("p", { class: "problem" }, told.problem));
}

function troubles() {
  const whole = quote.changes.filter((change) => change.line === null);
  return whole.length ? el("div", { class: "notice warn", role: "status" }, el("div", {}, whole.map((change) => el("p", {}, change.text)))) : null;
}

function pickupBlock() {
  const { soonest, times } = quote.pickup;
  const zone = shop.place.zone;
  const words = (at) => (day(at, zone) === "сегодня" ? clock(at, zone) : `${day(at, zone)}, ${clock(at, zone)}`);
  const option = (value, name, small) => el("label", {},
    el("input", { type: "radio", name: "when", id: `when-${value}`, checked: (wish.pickup_at ? "later" : "soon") === value, disabled: value === "soon" && !soonest,
      onchange: () => { requote({ pickup_at: value === "soon" ? null : times[0] || null }); } }),
    el("span", {}, name, el("small", {}, small)));
  return el("section", { class: "block", "aria-labelledby": "when-title" }, el("h2", { id: "when-title" }, "Когда заберёте"),
    el("div", { class: "pills", role: "radiogroup", "aria-labelledby": "when-title" },
      option("soon", "Побыстрее", soonest ? `примерно в ${words(soonest)}` : "сейчас закрыто"),
      times.length ? option("later", "Ко времени", wish.pickup_at ? words(wish.pickup_at) : "выберите удобное") : null),
    wish.pickup_at ? el("label", { class: "field" }, el("span", {}, "Время"), timesList(times, zone)) : null,
    el("p", { class: "muted field" }, shop.place.address || shop.place.name));
}

function timesList(times, zone) {
  const days = new Map();
  times.forEach((at) => { const name = day(at, zone); days.set(name, [...(days.get(name) || []), at]); });
  return el("select", { id: "time", onchange: (event) => requote({ pickup_at: event.target.value }) },
    [...days].map(([name, list]) => el("optgroup", { label: name[0].toUpperCase() + name.slice(1) },
      list.map((at) => el("option", { value: at, selected: at === wish.pickup_at }, clock(at, zone))))));
}

function wordsBlock() {
  return el("section", { class: "block", "aria-label": "Как вас позвать" },
    el("label", { class: "field" }, el("span", {}, "Имя — его напишем на стакане"),
      el("input", { id: "name", autocomplete: "given-name", maxlength: 60, value: wish.name ?? me()?.name ?? "", oninput: (event) => { wish.name = event.target.value; } })),
    el("label", { class: "field" }, el("span", {}, "Комментарий баристе"),
      el("textarea", { id: "comment", rows: 2, maxlength: 300, placeholder: "Например: без крышки", value: wish.comment ?? "", oninput: (event) => { wish.comment = event.target.value; } })));
}

function waysBlock() {
  if (quote.ways.length < 2) {
    const [way] = quote.ways;
    return way ? el("section", { class: "block" }, el("h2", {}, "Оплата"), el("p", { class: "field" }, way.title, el("span", { class: "muted" }, way.note))) : null;
  }
  return el("fieldset", { class: "block rows" }, el("legend", { class: "unseen" }, "Оплата"), el("h2", { "aria-hidden": "true" }, "Оплата"),
    quote.ways.map((way) => el("label", {},
      el("input", { type: "radio", name: "way", id: `way-${way.code}`, value: way.code, checked: wish.way === way.code, onchange: () => { wish.way = way.code; redrawBar(); } }),
      el("span", {}, way.title, el("small", {}, way.note)))));
}

function savingsBlock() {
  const { promo, loyalty } = quote;
  const input = el("input", { id: "promo", autocomplete: "off", autocapitalize: "characters", maxlength: 40, value: wish.promo ?? "", "aria-invalid": promo.why ? "true" : null,
    "aria-describedby": promo.why ? "promo-why" : null, oninput: (event) => { wish.promo = event.target.value; },
    onkeydown: (event) => { if (event.key === "Enter") { event.preventDefault(); requote(); } } });
  return el("section", { class: "block", "aria-label": "Скидки" },
    el("div", { class: "field" }, el("label", { for: "promo" }, "Промокод"),
      el("span", { class: "pair" }, input, el("button", { class: "second", id: "promo-go", onclick: () => requote() }, "Применить")),
      promo.why && el("span", { class: "trouble", id: "promo-why", role: "alert" }, promo.why)),
    loyalty.unit && loyaltyPart(loyalty));
}

function loyaltyPart(loyalty) {
  return el("div", { class: "rows" },
    el("p", { class: "field" }, loyalty.text),
    loyalty.unit === "stamp" && loyalty.every ? el("div", { class: "stamps", "aria-hidden": "true" },
      Array.from({ length: Math.min(12, loyalty.every) }, (_, number) => el("i", { class: number < loyalty.balance ? "on" : "" }))) : null,
    loyalty.can_spend && el("label", {},
      el("input", { type: "checkbox", id: "loyalty", checked: wish.use_loyalty, onchange: (event) => requote({ use_loyalty: event.target.checked }) }),
      el("span", {}, loyalty.offer)));
}

function sumsBlock() {
  const row = (name, kopecks, kind = "") => el("div", { class: kind }, el("dt", {}, name), el("dd", {}, money(kopecks)));
  const number = cart.quantity();
  return el("section", { class: "block", "aria-label": "Итого" }, el("dl", { class: "sums" },
    row(`${number} ${plural(number, "позиция", "позиции", "позиций")}`, isFresh() ? quote.subtotal : cart.subtotal()),
    isFresh() && quote.promo.amount ? row(`Промокод ${quote.promo.code}`, -quote.promo.amount, "less") : null,
    isFresh() && quote.loyalty.amount ? row(quote.loyalty.unit === "stamp" ? "Подарок" : "Баллы", -quote.loyalty.amount, "less") : null,
    row("Итого", total(), "total")));
}

// --- placing -----------------------------------------------------------------------------------------------------------

export const canPlace = () => Boolean(isFresh() && cart.isTold() && !isPlacing && quote.ways.length && !quote.lines.some((line) => line.problem)
  && !quote.changes.length && (wish.pickup_at || quote.pickup.soonest));

/** What keeps the button from being pressed, in words; "" when nothing. */
export function whyNot() {
  if (!quote || !isFresh()) return "Считаем…";
  const change = quote.changes[0];
  if (change) return change.line === null ? "Сейчас заказать нельзя" : "Проверьте корзину";
  return wish.pickup_at || quote.pickup.soonest ? "" : "Сейчас заказать нельзя";
}

/** Places the order: one key for one wish, however often the network makes us say it. */
export async function place() {
  const shown = total();
  if (!isFresh() || !cart.isTold()) await requote(); // pressed before the server had answered: wait for it
  if (quote?.changes.length) return askAbout(quote.changes);
  if (total() !== shown) return announce(`Сумма изменилась: ${money(total())}`, { isTrouble: true });
  if (!canPlace()) return announce(whyNot(), { isTrouble: true });
  if (!(wish.name || "").trim()) {
    find("name").focus();
    return announce("Напишите имя: по нему позовём", { isTrouble: true });
  }
  const key = newKey();
  const order = { key, place: shop.place.code, expected: quote.expected, name: wish.name, comment: wish.comment || "", promo: wish.promo || "",
    use_loyalty: wish.use_loyalty, pickup_at: wish.pickup_at, way: wish.way };
  stored.set("placing", order);
  return send(order);
}

/** Says it again after a reload: the same key is the same order. */
export const resume = () => { const order = stored.get("placing"); return order && order.place === shop.place.code ? send(order) : null; };

async function send(order) {
  isPlacing = true;
  redrawBar();
  try {
    const { order: placed, pay } = await ask("POST", "orders", order, { tries: 8, onWait: () => announce("Связь прерывается, повторяем заказ…", { isTrouble: true }) });
    stored.drop("placing");
    cart.forget();
    quote = null;
    Object.assign(wish, { comment: "", promo: "", pickup_at: null, use_loyalty: false });
    telegram.haptic("done");
    go("order", placed);
    await payFor(pay);
  } catch (trouble) {
    if (trouble.kind !== "offline") stored.drop("placing");
    telegram.haptic("trouble");
    if (trouble.kind === "moved") { take(trouble.body.quote, marks()); askAbout(trouble.body.changes); } else announce(trouble.message, { isTrouble: true });
  } finally {
    isPlacing = false;
    redrawBar();
  }
}

/** Opens what the server says must be paid: Telegram's own sheet, or the provider's page. Nothing for the counter. */
export async function payFor(pay) {
  if (pay?.kind === "invoice" && telegram.isTelegram) {
    const status = await telegram.openInvoice(pay.url);
    announce({ paid: "Оплачено", failed: "Оплата не прошла", cancelled: "Вы можете оплатить позже" }[status] || "Ждём подтверждения оплаты", { isTrouble: status === "failed" });
  } else if (pay?.url) telegram.openLink(pay.url);
}

function askAbout(changes) {
  const box = find("ask");
  box.replaceChildren(
    el("h2", { id: "ask-title", tabindex: "-1" }, "Кое-что изменилось"),
    el("p", { class: "muted" }, "Пока вы выбирали, в кофейне произошло вот что. Деньги не списаны."),
    el("ul", {}, changes.map((change) => el("li", {}, change.text))),
    el("button", { class: "main", onclick: () => { box.close(); mend(); } }, "Исправить корзину"),
    el("button", { class: "second", onclick: () => { box.close(); go("menu"); } }, "Выбрать другое"));
  box.showModal();
  find("ask-title").focus();
}

async function mend() {
  try {
    cart.adopt(await ask("POST", "cart/mend", { place: shop.place.code }));
    await requote({ pickup_at: null });
    announce(`Исправили. Новая сумма: ${money(total())}`);
  } catch (trouble) {
    announce(trouble.message, { isTrouble: true });
  }
}

// The shelves: drawn by the server, so they are there before this script is; here they are made alive.

import { el, find, icon, money } from "./dom.js";

/** What the server knew when it drew the page; changed by `refresh`. */
export const shop = JSON.parse(find("shop-data").textContent);
export const product = (code) => shop.products[code];

export const keyOf = (code, options) => `${code}|${[...options].sort().join(",")}`;

export function unitPrice(item, options) {
  const extra = item.groups.flatMap((group) => group.options.filter((option) => options.includes(`${group.code}:${option.code}`)).map((option) => option.price));
  return Math.max(0, extra.reduce((sum, price) => sum + price, item.price));
}

export const namesOf = (item, options) => item.groups.flatMap((group) =>
  group.options.filter((option) => options.includes(`${group.code}:${option.code}`)).map((option) => option.name));

/** The choice before anybody chose; null when something must be chosen and nothing is by itself. */
export function usual(item) {
  const options = item.groups.flatMap((group) => group.options.filter((option) => option.usual && option.left !== 0)
    .slice(0, group.most).map((option) => `${group.code}:${option.code}`));
  return item.groups.every((group) => options.filter((name) => name.startsWith(`${group.code}:`)).length >= group.least) ? options.sort() : null;
}

export function photo(item, width) {
  if (!item?.photo) return el("span", { class: "blank", "aria-hidden": "true" }, item?.emoji || "☕");
  return el("img", { src: `/shop/photo/${item.photo}.${width > 320 ? "jpg" : "webp"}?w=${width}`, alt: "", width, height: width, decoding: "async" });
}

/** Marks on the cards how many of each are in the cart. */
export function drawCounts(counts) {
  document.querySelectorAll(".card[data-product]").forEach((card) => {
    const plus = card.querySelector(".plus");
    if (!plus) return;
    const count = counts.get(card.dataset.product) || 0;
    if (plus.dataset.count === String(count)) return;
    plus.dataset.count = count;
    plus.classList.toggle("some", count > 0);
    plus.replaceChildren(count ? String(count) : icon("plus"));
    const name = product(card.dataset.product)?.name || "";
    plus.setAttribute("aria-label", count ? `Добавить ещё: ${name}, в корзине ${count}` : `Добавить в корзину: ${name}`);
  });
}

/** Underlines the shelf one looks at. */
export function followShelves() {
  const links = new Map([...document.querySelectorAll(".shelves a")].map((link) => [link.hash.slice(1), link]));
  const seen = new Set();
  const watcher = new IntersectionObserver((entries) => {
    entries.forEach(({ target, isIntersecting }) => (isIntersecting ? seen.add(target.id) : seen.delete(target.id)));
    const current = [...links.keys()].find((id) => seen.has(id));
    if (!current) return;
    links.forEach((link, id) => (id === current ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
    const [link, list] = [links.get(current), links.get(current).closest("ul")];
    list.scrollLeft = link.offsetLeft - (list.clientWidth - link.clientWidth) / 2; // not scrollIntoView: that would move the page, too
  }, { rootMargin: "-70px 0px -60% 0px" });
  document.querySelectorAll(".shelf").forEach((shelf) => watcher.observe(shelf));
  return () => watcher.disconnect();
}

let unfollow = () => {};
let tag = "";

/** Looks whether the menu has changed (an ended croissant, a pause) and draws it anew when it has. */
export async function refresh(onChange) {
  let response;
  try {
    response = await fetch(location.pathname + location.search, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-cache", credentials: "omit" });
  } catch { return; }
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const data = JSON.parse(fresh.getElementById("shop-data").textContent);
  const isSame = data.version === shop.version;
  tag = response.headers.get("ETag") || "";
  if (isSame) return;
  Object.keys(shop).forEach((name) => delete shop[name]);
  Object.assign(shop, data);
  const [held, top] = [document.activeElement?.closest?.("[data-product]")?.dataset.product, scrollY];
  unfollow();
  find("head").replaceWith(document.adoptNode(fresh.getElementById("head")));
  find("shelves").replaceWith(document.adoptNode(fresh.getElementById("shelves")));
  unfollow = followShelves();
  scrollTo(0, top);
  if (held) document.querySelector(`[data-product="${CSS.escape(held)}"] .open`)?.focus();
  onChange();
}

export const begin = () => { unfollow = followShelves(); };
export const priceWords = (item) => (item.groups.some((group) => group.options.some((option) => option.price)) ? `от ${money(item.price)}` : money(item.price));

// What the guest keeps at hand: a product made in one way. Shown at once, told to the server in the background.

import { ask } from "./api.js";
import { announce } from "./dom.js";
import { keyOf } from "./menu.js";

let kept = new Map();
const watchers = [];

export const onChange = (watcher) => watchers.push(watcher);
export const all = () => [...kept.values()];
export const has = (product, options) => kept.has(keyOf(product, options));

export function adopt(list) {
  kept = new Map(list.map((item) => [keyOf(item.product, item.options), item]));
  watchers.forEach((watcher) => watcher());
}

/** Keeps it or lets it go; returns whether it is kept now. */
export function toggle(product, options) {
  const key = keyOf(product, options);
  const is = !kept.has(key);
  if (is) kept = new Map([[key, { product, options: [...options].sort() }], ...kept]);
  else kept.delete(key);
  watchers.forEach((watcher) => watcher());
  ask("PUT", "favourites", { product, options: [...options].sort(), is_kept: is })
    .catch((trouble) => announce(trouble.message, { isTrouble: true }));
  return is;
}

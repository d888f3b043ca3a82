/* The lanes: each card stands in the lane its ticket and the clock put it in. A card in place is left alone. */
import { fill, make } from "./dom.js";
import { cardOf, tick } from "./ticket.js";

export const LANES = ["later", "received", "making", "ready", "done"];
const FRESH_MS = 12_000;

export class Lanes {
  constructor(root, board) {
    this.board = board;
    this.root = root;
    this.fresh = new Map(); // ticket id -> until when it is shown as changed
    this.lists = Object.fromEntries(LANES.map((name) => [name, root.querySelector(`[data-lane="${name}"] .lane-list`)]));
    this.counts = Object.fromEntries(LANES.map((name) => [name, [...document.querySelectorAll(`[data-count="${name}"]`)]]));
  }

  mark(ids) {
    for (const id of ids) this.fresh.set(id, performance.now() + FRESH_MS);
  }

  show() {
    for (const name of LANES) this.showLane(name, this.board.store.lane(name));
    this.root.classList.toggle("board--no-later", this.lists.later.childElementCount === 0);
  }

  showLane(name, tickets) {
    const list = this.lists[name];
    const cards = new Map([...list.children].map((card) => [Number(card.dataset.ticket), card]));
    let before = null;
    for (const ticket of tickets) {
      let card = cards.get(ticket.id);
      cards.delete(ticket.id);
      if (!card || Number(card.dataset.seq) !== ticket.seq) {
        const made = cardOf(ticket, name, this.board);
        this.keepFocus(card, made);
        card?.remove();
        card = made;
      }
      const place = before ? before.nextElementSibling : list.firstElementChild;
      if (place !== card) list.insertBefore(card, place);
      card.classList.toggle("card--fresh", (this.fresh.get(ticket.id) ?? 0) > performance.now());
      tick(card, ticket, name, this.board);
      before = card;
    }
    for (const card of cards.values()) card.remove();
    for (const count of this.counts[name]) {
      const text = String(tickets.length);
      if (count.textContent !== text) count.textContent = text;
    }
    list.closest(".lane").classList.toggle("lane--empty", tickets.length === 0);
  }

  /* Whoever works by keyboard stays on the card they were on. */
  keepFocus(old, made) {
    if (!old?.contains(document.activeElement)) return;
    queueMicrotask(() => made.querySelector(".act--go")?.focus());
  }

  setBusy(id, isBusy) {
    for (const button of this.root.querySelectorAll(`[data-ticket="${id}"] .act`)) button.disabled = isBusy;
  }
}

/* What changed while there was no connection, line by line, in words. */
export const newsOf = (changes, board) => {
  const { words } = board;
  const statuses = words.statuses;
  return changes
    .map(([before, ticket]) => {
      const facts = { number: ticket.number, name: ticket.name || words.guest, by: ticket.changed_by || "" };
      if (!before) return ticket.status === "picked_up" ? null : fill(words.news_new, { ...facts, status: statuses[ticket.status] });
      if (before.status !== ticket.status)
        return fill(words.news_status, { ...facts, before: statuses[before.status], after: statuses[ticket.status] });
      if (before.delay !== ticket.delay) return fill(words.news_delay, { ...facts, n: ticket.delay });
      if (before.is_paid !== ticket.is_paid) return fill(words.news_paid, facts);
      return fill(words.news_changed, facts);
    })
    .filter(Boolean);
};

export const newsPanel = (lines, seconds, words, close) =>
  make(
    "div",
    { className: "news", role: "alert" },
    make("b", {}, fill(words.was_away, { n: Math.max(1, Math.round(seconds / 60)) })),
    lines.length ? make("ul", {}, lines.map((line) => make("li", {}, line))) : make("p", {}, words.nothing_changed),
    make("button", { type: "button", className: "act", onclick: close }, words.understood),
  );

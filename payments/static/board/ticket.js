/* One ticket as a card. The card is made anew when the ticket changes; its clock alone moves every second. */
import { clock, fill, make, span } from "./dom.js";

const SOON_MS = 3 * 60_000; // nearly promised: amber
const NEXT = { received: "accept", later: "accept", making: "ready", ready: "pick_up" };

export const cardOf = (ticket, lane, board) => {
  const { words, store } = board;
  const act = NEXT[lane];
  return make(
    "article",
    {
      className: `card card--${lane}`,
      tabIndex: -1,
      "aria-label": fill(words.order_number, { number: ticket.number }),
      data: { ticket: ticket.id, seq: ticket.seq, lane },
    },
    make(
      "header",
      { className: "card-head" },
      make("b", { className: "card-number" }, String(ticket.number)),
      make(
        "span",
        { className: "card-who" },
        make("span", { className: "card-name" }, ticket.name || words.guest),
        make("span", { className: "card-when" }, whenOf(ticket, lane, words, store)),
      ),
      make("time", { className: "card-clock", "aria-hidden": "true" }),
    ),
    make("p", { className: "card-state", role: "status" }),
    lane !== "done" && make("ul", { className: "card-items" }, ticket.items.map((item) => itemOf(item, board))),
    lane !== "done" && ticket.comment && make("p", { className: "card-comment" }, ticket.comment),
    lane !== "done" && moneyOf(ticket, words),
    ticket.delay > 0 && lane !== "done" && make("p", { className: "card-delay" }, fill(words.delayed, { n: ticket.delay })),
    ticket.accepted_by && lane === "making" && make("p", { className: "card-by" }, ticket.accepted_by),
    footOf(ticket, lane, act, board),
  );
};

const whenOf = (ticket, lane, words, store) => {
  const zone = store.place.time_zone;
  if (lane === "done") return fill(words.given_at, { time: clock(Date.parse(ticket.picked_up_at), zone) });
  const time = clock(Date.parse(ticket.due_at), zone);
  return fill(ticket.is_asap ? words.by : words.at_time, { time });
};

/* Pressing a line leads to its stop-list: what has ended is noticed while it is being made. */
const itemOf = (item, board) =>
  make(
    "li",
    {},
    make(
      "button",
      { type: "button", className: "item", onclick: () => board.stopItem(item) },
      make("b", { className: item.quantity > 1 ? "item-count item-count--many" : "item-count" }, `${item.quantity}×`),
      make(
        "span",
        { className: "item-what" },
        make("span", { className: "item-title" }, item.title),
        item.options.map((option) => make("span", { className: "item-option" }, option)),
      ),
    ),
  );

const moneyOf = (ticket, words) =>
  make(
    "p",
    { className: ticket.is_paid ? "card-money card-money--paid" : "card-money card-money--till" },
    ticket.is_paid ? words.paid : words.at_till,
    make("b", {}, ticket.amount),
  );

const footOf = (ticket, lane, act, board) => {
  const { words } = board;
  const acts = { accept: lane === "later" ? words.begin_now : words.accept, ready: words.ready, pick_up: words.pick_up };
  const more = make(
    "button",
    { type: "button", className: "act act--more", "aria-label": words.more, onclick: () => board.openTicket(ticket.id) },
    "⋯",
  );
  if (lane === "done") {
    const back = () => board.act(ticket.id, "recall");
    return make(
      "footer",
      { className: "card-foot" },
      make("button", { type: "button", className: "act act--back", onclick: back }, words.recall),
    );
  }
  const go = () => board.act(ticket.id, act);
  return make(
    "footer",
    { className: "card-foot" },
    make("button", { type: "button", className: `act act--go act--${act}`, data: { act }, onclick: go }, acts[act]),
    more,
  );
};

/* Move the clock of a card: how long until the promised time, or how long over it, by colour and in words. */
export const tick = (card, ticket, lane, board) => {
  const { words, store } = board;
  const face = card.querySelector(".card-clock");
  const state = card.querySelector(".card-state");
  if (lane === "done") return;
  const left = (lane === "later" ? Date.parse(ticket.begin_at) : Date.parse(ticket.due_at)) - store.now();
  const waits = store.now() - store.waitsSince(ticket);
  const isForgotten = lane === "received" && waits >= store.place.accept_minutes * 60_000;
  const age = lane === "later" ? "later" : lane === "ready" ? "ready" : left < 0 ? "late" : left < SOON_MS ? "soon" : "fine";
  const shown = lane === "ready" ? span(store.now() - Date.parse(ticket.ready_at), words.hours) : (left < 0 ? "−" : "") + span(left, words.hours);
  if (face.textContent !== shown) face.textContent = shown;
  const wanted = isForgotten ? "forgotten" : age;
  if (card.dataset.age !== wanted) card.dataset.age = wanted;
  const said = isForgotten
    ? fill(words.waits, { n: Math.floor(waits / 60_000) })
    : age === "late"
      ? fill(words.late, { n: Math.max(1, Math.floor(-left / 60_000)) })
      : age === "later"
        ? words.begin_in
        : "";
  if (state.textContent !== said) state.textContent = said;
};

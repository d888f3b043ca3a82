/* What else can be done with a ticket: back, a delay told to the guest, paper, cancel with a reason. */
import { fill, make } from "./dom.js";
import { choice, choices } from "./sheet.js";
import { printTicket } from "./slip.js";

export const openTicket = (board, id) => {
  const { words, store, sheet } = board;
  const ticket = store.tickets.get(id);
  if (!ticket) return;
  const title = `№${ticket.number} · ${ticket.name || words.guest}`;
  const run = (verb, facts) => {
    sheet.close();
    board.act(id, verb, facts);
  };
  const delays = [5, 10, 15].map((minutes) =>
    choice(`+${minutes}`, () => run("delay", { minutes }), { kind: "big", name: `delay-${minutes}` }),
  );
  const canGoBack = ["making", "ready", "picked_up"].includes(ticket.status);
  const parts = [
    make(
      "ul",
      { className: "brief" },
      ticket.items.map((item) => make("li", {}, make("b", {}, `${item.quantity}× ${item.title}`), ` ${item.options.join(", ")}`)),
      ticket.comment && make("li", { className: "note" }, ticket.comment),
    ),
    ticket.status !== "picked_up" && choices(words.delay_title, delays),
    choices("", [
      canGoBack && choice(words.recall, () => run("recall"), { kind: "big", name: "recall" }),
      choice(words.print, () => printTicket(ticket, store.place, words), { kind: "big", name: "print" }),
    ]),
    ticket.status !== "picked_up" && cancelPart(board, ticket, run),
  ];
  sheet.open(title, parts.filter(Boolean), { name: "ticket" });
};

const cancelPart = (board, ticket, run) => {
  const { words } = board;
  const own = make("input", { className: "field", maxLength: 120, placeholder: words.own_reason, "aria-label": words.own_reason });
  const cancel = (reason) => run("cancel", { reason });
  const note = ticket.is_paid ? make("p", { className: "note" }, fill(words.cancel_paid, { amount: ticket.amount })) : null;
  return make(
    "details",
    { className: "cancel" },
    make("summary", { className: "act act--danger act--big", data: { choice: "cancel" } }, words.cancel),
    note,
    choices(
      words.cancel_title,
      words.reasons.map((reason) => choice(reason, () => cancel(reason), { kind: "danger", name: "reason" })),
    ),
    make(
      "form",
      {
        className: "own",
        onsubmit: (event) => {
          event.preventDefault();
          if (own.value.trim()) cancel(own.value.trim());
        },
      },
      own,
      make("button", { className: "act act--danger" }, words.cancel_with),
    ),
  );
};

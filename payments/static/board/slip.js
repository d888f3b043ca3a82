/* A ticket on paper: the page prints this section and nothing else, as wide as the roll is. Works without a connection. */
import { clock, fill, make } from "./dom.js";

const WIDTH = "otklik.board.roll";

export const rollWidth = () => (localStorage.getItem(WIDTH) === "80" ? "80" : "58");
export const setRollWidth = (width) => localStorage.setItem(WIDTH, width);

export const slipOf = (ticket, place, words) => {
  const when = clock(Date.parse(ticket.due_at), place.time_zone);
  return make(
    "section",
    { className: `slip slip--${rollWidth()}`, id: "slip", lang: "ru" },
    make("p", { className: "slip-place" }, place.name),
    make("p", { className: "slip-number" }, `№${ticket.number}`),
    ticket.name && make("p", { className: "slip-name" }, ticket.name),
    make("p", { className: "slip-when" }, fill(ticket.is_asap ? words.by : words.at_time, { time: when })),
    make(
      "ul",
      {},
      ticket.items.map((item) =>
        make(
          "li",
          {},
          make("b", {}, `${item.quantity} × ${item.title}`),
          item.options.map((option) => make("span", {}, option)),
        ),
      ),
    ),
    ticket.comment && make("p", { className: "slip-comment" }, ticket.comment),
    make("p", { className: "slip-sum" }, `${ticket.amount} · ${ticket.is_paid ? words.paid : words.at_till}`),
    make("p", { className: "slip-small" }, `${ticket.order} · ${clock(Date.parse(ticket.placed_at), place.time_zone)}`),
  );
};

export const printTicket = (ticket, place, words) => {
  document.getElementById("slip")?.remove();
  document.getElementById("slip-size")?.remove();
  document.body.append(slipOf(ticket, place, words));
  // The height follows the text: a roll has no pages.
  document.head.append(make("style", { id: "slip-size" }, `@page { size: ${rollWidth()}mm auto; margin: 0 }`));
  window.print();
};

/* What the board knows. The server compares by each ticket's number and tells what is different, so what it tells is taken. */
const SHOWN_OVER = 12;
const CLOCK_MS = 2000; // how far two clocks may part before an order to be made at once would seem to be for later

export class Store {
  constructor() {
    this.tickets = new Map();
    this.place = null;
    this.cursor = 0; // up to which change of its rows the server has told us
    this.skew = 0; // the server's clock less ours, ms
  }

  now() {
    return Date.now() + this.skew;
  }

  keepTime(iso) {
    this.skew = Date.parse(iso) - Date.now();
  }

  /* Take a whole board or a part of it; return what changed as [before, after] pairs. */
  take(told, isWhole) {
    const changes = [];
    this.keepTime(told.now);
    for (const ticket of told.tickets) {
      const before = this.tickets.get(ticket.id);
      if (before?.seq === ticket.seq) continue;
      this.tickets.set(ticket.id, ticket);
      changes.push([before, ticket]);
    }
    if (isWhole) {
      const there = new Set(told.tickets.map((ticket) => ticket.id));
      for (const id of this.tickets.keys()) if (!there.has(id)) this.tickets.delete(id);
    }
    this.cursor = told.cursor;
    this.place = told.place;
    return changes;
  }

  /* Take the answer to an act, unless the stream was quicker and has told of something later. */
  takeOne(ticket) {
    const before = this.tickets.get(ticket.id);
    if (before && Date.parse(before.changed_at) > Date.parse(ticket.changed_at)) return;
    this.tickets.set(ticket.id, ticket);
  }

  /* The lane a ticket stands in at this moment; null when it is not on the board. */
  laneOf(ticket) {
    switch (ticket.status) {
      case "received":
        return Date.parse(ticket.begin_at) > this.now() + CLOCK_MS ? "later" : "received";
      case "making":
        return "making";
      case "ready":
        return "ready";
      case "picked_up":
        return "done";
      default:
        return null;
    }
  }

  lane(name) {
    const rows = [...this.tickets.values()].filter((ticket) => this.laneOf(ticket) === name);
    const key = { done: (ticket) => -Date.parse(ticket.picked_up_at), ready: (ticket) => Date.parse(ticket.ready_at) }[name];
    rows.sort((a, b) => (key ? key(a) - key(b) : Date.parse(a.due_at) - Date.parse(b.due_at)) || a.id - b.id);
    return name === "done" ? rows.slice(0, SHOWN_OVER) : rows;
  }

  /* Since when an order waits to be accepted, ms of the server's clock. */
  waitsSince(ticket) {
    return Date.parse(ticket.begin_at);
  }

  unaccepted() {
    return this.lane("received");
  }

  forgotten() {
    const limit = (this.place?.accept_minutes ?? 5) * 60_000;
    return this.unaccepted().filter((ticket) => this.now() - this.waitsSince(ticket) >= limit);
  }
}

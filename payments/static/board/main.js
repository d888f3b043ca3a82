/* The board of orders. Rows on the server are the truth: nothing is done here before the server has said that it was done. */
import { fill, make } from "./dom.js";
import { Lanes, newsOf, newsPanel } from "./lanes.js";
import { Link } from "./link.js";
import { openPace } from "./pacesheet.js";
import { Screen } from "./screen.js";
import { Sheet } from "./sheet.js";
import { Bell } from "./sound.js";
import { openStops } from "./stopsheet.js";
import { Store } from "./store.js";
import { openTablet } from "./tabletsheet.js";
import { openTicket } from "./ticketsheet.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const at = (id) => document.getElementById(id);
const POST_MS = 8_000;
const SAID_MS = 7_000;

class Board {
  constructor() {
    Object.assign(this, read("board-page"));
    this.store = new Store();
    this.sheet = new Sheet(this.words);
    this.screen = new Screen(() => {});
    this.bell = new Bell(() => this.showSound());
    this.lanes = new Lanes(at("board"), this);
    this.state = "opening";
    this.lostAt = 0;
    this.link = new Link({
      streamUrl: this.urls.stream,
      stateUrl: this.urls.state,
      cursor: () => this.store.cursor,
      hear: (kind, told) => this.hear(kind, told),
      tell: (state) => this.stand(state),
    });
  }

  begin() {
    this.store.take(read("board-state"), true);
    this.showStopCount(this.store.place.stop_count);
    at("open-stops").onclick = () => openStops(this);
    at("open-pace").onclick = () => openPace(this);
    at("open-tablet").onclick = () => openTablet(this);
    at("sound").onclick = () => this.bell.state === "muted" && this.bell.mute(false);
    at("places")?.addEventListener("change", (event) => location.assign(event.target.value));
    for (const tab of document.querySelectorAll("[data-tab]")) tab.onclick = () => this.showTab(tab.dataset.tab);
    this.showTab("received");
    this.showSound();
    this.bell.unlock();
    this.screen.keepAwake();
    this.tick();
    setInterval(() => this.tick(), 1_000);
    this.link.open();
  }

  /* ---- what the server tells ---- */
  hear(kind, told) {
    if (kind === "beat") return this.store.keepTime(told.now);
    const before = this.store.place;
    const changes = this.store.take(told, kind === "board");
    const away = this.lostAt ? (Date.now() - this.lostAt) / 1_000 : 0;
    if (kind === "board" && away) this.tellNews(changes, away, before);
    else this.lanes.mark(changes.map(([, ticket]) => ticket.id));
    this.showStopCount(this.store.place.stop_count);
    this.isNews = changes.some(([old, ticket]) => ticket.status === "received" && old?.status !== "received");
    this.tick();
  }

  tellNews(changes, away, before) {
    this.lostAt = 0;
    this.lanes.mark(changes.map(([, ticket]) => ticket.id));
    const lines = newsOf(changes, this);
    if (before.is_paused !== this.store.place.is_paused) lines.push(this.store.place.is_paused ? this.words.paused : this.words.opened);
    const panel = newsPanel(lines, away, this.words, () => panel.remove());
    at("news").replaceChildren(panel);
  }

  stand(state) {
    this.state = state;
    if (state === "offline" && !this.lostAt) this.lostAt = Date.now();
    document.documentElement.dataset.link = state;
    if (state === "live") at("said").hidden = true;
    const words = this.words.links[state];
    at("link").textContent = words;
    at("offline").hidden = state !== "offline" && state !== "shut";
    at("offline-words").textContent = state === "shut" ? this.words.shut : this.words.offline;
    at("log-in").hidden = state !== "shut";
  }

  /* ---- what the people do ---- */
  async act(id, verb, facts = {}) {
    const ticket = this.store.tickets.get(id);
    this.lanes.setBusy(id, true);
    const answer = await this.post(`${this.urls.tickets}${id}/${verb}`, { seen: ticket?.status ?? "", ...facts });
    this.lanes.setBusy(id, false);
    if (answer?.ticket) {
      this.store.takeOne(answer.ticket);
      this.tick();
    }
  }

  /* Refused when there is no connection: an act kept for later would be done to an order that has moved on. */
  async post(url, facts) {
    if (this.state === "offline" || this.state === "shut" || !navigator.onLine) return this.say(this.words.refused_offline, true);
    try {
      const answer = await fetch(url, {
        method: "POST",
        credentials: "same-origin",
        headers: { Accept: "application/json", "X-CSRFToken": this.csrf },
        body: new URLSearchParams(facts),
        redirect: "manual",
        signal: AbortSignal.timeout(POST_MS),
      });
      if (answer.type === "opaqueredirect" || answer.status === 403) {
        this.stand("shut");
        return null;
      }
      const told = await answer.json();
      if (told.message) this.say(told.message, !told.ok);
      return told;
    } catch {
      // It may have arrived and its answer may be lost: the board shows what became of it as soon as it can see.
      this.say(this.words.unknown, true);
      this.link.look();
      return null;
    }
  }

  async ask(url) {
    try {
      const answer = await fetch(url, { credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(POST_MS) });
      if (!answer.ok) throw new Error(String(answer.status));
      return await answer.json();
    } catch {
      return this.say(this.words.no_answer, true);
    }
  }

  openTicket(id) {
    openTicket(this, id);
  }

  stopItem(item) {
    openStops(this, item);
  }

  /* ---- what is shown ---- */
  say(text, isRefused) {
    const box = at("said");
    box.textContent = text;
    box.className = isRefused ? "said said--bad" : "said";
    box.hidden = false;
    // A sheet lies above everything else, so what is said goes where the eye is.
    (this.sheet.isOpen ? this.sheet.node : document.body).append(box);
    clearTimeout(this.saying);
    this.saying = setTimeout(() => (box.hidden = true), SAID_MS);
    return null;
  }

  tick() {
    this.lanes.show();
    const waiting = this.store.unaccepted().length;
    const forgotten = this.store.forgotten();
    const alarm = at("alarm");
    alarm.hidden = forgotten.length === 0;
    if (forgotten.length)
      at("alarm-words").textContent = fill(this.words.forgotten, { numbers: forgotten.map((ticket) => `№${ticket.number}`).join(", ") });
    this.bell.need(forgotten.length ? "late" : waiting ? "new" : "", this.isNews && waiting > 0);
    this.isNews = false;
    this.showPace();
    document.title = waiting ? `(${waiting}) ${this.title}` : this.title;
    at("clock").textContent = new Date(this.store.now()).toLocaleTimeString("ru-RU", {
      hour: "2-digit",
      minute: "2-digit",
      timeZone: this.store.place.time_zone,
    });
  }

  showPace() {
    const { place } = this.store;
    const over = (iso) => iso && Date.parse(iso) <= this.store.now();
    if (place.is_paused && over(place.paused_until)) place.is_paused = false;
    if (place.is_busy && over(place.busy_until)) place.is_busy = false;
    document.documentElement.dataset.pace = place.is_paused ? "paused" : place.is_busy ? "busy" : "open";
    at("pace-words").textContent = place.is_paused ? this.words.pace_paused : place.is_busy ? this.words.pace_busy : this.words.pace;
  }

  showSound() {
    const state = this.bell.state;
    at("sound").dataset.sound = state;
    at("sound").textContent = this.words.sounds[state];
    at("sound").hidden = state === "on";
  }

  showStopCount(count) {
    at("stop-count").textContent = count ? String(count) : "";
    at("stop-count").hidden = !count;
  }

  showTab(name) {
    at("board").dataset.tab = name;
    for (const tab of document.querySelectorAll("[data-tab]")) tab.setAttribute("aria-selected", String(tab.dataset.tab === name));
  }

  leaveForm() {
    const token = make("input", { type: "hidden", name: "csrfmiddlewaretoken", value: this.csrf });
    const button = make("button", { className: "act act--big" }, this.words.log_out);
    return make("form", { method: "post", action: this.urls.logout }, token, button);
  }
}

const board = new Board();
board.begin();

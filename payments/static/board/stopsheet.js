/* The stop-list: press what has ended, and it is off every guest's menu until the time chosen on top. */
import { clock, fill, make } from "./dom.js";
import { choice, choices } from "./sheet.js";

const UNTIL = "otklik.board.until";
const TIMES = ["hour", "day_end", "tomorrow", "manual"];
let found = "";

const chosenUntil = () => (TIMES.includes(localStorage.getItem(UNTIL)) ? localStorage.getItem(UNTIL) : "tomorrow");

/* `about`: the codes of an ordered line, so that a press on a ticket leads straight to what is in it. */
export const openStops = async (board, about = null) => {
  const { words, sheet } = board;
  sheet.open(words.stop_list, [make("p", { className: "note" }, words.loading)], { name: "stops" });
  const told = await board.ask(board.urls.stops);
  if (sheet.shows !== "stops") return; // closed while it was loading
  if (!told) return sheet.close();
  found = "";
  show(board, told, about);
};

const show = (board, told, about) => {
  const { words, sheet } = board;
  board.showStopCount(told.count);
  const again = (fresh) => show(board, fresh, about);
  const times = TIMES.map((time) =>
    choice(words.until[time], () => (localStorage.setItem(UNTIL, time), again(told)), {
      pressed: time === chosenUntil(),
      name: `until-${time}`,
    }),
  );
  const search = make("input", {
    className: "field",
    type: "search",
    value: found,
    placeholder: words.find,
    "aria-label": words.find,
    oninput: (event) => {
      found = event.target.value;
      filter(sheet.node);
    },
  });
  const groups = about ? groupsAbout(told, about) : told.groups;
  const parts = groups.map((group) => groupPart(board, group, again));
  const all = about && choice(words.whole_list, () => show(board, told, null), { kind: "big" });
  sheet.open(about ? about.title : words.stop_list, [choices(words.until_title, times), !about && search, ...parts, all].filter(Boolean), {
    name: "stops",
  });
  filter(sheet.node);
};

const groupsAbout = (told, about) => {
  const codes = new Set([`product:${about.code}`, ...about.option_codes.map((code) => `option:${code}`)]);
  return told.groups
    .map((group) => ({ ...group, rows: group.rows.filter((row) => codes.has(row.key)) }))
    .filter((group) => group.rows.length);
};

const filter = (node) => {
  const wanted = found.trim().toLowerCase();
  for (const row of node.querySelectorAll(".stop")) row.hidden = !row.dataset.name.includes(wanted);
};

const groupPart = (board, group, again) =>
  make(
    "section",
    { className: "stops" },
    make("h3", {}, group.name),
    group.rows.map((row) => rowPart(board, row, again)),
  );

const rowPart = (board, row, again) => {
  const { words } = board;
  const send = async (facts) => {
    const fresh = await board.post(board.urls.stops, { key: row.key, until: chosenUntil(), ...facts });
    if (fresh?.ok) again(fresh.stops);
  };
  const left = row.is_stopped ? row.left : null;
  const has = left !== null && left > 0;
  const less = choice("−", () => send({ left: Math.max(0, (left ?? 1) - 1) }), { kind: "step", name: "less" });
  const more = choice("+", () => send({ left: (left ?? 0) + 1 }), { kind: "step", name: "more" });
  less.setAttribute("aria-label", words.less);
  more.setAttribute("aria-label", words.count_more);
  less.disabled = !has;
  const main = row.is_stopped
    ? choice(words.put_back, () => send({ back: "yes" }), { kind: "calm", name: "back" })
    : choice(words.stop, () => send({}), { kind: "danger", name: "stop" });
  return make(
    "div",
    {
      className: `stop ${row.is_stopped ? (has ? "stop--few" : "stop--ended") : ""}`,
      data: { name: row.name.toLowerCase(), key: row.key },
    },
    make(
      "span",
      { className: "stop-what" },
      make("b", {}, row.name),
      make("small", {}, row.is_stopped ? stateOf(row, board) : row.where),
    ),
    make("span", { className: "stop-left" }, less, make("output", {}, left === null ? "·" : String(left)), more),
    main,
  );
};

const stateOf = (row, board) => {
  const { words, store } = board;
  const what = row.left ? fill(words.left, { n: row.left }) : words.ended;
  const day = (ms) => new Date(ms).toLocaleDateString("ru-RU", { day: "numeric", month: "short", timeZone: store.place.time_zone });
  if (!row.until) return `${what}, ${words.until.manual.toLowerCase()}`;
  const at = Date.parse(row.until);
  const today = day(at) === day(store.now());
  return `${what}, ${fill(words.back_at, { time: (today ? "" : `${day(at)} `) + clock(at, store.place.time_zone) })}`;
};

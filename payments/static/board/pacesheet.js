/* The pace of the place: orders on pause, or on with a longer preparation; guests see either at once. */
import { clock, fill, make } from "./dom.js";
import { choice, choices } from "./sheet.js";

export const openPace = (board) => {
  const { words, sheet, store } = board;
  const { place } = store;
  const zone = place.time_zone;
  const send = async (facts) => {
    sheet.close();
    await board.post(board.urls.pace, facts);
  };
  let reason = words.pause_reasons[0];
  const reasons = words.pause_reasons.map((text) =>
    choice(text, (event) => {
      reason = text;
      for (const button of event.target.parentElement.children) button.setAttribute("aria-pressed", String(button === event.target));
    }, { pressed: text === reason }),
  );
  const spans = [15, 30, 60, 0];
  const pauses = spans.map((minutes) =>
    choice(minutes ? fill(words.minutes, { n: minutes }) : words.until_reopened, () => send({ what: "pause", minutes, reason }), {
      kind: "danger",
      name: `pause-${minutes}`,
    }),
  );
  const busy = spans.map((minutes) =>
    choice(minutes ? fill(words.minutes, { n: minutes }) : words.until_calm, () => send({ what: "busy", minutes }), { kind: "big", name: `busy-${minutes}` }),
  );
  const until = (iso) => (iso ? fill(words.until_clock, { time: clock(Date.parse(iso), zone) }) : words.until_reopened);
  const parts = [
    place.is_paused
      ? make(
          "section",
          { className: "choices" },
          make("p", { className: "note note--bad" }, `${words.paused} ${until(place.paused_until)}. ${place.pause_reason}`),
          choice(words.open_orders, () => send({ what: "open" }), { kind: "go", name: "open" }),
        )
      : make("div", {}, choices(words.pause_reason_title, reasons), choices(words.pause_title, pauses)),
    place.is_busy
      ? make(
          "section",
          { className: "choices" },
          make("p", { className: "note" }, `${fill(words.busy_is_on, { n: place.busy_minutes })} ${place.busy_until ? until(place.busy_until) : ""}`),
          choice(words.calm, () => send({ what: "calm" }), { kind: "go", name: "calm" }),
        )
      : choices(fill(words.busy_title, { n: place.busy_minutes }), busy),
  ];
  sheet.open(words.pace, parts, { name: "pace" });
};

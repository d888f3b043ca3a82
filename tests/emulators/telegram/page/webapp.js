// A Mini App in its frame, and Telegram's side of the wire: theme, main and back button, closing, payments.
// https://core.telegram.org/api/web-events and https://core.telegram.org/api/bots/webapps

import { find, icon, make } from "./dom.js";

const dialog = find("dialog");
const THEME = {
  bg_color: "--panel", text_color: "--text", hint_color: "--dim", link_color: "--accent", button_color: "--accent", button_text_color: "--accent-text",
  secondary_bg_color: "--hover", header_bg_color: "--panel", section_bg_color: "--panel", accent_text_color: "--accent", destructive_text_color: "--danger",
};

/** The page's own colours as Telegram tells them: six hexadecimal digits each. */
function themeParams() {
  const probe = make("i");
  document.body.append(probe);
  const told = {};
  for (const [name, variable] of Object.entries(THEME)) {
    probe.style.color = `var(${variable})`;
    const numbers = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number);
    told[name] = `#${numbers.slice(0, 3).map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
  }
  probe.remove();
  return told;
}

/** Opens the page; `pay(slug)` shows the payment sheet of an invoice and resolves with paid, cancelled or failed. */
export function openApp(title, url, initData, pay = async () => "failed") {
  const launch = new URLSearchParams({
    tgWebAppData: initData, tgWebAppVersion: "8.0", tgWebAppPlatform: "web", tgWebAppThemeParams: JSON.stringify(themeParams()),
  });
  const frame = make("iframe", { src: `${url}${url.includes("#") ? "&" : "#"}${launch}`, title });
  const back = make("button", { class: "icon", type: "button", "aria-label": "Назад", hidden: true, onclick: () => tell("back_button_pressed") });
  back.append(icon("M15 5l-7 7 7 7"));
  const main = make("button", { class: "app-main", type: "button", hidden: true, onclick: () => tell("main_button_pressed") });
  const tell = (eventType, eventData = null) => frame.contentWindow?.postMessage(JSON.stringify({ eventType, eventData }), "*");

  const doings = {
    web_app_request_theme: () => tell("theme_changed", { theme_params: themeParams() }),
    web_app_request_viewport: () => tell("viewport_changed", { height: frame.clientHeight, width: frame.clientWidth, is_state_stable: true, is_expanded: true }),
    web_app_setup_back_button: ({ is_visible }) => { back.hidden = !is_visible; },
    web_app_setup_main_button: (given) => setMain(main, given),
    web_app_open_link: (given) => window.open(given.url, "_blank", "noopener"),
    web_app_open_invoice: async ({ slug }) => tell("invoice_closed", { slug, status: await paySheet(main, () => pay(slug)) }),
    web_app_close: () => dialog.close(""),
  };
  const hear = ({ source, data }) => {
    if (source !== frame.contentWindow || typeof data !== "string") return;
    const { eventType, eventData } = JSON.parse(data);
    doings[eventType]?.(eventData || {});
  };
  const theme = new MutationObserver(() => tell("theme_changed", { theme_params: themeParams() }));

  window.addEventListener("message", hear);
  theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  dialog.className = "app-window";
  dialog.replaceChildren(
    make("div", { class: "bar" }, back, make("b", { class: "who" }, title),
      make("button", { class: "icon", type: "button", "aria-label": "Закрыть", onclick: () => dialog.close("") }, "✕")),
    frame, main);
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => {
    window.removeEventListener("message", hear);
    theme.disconnect();
    dialog.replaceChildren(); // the page behind the frame is over
    resolve();
  }, { once: true }));
}

/** Telegram's payment sheet under the page: agree or leave. */
function paySheet(main, pay) {
  return new Promise((resolve) => {
    const done = (status) => { sheet.remove(); resolve(status); };
    const sheet = make("div", { class: "pay-sheet", role: "group", "aria-label": "Оплата" },
      make("button", { class: "primary", type: "button", onclick: () => pay().then(done) }, "Оплатить картой •• 4242"),
      make("button", { type: "button", onclick: () => done("cancelled") }, "Отмена"));
    main.before(sheet);
    sheet.firstChild.focus();
  });
}

function setMain(main, { is_visible, is_active, is_progress_visible, text, color, text_color }) {
  main.hidden = !is_visible;
  main.disabled = !is_active;
  main.textContent = is_progress_visible ? "…" : text;
  main.style.background = color || "";
  main.style.color = text_color || "";
}

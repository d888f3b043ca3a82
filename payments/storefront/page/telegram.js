// The wire to the Telegram app around this page, without Telegram's own script: a slowed telegram.org must not hold up the menu.
// https://core.telegram.org/api/web-events and https://core.telegram.org/api/bots/webapps

const hash = new URLSearchParams(location.hash.slice(1));
const kept = {
  get: (name) => { try { return sessionStorage.getItem(name) || ""; } catch { return ""; } },
  set: (name, value) => { try { sessionStorage.setItem(name, value); } catch { /* a private window forgets, no more */ } },
};

function launched(name) {
  const value = hash.get(name);
  if (value) kept.set(name, value); // a reload comes without what Telegram put behind the #
  return value || kept.get(name);
}

export const initData = launched("tgWebAppData");
const version = launched("tgWebAppVersion") || "6.0";
const inFrame = window.parent !== window;
const proxy = window.TelegramWebviewProxy;
export const isTelegram = Boolean(initData && (proxy || inFrame));
const listeners = {};

export const isAtLeast = (wanted) => {
  const [a, b] = [version, wanted].map((text) => text.split(".").map(Number));
  return a[0] !== b[0] ? a[0] > b[0] : (a[1] || 0) >= (b[1] || 0);
};

export function post(eventType, eventData = {}) {
  if (!isTelegram) return;
  if (proxy) proxy.postEvent(eventType, JSON.stringify(eventData));
  else window.parent.postMessage(JSON.stringify({ eventType, eventData }), "*"); // nothing secret is ever said here
}

export const on = (name, listener) => { (listeners[name] ||= []).push(listener); };
const receive = (name, data) => (listeners[name] || []).forEach((listener) => listener(data));

// Phones and the desktop call a function, the web version posts a message.
window.Telegram = { WebView: { receiveEvent: receive } };
window.TelegramGameProxy_receiveEvent = receive;
window.TelegramGameProxy = { receiveEvent: receive };
if (inFrame) {
  window.addEventListener("message", ({ source, data }) => {
    if (source !== window.parent || typeof data !== "string") return;
    try {
      const { eventType, eventData } = JSON.parse(data);
      if (eventType === "reload_iframe") location.reload();
      else if (eventType) receive(eventType, eventData);
    } catch { /* not for us */ }
  });
}

// --- colours ---------------------------------------------------------------------------------------------------------

const COLOUR = /^#[0-9a-f]{6}$/i;

function lightness(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function paint(theme) {
  const root = document.documentElement;
  for (const [name, colour] of Object.entries(theme || {})) {
    if (COLOUR.test(colour)) root.style.setProperty(`--tg-${name.replaceAll("_", "-")}`, colour);
  }
  if (COLOUR.test(theme?.bg_color)) root.dataset.theme = lightness(theme.bg_color) < 0.5 ? "dark" : "light";
}

// --- buttons ---------------------------------------------------------------------------------------------------------

let pressed = () => {};
on("main_button_pressed", () => pressed());

export function mainButton({ text, isVisible = true, isActive = true, isBusy = false }, press = () => {}) {
  pressed = press;
  const css = getComputedStyle(document.documentElement);
  const colour = (name, otherwise) => { const value = css.getPropertyValue(name).trim(); return COLOUR.test(value) ? value : otherwise; };
  post("web_app_setup_main_button", {
    is_visible: isVisible, is_active: isActive && !isBusy, is_progress_visible: isBusy, text: text || " ",
    color: colour("--tg-button-color", "#8c4a2f"), text_color: colour("--tg-button-text-color", "#ffffff"),
  });
}

export const backButton = (isVisible) => post("web_app_setup_back_button", { is_visible: isVisible });
export const askBeforeClosing = (need) => isAtLeast("6.2") && post("web_app_setup_closing_behavior", { need_confirmation: need });

export function haptic(kind) {
  if (!isAtLeast("6.1")) return;
  const feel = {
    tap: { type: "impact", impact_style: "light" }, choose: { type: "selection_change" },
    done: { type: "notification", notification_type: "success" }, trouble: { type: "notification", notification_type: "error" },
  };
  post("web_app_trigger_haptic_feedback", feel[kind]);
}

/** Opens Telegram's own payment sheet over the page; resolves with paid, cancelled, failed or pending. */
export const openInvoice = (url) => new Promise((resolve) => {
  const slug = url.replace(/^.*[/$]/, "").replace(/^invoice\//, "");
  const listen = (answer) => {
    if (answer?.slug !== slug) return;
    listeners.invoice_closed.splice(listeners.invoice_closed.indexOf(listen), 1);
    resolve(answer.status);
  };
  on("invoice_closed", listen);
  post("web_app_open_invoice", { slug });
});

export const openLink = (url) => { if (isTelegram) post("web_app_open_link", { url }); else location.assign(url); };

export function begin() {
  if (!isTelegram) return;
  document.documentElement.classList.add("telegram");
  try { paint(JSON.parse(launched("tgWebAppThemeParams") || "{}")); } catch { /* its colours come with the event below */ }
  on("theme_changed", ({ theme_params }) => paint(theme_params));
  post("iframe_ready", { reload_supported: true });
  post("web_app_request_theme");
  if (isAtLeast("6.1")) {
    post("web_app_set_header_color", { color_key: "bg_color" });
    post("web_app_set_background_color", { color: getComputedStyle(document.documentElement).getPropertyValue("--bg").trim() || "#ffffff" });
  }
  if (isAtLeast("7.7")) post("web_app_setup_swipe_behavior", { allow_vertical_swipe: false });
  post("web_app_ready");
  post("web_app_expand");
}

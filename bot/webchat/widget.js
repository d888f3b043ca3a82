/* The site chat. One file, no framework, nothing of the host page is touched: everything lives in a shadow root.
   Texts reach the page as text nodes only. What the visitor says waits in localStorage until the server has it. */
(() => {
  "use strict";
  const script = document.currentScript || document.querySelector("script[data-key][src*='/chat/widget.js']");
  if (!script || !script.dataset.key || window.Otklik) return;

  const KEY = script.dataset.key;
  const BASE = new URL(`${encodeURIComponent(KEY)}/`, new URL(".", script.src)).href;
  const MAX_TEXT = 4000;
  const PHONE_WIDTH = "(max-width: 480px)";
  const FIRST_WORD_MS = 10000; // a stream that is silent this long at the start is held back by something in between
  const SILENCE_MS = 40000; // the server's heartbeat comes each 15 s
  const POLL_MS = 4000;
  const TYPING_MS = 6000;

  const WORDS = {
    ru: {
      open: "Открыть чат", close: "Закрыть чат", unread: "непрочитанных", write: "Напишите сообщение…", field: "Сообщение",
      send: "Отправить", you: "Вы", bot: "Бот", manager: "Менеджер", sending: "отправляется", delivered: "доставлено",
      waiting: "ждёт соединения", failed: "не отправлено", retry: "Повторить", remove: "Удалить", typing: "печатает",
      offline: "Нет соединения. Сообщения уйдут, как только оно появится.", earlier: "Показать более ранние",
      newer: "Новые сообщения", log: "Переписка", file: "Файл", phone: "Ваш телефон", give: "Отправить номер",
      cancel: "Не сейчас", policy: "Политика", badPhone: "Проверьте номер: нужно не меньше 10 цифр.",
      noConsent: "Отметьте согласие, без него мы не можем принять номер.",
      consent: "Я согласен на обработку номера телефона, чтобы со мной связались.",
    },
    en: {
      open: "Open chat", close: "Close chat", unread: "unread", write: "Write a message…", field: "Message",
      send: "Send", you: "You", bot: "Bot", manager: "Manager", sending: "sending", delivered: "delivered",
      waiting: "waiting for connection", failed: "not sent", retry: "Retry", remove: "Delete", typing: "is typing",
      offline: "No connection. Your messages will be sent as soon as it is back.", earlier: "Show earlier",
      newer: "New messages", log: "Conversation", file: "File", phone: "Your phone number", give: "Send the number",
      cancel: "Not now", policy: "Policy", badPhone: "Please check the number: at least 10 digits.",
      noConsent: "Please tick the consent, we cannot take the number without it.",
      consent: "I agree that my phone number is processed so that I can be contacted.",
    },
  };

  // ---- what is kept between pages ----------------------------------------------------------------------------------

  const memory = new Map(); // stands in where the browser forbids storage
  const keep = (area) => ({
    get(name) {
      try {
        return JSON.parse(window[area].getItem(`otklik:${KEY}:${name}`));
      } catch {
        return memory.has(name) ? memory.get(name) : null;
      }
    },
    set(name, value) {
      memory.set(name, value);
      try {
        if (value === null) window[area].removeItem(`otklik:${KEY}:${name}`);
        else window[area].setItem(`otklik:${KEY}:${name}`, JSON.stringify(value));
      } catch { /* memory has it */ }
    },
  });
  const local = keep("localStorage");
  const session = keep("sessionStorage");
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel(`otklik:${KEY}`) : null;

  const queue = () => local.get("queue") || [];
  const changeQueue = (change) => local.set("queue", change(queue()));
  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("");

  /** One tab at a time; where the browser has no locks every tab does it, and the server sees the same ids. */
  const alone = (name, work) =>
    navigator.locks ? navigator.locks.request(`otklik:${KEY}:${name}`, work) : work();

  // ---- talking to the server ---------------------------------------------------------------------------------------

  class Refusal extends Error {
    constructor(status, code, retryAfter) {
      super(code);
      this.status = status;
      this.retryAfter = retryAfter;
    }
  }

  async function request(path, { method = "GET", body, token, headers = {}, signal } = {}) {
    const options = { method, signal, cache: "no-store", credentials: "omit", headers: { ...headers } };
    if (token) options.headers.Authorization = `Bearer ${token}`;
    if (body) {
      options.headers["Content-Type"] = "application/json";
      options.body = JSON.stringify(body);
    }
    const response = await fetch(BASE + path, options);
    if (response.ok) return response;
    const told = await response.json().catch(() => ({}));
    throw new Refusal(response.status, (told.error || {}).code || "error", Number(response.headers.get("Retry-After")) || 0);
  }

  /** Ask as this visitor; a token the server does not know (any more) is replaced once. */
  async function ask(path, options = {}) {
    try {
      return await request(path, { ...options, token: await token() });
    } catch (error) {
      if (error.status !== 401) throw error;
      local.set("token", null);
      return request(path, { ...options, token: await token() });
    }
  }

  const token = () =>
    local.get("token") ||
    alone("session", async () => {
      if (!local.get("token")) {
        const answer = await (await request("session", { method: "POST", body: {} })).json();
        local.set("token", answer.token);
      }
      return local.get("token");
    });

  // ---- the talk ----------------------------------------------------------------------------------------------------

  const items = new Map(); // id -> item the server has
  let cursor = 0;
  let hasEarlier = false;
  let sentAt = 0; // when the visitor's last words arrived

  function accept(item, share) {
    cursor = Math.max(cursor, Number(item.cursor));
    if (items.has(item.id)) return;
    items.set(item.id, item);
    if (item.role !== "user") hideTyping();
    if (share && tabs) tabs.postMessage({ item });
    draw();
  }

  function acceptPage(page) {
    for (const item of page.items) {
      items.set(item.id, item);
      cursor = Math.max(cursor, Number(item.cursor));
    }
    draw();
  }

  const said = () => [...items.values()].sort((a, b) => a.cursor - b.cursor || (a.id < b.id ? -1 : 1));
  const unread = () => {
    const read = local.get("read") || 0;
    return said().filter((item) => item.role !== "user" && Number(item.cursor) > read).length;
  };

  async function loadHistory() {
    const page = await (await ask("messages")).json();
    hasEarlier = page.has_earlier;
    acceptPage(page);
  }

  async function loadEarlier() {
    const page = await (await ask(`messages?before=${said()[0].cursor}`)).json();
    hasEarlier = page.has_earlier;
    const height = ui.log.scrollHeight; // before the older ones push it down
    acceptPage(page);
    ui.log.scrollTop += ui.log.scrollHeight - height; // what was in sight stays in sight
  }

  function say(message) {
    changeQueue((waiting) => [...waiting, { id: newId(), at: new Date().toISOString(), ...message }]);
    draw(true);
    live.begin();
    flush();
  }

  /** Send what waits, in order. Network trouble waits for better times; a refusal is shown with a button. */
  let again = 0;
  let patience = 1000;
  const flush = () => alone("flush", async () => {
    clearTimeout(again);
    for (;;) {
      const next = queue().find((message) => !message.failed);
      if (!next) return;
      try {
        await deliver(next);
        patience = 1000;
      } catch (error) {
        if (error instanceof Refusal && error.status < 500 && error.status !== 429 && error.status !== 401) {
          changeQueue((all) => all.map((one) => (one.id === next.id ? { ...one, failed: true } : one)));
          draw();
          continue;
        }
        again = setTimeout(flush, Math.max((error.retryAfter || 0) * 1000, patience));
        patience = Math.min(patience * 2, 30000);
        draw();
        return;
      }
    }
  }).catch(() => {});

  async function deliver(message) {
    const { at, failed, ...body } = message;
    const answer = await (await ask("messages", { method: "POST", body: { ...body, lang } })).json();
    changeQueue((all) => all.filter((one) => one.id !== message.id));
    sentAt = Date.now();
    if (answer.item) accept(answer.item, true);
    else draw();
  }

  function begin() {
    if (local.get("started")) return;
    local.set("started", true);
    const page = { url: location.href, title: document.title, ...session.get("arrival") };
    changeQueue((waiting) => [{ id: "start", kind: "start", data: script.dataset.start || "", page }, ...waiting]);
    live.begin();
    flush();
  }

  /** Remember on the first page of a visit where the visitor came from; the chat may be opened three pages later. */
  function noteArrival() {
    if (session.get("arrival")) return;
    const utm = {};
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (name.startsWith("utm_")) utm[name.slice(4)] = value;
    }
    session.set("arrival", { referrer: document.referrer, utm });
  }

  let toldAt = 0;
  function tellTyping() {
    // Only words that still wait for their answer can wait a little longer.
    if (Date.now() - sentAt > 6000 || Date.now() - toldAt < 1000) return;
    toldAt = Date.now();
    ask("typing", { method: "POST", body: {} }).catch(() => {});
  }

  // ---- the live stream ---------------------------------------------------------------------------------------------

  const live = {
    started: false,
    polling: false,
    wake: () => {},

    /** Only a visitor who has talked listens; of several tabs one listens and tells the others. */
    begin() {
      if (live.started) return;
      live.started = true;
      alone("live", () => live.run());
    },

    async run() {
      let delay = 1000;
      for (;;) {
        const startedAt = Date.now();
        try {
          await live.read();
          delay = 1000;
        } catch (error) {
          if (error.status === 404 || error.status === 403) return;
          delay = Math.max(Date.now() - startedAt > 60000 ? 1000 : Math.min(delay * 2, 30000), (error.retryAfter || 0) * 1000);
          live.poll();
        }
        await live.rest(delay * (0.5 + Math.random() / 2)); // not all visitors at once after a restart
      }
    },

    rest: (ms) => new Promise((resolve) => {
      live.wake = resolve;
      setTimeout(resolve, ms);
    }),

    async read() {
      const stop = new AbortController();
      let timer = setTimeout(() => stop.abort(), FIRST_WORD_MS);
      const headers = { Accept: "text/event-stream" };
      if (cursor) headers["Last-Event-ID"] = String(cursor);
      try {
        const response = await ask("stream", { headers, signal: stop.signal });
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = "";
        for (;;) {
          const { value, done } = await reader.read();
          if (done) return;
          clearTimeout(timer);
          timer = setTimeout(() => stop.abort(), SILENCE_MS);
          const frames = (rest + value).split("\n\n");
          rest = frames.pop();
          frames.forEach(live.hear);
        }
      } finally {
        clearTimeout(timer);
      }
    },

    hear(frame) {
      const field = (name) => (frame.match(new RegExp(`^${name}: (.*)$`, "m")) || [])[1];
      const event = field("event");
      if (!event) return;
      const data = JSON.parse(field("data"));
      if (event === "message") accept(data, true);
      if (event === "ready") {
        live.polling = false;
        setOffline(false);
      }
      if (event === "typing") {
        showTyping(data.role);
        if (tabs) tabs.postMessage({ typing: data.role });
      }
    },

    /** Until a stream gets through, ask. */
    async poll() {
      if (live.polling) return;
      live.polling = true;
      while (live.polling) {
        try {
          const page = await (await ask(cursor ? `messages?after=${cursor}` : "messages")).json();
          page.items.forEach((item) => accept(item, true));
          setOffline(false);
        } catch (error) {
          setOffline(!(error instanceof Refusal));
        }
        await new Promise((resolve) => setTimeout(resolve, isOpen && !document.hidden ? POLL_MS : POLL_MS * 5));
      }
    },
  };

  // ---- drawing -----------------------------------------------------------------------------------------------------

  const STYLE = /* css */ `
    :host { all: initial; }
    * { box-sizing: border-box; margin: 0; font: inherit; letter-spacing: normal; }
    [hidden] { display: none !important; }
    .root {
      --paper: #fff; --wall: #f3f4f6; --ink: #1b1f24; --quiet: #5b6470; --line: #d9dde3; --theirs: #fff; --bad: #b3261e;
      color-scheme: light; font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif;
      color: var(--ink); text-align: left; -webkit-text-size-adjust: 100%;
    }
    @media (prefers-color-scheme: dark) {
      .root {
        --paper: #1d2025; --wall: #14161a; --ink: #eceef1; --quiet: #a3acb8; --line: #3a4049; --theirs: #262a31; --bad: #ff9c92;
        color-scheme: dark;
      }
    }
    button, a, textarea, input { -webkit-tap-highlight-color: transparent; }
    button { cursor: pointer; border: 0; background: none; color: inherit; min-width: 44px; min-height: 44px; touch-action: manipulation; }
    :focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; box-shadow: 0 0 0 2px var(--paper); }
    .hush { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

    .launch {
      position: fixed; bottom: calc(20px + env(safe-area-inset-bottom, 0px)); right: 20px; z-index: 2147483000;
      width: 60px; height: 60px; border-radius: 50%; background: var(--accent); color: var(--on-accent);
      box-shadow: 0 4px 18px rgb(0 0 0 / .28); display: grid; place-items: center; transition: transform .15s;
    }
    .launch:hover { transform: translateY(-2px); }
    .left .launch { right: auto; left: 20px; }
    .launch svg { width: 28px; height: 28px; }
    .badge {
      position: absolute; top: -4px; right: -4px; min-width: 24px; height: 24px; padding: 0 6px; border-radius: 12px;
      background: #c5221f; color: #fff; font-size: 13px; font-weight: 700; line-height: 20px; border: 2px solid var(--paper);
    }

    .panel {
      position: fixed; bottom: calc(20px + env(safe-area-inset-bottom, 0px)); right: 20px; z-index: 2147483001;
      width: 380px; height: min(620px, calc(100vh - 40px)); max-width: calc(100vw - 40px);
      display: flex; flex-direction: column; overflow: hidden; border-radius: 18px; background: var(--wall);
      border: 1px solid var(--line); box-shadow: 0 12px 48px rgb(0 0 0 / .3); animation: rise .18s ease-out;
    }
    .left .panel { right: auto; left: 20px; }
    @keyframes rise { from { opacity: 0; transform: translateY(14px); } }
    .panel:focus { outline: none; }
    header { display: flex; align-items: center; gap: 8px; padding: 8px 8px 8px 18px; background: var(--accent); color: var(--on-accent); }
    header div { flex: 1; min-width: 0; }
    h2 { font-size: 17px; font-weight: 650; line-height: 1.25; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    header p { font-size: 13px; opacity: .92; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    header button { border-radius: 12px; display: grid; place-items: center; }
    header button:hover { background: rgb(127 127 127 / .25); }
    header :focus-visible { outline-color: var(--on-accent); outline-offset: -4px; box-shadow: none; }
    header svg { width: 22px; height: 22px; }

    .notice { padding: 8px 18px; font-size: 13px; background: #fff3cd; color: #4d3b00; }
    .log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 14px 14px 6px; display: flex; flex-direction: column; gap: 8px; }
    .log:focus-visible { outline-offset: -4px; box-shadow: none; }
    .intro { align-self: center; max-width: 92%; padding: 4px 8px 10px; color: var(--quiet); text-align: center; white-space: pre-line; }
    .message { display: flex; flex-direction: column; align-items: flex-start; max-width: 86%; align-self: flex-start; gap: 3px; }
    .message.user { align-items: flex-end; align-self: flex-end; }
    .bubble {
      padding: 9px 13px; border-radius: 16px 16px 16px 5px; background: var(--theirs); border: 1px solid var(--line);
      white-space: pre-wrap; overflow-wrap: anywhere; max-width: 100%;
    }
    .user .bubble { background: var(--accent); color: var(--on-accent); border-color: transparent; border-radius: 16px 16px 5px 16px; }
    .bubble a { color: inherit; text-decoration: underline; text-underline-offset: 2px; }
    .bubble img { display: block; max-width: 100%; max-height: 260px; border-radius: 10px; }
    .bubble img:not(:only-child) { margin-bottom: 6px; }
    .meta { font-size: 12px; color: var(--quiet); padding: 0 4px; display: flex; gap: 6px; align-items: center; flex-wrap: wrap; }
    .meta .bad { color: var(--bad); font-weight: 600; }
    .meta button { text-decoration: underline; color: var(--ink); padding: 0 6px; }
    .choices { display: flex; flex-wrap: wrap; gap: 8px; padding: 4px 0 2px; }
    .choice {
      min-height: 44px; padding: 8px 16px; border-radius: 22px; border: 1.5px solid var(--accent); background: var(--paper);
      border-color: color-mix(in srgb, var(--accent) 60%, var(--ink));
      color: var(--ink); font-weight: 550; text-decoration: none; display: inline-flex; align-items: center; text-align: left; overflow-wrap: anywhere;
    }
    .choice:hover { background: var(--accent); color: var(--on-accent); }
    .more { align-self: center; padding: 0 14px; color: var(--quiet); text-decoration: underline; }
    .typing { display: flex; gap: 5px; align-items: center; padding: 4px 18px 8px; color: var(--quiet); font-size: 13px; min-height: 28px; }
    .dots { display: inline-flex; gap: 4px; }
    .dots i { width: 6px; height: 6px; border-radius: 50%; background: var(--quiet); animation: blink 1.2s infinite; }
    .dots i:nth-child(2) { animation-delay: .2s; }
    .dots i:nth-child(3) { animation-delay: .4s; }
    @keyframes blink { 30% { opacity: .25; } }
    .newer { position: absolute; bottom: 84px; left: 50%; transform: translateX(-50%); padding: 0 16px; border-radius: 22px;
      background: var(--ink); color: var(--paper); font-size: 13px; box-shadow: 0 3px 12px rgb(0 0 0 / .3); }

    .say { display: flex; align-items: flex-end; gap: 8px; padding: 10px 10px calc(10px + env(safe-area-inset-bottom, 0px)) 12px;
      background: var(--paper); border-top: 1px solid var(--line); }
    textarea, input[type=tel] {
      flex: 1; min-width: 0; width: 100%; min-height: 44px; padding: 10px 14px; border: 1px solid var(--quiet); border-radius: 22px; resize: none;
      background: var(--paper); color: var(--ink); font-size: 16px; line-height: 22px; /* below 16 px phones zoom in */
    }
    textarea { max-height: 132px; display: block; }
    textarea::placeholder, input::placeholder { color: var(--quiet); opacity: 1; }
    textarea:focus-visible, input[type=tel]:focus-visible { outline-offset: 0; outline-width: 2px; box-shadow: none; }
    .go { width: 44px; height: 44px; border-radius: 50%; background: var(--accent); color: var(--on-accent); display: grid; place-items: center; flex: none; }
    .go[aria-disabled=true] { opacity: .45; cursor: default; }
    .go svg { width: 20px; height: 20px; }

    .phone { padding: 14px; background: var(--paper); border-top: 1px solid var(--line); display: flex; flex-direction: column; gap: 10px; }
    .phone label { font-weight: 600; }
    .phone .consent { display: flex; gap: 10px; font-weight: 400; font-size: 13px; color: var(--quiet); align-items: center; min-height: 44px; }
    .phone input[type=checkbox] { width: 22px; height: 22px; flex: none; accent-color: var(--accent); }
    .phone .consent a { color: var(--ink); }
    .phone .error { color: var(--bad); font-size: 13px; font-weight: 600; }
    .phone .acts { display: flex; gap: 8px; flex-wrap: wrap; }
    .phone .give { flex: 1 0 auto; border-radius: 22px; background: var(--accent); color: var(--on-accent); font-weight: 600; padding: 0 16px; }
    .phone .cancel { padding: 0 14px; color: var(--quiet); }

    @media ${PHONE_WIDTH} {
      .panel, .left .panel {
        inset: 0; width: 100%; max-width: none; height: var(--seen, 100dvh); top: var(--above, 0px); bottom: auto; border: 0; border-radius: 0;
      }
      .launch, .left .launch { bottom: calc(16px + env(safe-area-inset-bottom, 0px)); }
      .launch { right: 16px; } .left .launch { left: 16px; }
    }
    @media (prefers-reduced-motion: reduce) { *, *::before { animation: none !important; transition: none !important; } }
    @media (forced-colors: active) { .launch, .go, .give, .bubble, .choice { border: 1px solid ButtonText; } }
    @media print { .root { display: none; } }
  `;
  const ICONS = {
    chat: "M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z",
    close: "M6 6l12 12M18 6L6 18",
    send: "M4 12l16-8-5 16-3-7-8-1z",
  };

  /** Build an element; strings become text nodes, so nobody's words are ever read as HTML. */
  function el(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value != null) node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child != null));
    return node;
  }

  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [attribute, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", fill: "none",
      stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round" })) {
      svg.setAttribute(attribute, value);
    }
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  }

  const webAddress = (url) => (/^(https?:\/\/|tel:|mailto:)/i.test(url || "") ? url : "");
  const link = (url, text, attributes = {}) =>
    el("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow", ...attributes }, text);

  /** Text with its web addresses made clickable. */
  function linked(text) {
    return text.split(/(https?:\/\/[^\s<>"'«»]*[^\s<>"'«».,;:!?)\]])/i)
      .map((part, number) => (number % 2 ? link(part, part) : part));
  }

  let config;
  let lang = "ru";
  let t = WORDS.ru;
  const ui = {};
  const bubbles = new Map(); // id -> element in the log
  let isOpen = false;
  const phone = matchMedia(PHONE_WIDTH);

  function build() {
    const host = el("div", { id: "otklik-widget" });
    const shadow = host.attachShadow({ mode: "open" });
    style(shadow);
    ui.root = el("div", { class: `root ${config.position === "left" ? "left" : ""}`, lang });
    ui.root.style.setProperty("--accent", config.color);
    ui.root.style.setProperty("--on-accent", inkOn(config.color));
    ui.badge = el("span", { class: "badge", hidden: true, "aria-hidden": "true" });
    ui.launch = el("button", { class: "launch", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false",
      onclick: () => open() }, icon("chat"), ui.badge);
    ui.root.append(ui.launch, buildPanel());
    shadow.append(ui.root);
    document.body.append(host);
  }

  /** A constructed sheet passes a host page's Content-Security-Policy, a <style> may not. */
  function style(shadow) {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      shadow.adoptedStyleSheets = [sheet];
    } catch {
      shadow.append(el("style", {}, STYLE));
    }
  }

  function inkOn(color) {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = parseInt(color.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    return 1.05 / (light + 0.05) >= (light + 0.05) / 0.0585 ? "#ffffff" : "#14161a"; // the better contrast of the two
  }

  function buildPanel() {
    const close_ = el("button", { type: "button", "aria-label": t.close, onclick: () => close() }, icon("close"));
    const head = el("header", {}, el("div", {}, el("h2", { id: "title" }, config.title),
      config.subtitle ? el("p", {}, config.subtitle) : null), close_);
    ui.notice = el("div", { class: "notice", role: "status", hidden: true }, t.offline);
    ui.intro = config.greeting ? el("p", { class: "intro" }, config.greeting) : null;
    ui.earlier = el("button", { class: "more", type: "button", hidden: true, onclick: () => loadEarlier().catch(() => {}) }, t.earlier);
    ui.log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": t.log, tabindex: "0",
      onscroll: () => { if (atBottom()) ui.newer.hidden = true; } }, ui.earlier, ui.intro);
    ui.newer = el("button", { class: "newer", type: "button", hidden: true, onclick: toBottom }, t.newer);
    ui.typing = el("div", { class: "typing", role: "status", hidden: true });
    ui.panel = el("div", { class: "panel", role: "dialog", "aria-labelledby": "title", tabindex: "-1", hidden: true, onkeydown: onKey },
      head, ui.notice, ui.log, ui.typing, ui.newer, buildComposer(), buildPhoneForm());
    return ui.panel;
  }

  function buildComposer() {
    ui.field = el("textarea", { rows: "1", maxlength: String(MAX_TEXT), placeholder: t.write, "aria-label": t.field,
      enterkeyhint: "send", oninput: onInput, onkeydown: onFieldKey });
    ui.send = el("button", { class: "go", type: "submit", "aria-label": t.send, "aria-disabled": "true" }, icon("send"));
    ui.say = el("form", { class: "say", onsubmit: (event) => { event.preventDefault(); submitText(); } }, ui.field, ui.send);
    return ui.say;
  }

  function buildPhoneForm() {
    ui.tel = el("input", { type: "tel", id: "tel", name: "tel", autocomplete: "tel", inputmode: "tel", maxlength: "31", placeholder: "+7 900 000-00-00" });
    ui.tick = el("input", { type: "checkbox", id: "tick" });
    const text = config.consent.text || t.consent;
    const consent = el("label", { class: "consent", for: "tick" }, ui.tick, el("span", {}, text,
      ...(webAddress(config.consent.url) ? [" ", link(config.consent.url, t.policy)] : [])));
    ui.telError = el("p", { class: "error", role: "alert" });
    ui.phone = el("form", { class: "phone", novalidate: true, hidden: true,
      onsubmit: (event) => { event.preventDefault(); submitPhone(text); } },
    el("label", { for: "tel" }, t.phone), ui.tel, consent, ui.telError, el("div", { class: "acts" },
      el("button", { class: "give", type: "submit" }, t.give),
      el("button", { class: "cancel", type: "button", onclick: () => showPhone(false) }, t.cancel)));
    return ui.phone;
  }

  function onInput() {
    ui.field.style.height = "auto";
    ui.field.style.height = `${Math.min(ui.field.scrollHeight + 2, 132)}px`;
    ui.send.setAttribute("aria-disabled", String(!ui.field.value.trim()));
    if (ui.field.value.trim()) tellTyping();
  }

  function onFieldKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submitText();
  }

  function submitText() {
    const text = ui.field.value.trim();
    if (!text) return;
    ui.field.value = "";
    onInput();
    say({ kind: "text", text });
    ui.field.focus();
  }

  function showPhone(shown) {
    ui.phone.hidden = !shown;
    ui.say.hidden = shown;
    ui.telError.textContent = "";
    (shown ? ui.tel : ui.field).focus();
    toBottom();
  }

  function submitPhone(consentText) {
    const number = ui.tel.value.trim();
    const digits = number.replace(/\D/g, "").length;
    const bad = digits < 10 || digits > 15 || !/^\+?[\d\s().-]+$/.test(number);
    ui.telError.textContent = bad ? t.badPhone : ui.tick.checked ? "" : t.noConsent;
    ui.tel.setAttribute("aria-invalid", String(bad));
    if (bad) return ui.tel.focus();
    if (!ui.tick.checked) return ui.tick.focus();
    say({ kind: "contact", phone: number, consent: true, consent_text: consentText });
    ui.tel.value = "";
    ui.tick.checked = false;
    return showPhone(false);
  }

  function onKey(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      if (ui.phone.hidden) close();
      else showPhone(false);
    }
    if (event.key === "Tab" && phone.matches) holdFocus(event); // full screen: there is nothing else to go to
  }

  function holdFocus(event) {
    const stops = [...ui.panel.querySelectorAll("a[href], button, input, textarea, [tabindex='0']")].filter((node) => node.offsetParent);
    const at = ui.root.getRootNode().activeElement;
    const [first, last] = [stops[0], stops[stops.length - 1]];
    if (event.shiftKey ? at === first || at === ui.panel : at === last) {
      event.preventDefault();
      (event.shiftKey ? last : first).focus();
    }
  }

  // ---- drawing the log ---------------------------------------------------------------------------------------------

  const atBottom = () => ui.log.scrollHeight - ui.log.scrollTop - ui.log.clientHeight < 60;
  function toBottom() {
    ui.log.scrollTop = ui.log.scrollHeight;
    ui.newer.hidden = true;
  }

  /** Bring the page in line with `items` and the queue. `own`: the visitor has just said something. */
  function draw(own = false) {
    if (!ui.log) return;
    const stick = own || atBottom();
    const before = bubbles.size;
    const all = [...said(), ...queue().filter((one) => one.kind !== "start" && !items.has(`u${one.id}`)).map(asItem)];
    let previous = ui.intro || ui.earlier;
    for (const item of all) {
      previous = place(item, previous);
    }
    forget(new Set(all.map((item) => item.id)));
    drawChoices(all);
    ui.earlier.hidden = !hasEarlier;
    if (stick) toBottom();
    else if (bubbles.size > before && isOpen) ui.newer.hidden = false;
    drawUnread();
  }

  const asItem = (one) => ({ id: `u${one.id}`, role: "user", text: one.phone || one.text || "", at: one.at, local: one,
    state: one.failed ? "failed" : navigator.onLine === false ? "waiting" : "sending" });

  function place(item, previous) {
    let node = bubbles.get(item.id);
    if (!node) {
      node = bubble(item);
      bubbles.set(item.id, node);
    }
    if (previous.nextSibling !== node) previous.after(node);
    if (item.role === "user") drawState(node, item);
    return node;
  }

  function forget(ids) {
    for (const [id, node] of bubbles) {
      if (!ids.has(id)) {
        node.remove();
        bubbles.delete(id);
      }
    }
  }

  function bubble(item) {
    const body = el("div", { class: "bubble" }, el("span", { class: "hush" }, `${who(item.role)}: `), ...(item.media || []).map(media), ...linked(item.text));
    const at = new Date(item.at);
    const today = at.toDateString() === new Date().toDateString();
    const shown = today ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
    const meta = el("div", { class: "meta" }, item.role === "manager" ? el("span", {}, t.manager) : null,
      el("time", { datetime: item.at }, at.toLocaleString(lang, shown)), el("span", { class: "state" }));
    return el("div", { class: `message ${item.role}`, "data-id": item.id }, body, meta);
  }

  const who = (role) => ({ user: t.you, manager: t.manager }[role] || t.bot);

  function media(file) {
    const url = /^https?:\/\//i.test(file.url) ? file.url : "";
    if (!url) return file.name || t.file;
    return link(url, file.kind === "photo" ? el("img", { src: url, alt: file.name || "", loading: "lazy", onload: () => { if (atBottom()) toBottom(); } }) : file.name || t.file);
  }

  function drawState(node, item) {
    const state = item.state || "delivered";
    if (node.dataset.state === state) return;
    node.dataset.state = state;
    const mark = { delivered: "✓", sending: "…", waiting: t.waiting }[state];
    const slot = node.querySelector(".state");
    slot.replaceChildren(...(state === "failed"
      ? [el("span", { class: "bad" }, t.failed),
        el("button", { type: "button", onclick: () => retry(item.local.id) }, t.retry),
        el("button", { type: "button", onclick: () => drop(item.local.id) }, t.remove)]
      : [el("span", { "aria-hidden": "true" }, mark), el("span", { class: "hush" }, t[state])]));
  }

  function retry(id) {
    changeQueue((all) => all.map((one) => (one.id === id ? { ...one, failed: undefined } : one)));
    draw();
    flush();
    ui.field.focus();
  }

  function drop(id) {
    changeQueue((all) => all.filter((one) => one.id !== id));
    draw();
    ui.field.focus();
  }

  /** What can be answered by a press stands under the words asked since the visitor last spoke; web links stay. */
  function drawChoices(all) {
    const lastOwn = all.map((item) => item.role).lastIndexOf("user");
    all.forEach((item, number) => {
      const node = bubbles.get(item.id);
      const wanted = (item.buttons || []).flat().filter((button) => number > lastOwn || button.url || button.web_app);
      const now = String(wanted.length);
      if ((node.dataset.choices || "0") === now) return;
      node.dataset.choices = now;
      const old = node.querySelector(".choices");
      const held = old && old.contains(ui.root.getRootNode().activeElement);
      if (old) old.remove();
      if (wanted.length) node.append(el("div", { class: "choices" }, ...wanted.map((button) => choice(button, item))));
      else if (held) ui.field.focus(); // the pressed button is gone: the keyboard must not fall out of the dialog
    });
  }

  function choice(button, item) {
    const page = button.url || button.web_app;
    if (page) return webAddress(page) ? link(page, button.text, { class: "choice" }) : null;
    const press = button.ask === "contact"
      ? () => showPhone(true)
      : () => { say({ kind: "press", data: button.data || button.text, text: button.text, message: item.id }); if (!phone.matches) ui.field.focus(); };
    return el("button", { class: "choice", type: "button", onclick: press }, button.text);
  }

  function drawUnread() {
    if (isOpen && !document.hidden && cursor > (local.get("read") || 0)) local.set("read", cursor);
    const count = isOpen ? 0 : unread();
    ui.badge.hidden = !count;
    ui.badge.textContent = count > 99 ? "99+" : String(count);
    ui.launch.setAttribute("aria-label", count ? `${t.open}, ${count} ${t.unread}` : t.open);
  }

  let typingTimer = 0;
  function showTyping(role) {
    const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    ui.typing.replaceChildren(`${who(role)} ${t.typing}`, dots);
    ui.typing.hidden = false;
    clearTimeout(typingTimer);
    typingTimer = setTimeout(hideTyping, TYPING_MS);
    if (atBottom()) toBottom();
  }
  function hideTyping() {
    if (ui.typing) ui.typing.hidden = true;
  }

  function setOffline(offline) {
    if (ui.notice) ui.notice.hidden = !offline;
  }

  // ---- opening and closing -----------------------------------------------------------------------------------------

  let wanted = null; // what the page asked for before the chat was ready
  let pageOverflow = "";

  function open({ focus = true } = {}) {
    if (!ui.panel) {
      wanted = true;
      return;
    }
    if (isOpen) return;
    isOpen = true;
    session.set("open", true);
    ui.panel.hidden = false;
    ui.launch.hidden = true;
    ui.launch.setAttribute("aria-expanded", "true");
    ui.panel.setAttribute("aria-modal", String(phone.matches));
    pageOverflow = document.documentElement.style.overflow;
    if (phone.matches) document.documentElement.style.overflow = "hidden";
    fitKeyboard();
    begin();
    draw(true);
    // On a phone the field would bring up the keyboard over the greeting before it is read.
    if (focus) (phone.matches ? ui.panel : ui.field).focus();
  }

  function close() {
    if (!ui.panel || !isOpen) {
      wanted = false;
      return;
    }
    isOpen = false;
    session.set("open", false);
    ui.panel.hidden = true;
    ui.launch.hidden = false;
    ui.launch.setAttribute("aria-expanded", "false");
    document.documentElement.style.overflow = pageOverflow;
    drawUnread();
    ui.launch.focus();
  }

  /** The phone's keyboard covers the page without making it smaller: fit the panel into what is left in sight. */
  function fitKeyboard() {
    const seen = window.visualViewport;
    if (!seen || !isOpen) return;
    ui.root.style.setProperty("--seen", `${seen.height}px`);
    ui.root.style.setProperty("--above", `${seen.offsetTop}px`);
    if (atBottom()) toBottom();
  }

  function attend() {
    window.addEventListener("online", () => { patience = 1000; draw(); flush(); live.wake(); });
    window.addEventListener("offline", () => { setOffline(true); draw(); });
    window.addEventListener("storage", (event) => { if ((event.key || "").startsWith(`otklik:${KEY}:`)) draw(); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) { live.wake(); drawUnread(); } });
    if (window.visualViewport) visualViewport.addEventListener("resize", fitKeyboard);
    if (tabs) {
      tabs.onmessage = ({ data }) => {
        if (data.item) accept(data.item, false);
        if (data.typing) showTyping(data.typing);
      };
    }
  }

  /** A site that is not allowed and a network that is down look the same from here: say so, and do not ask for ever. */
  async function loadConfig() {
    for (const delay of [2000, 10000, 60000, 0]) {
      try {
        return await (await request("config")).json();
      } catch (error) {
        console.warn(`Otklik: the chat is not shown (${error.message}). Is ${location.origin} among its allowed sites?`);
        if (!delay || (error instanceof Refusal && error.status < 500 && error.status !== 429)) return null;
        await new Promise((resolve) => setTimeout(resolve, Math.max(delay, (error.retryAfter || 0) * 1000)));
      }
    }
    return null;
  }

  async function main() {
    noteArrival();
    config = await loadConfig();
    if (!config) return;
    lang = script.dataset.lang || config.lang;
    t = WORDS[lang] || WORDS.ru;
    build();
    attend();
    drawUnread();
    if (local.get("token") && local.get("started")) {
      ui.log.setAttribute("aria-live", "off"); // yesterday's words are not news
      await loadHistory().catch(() => {});
      requestAnimationFrame(() => ui.log.setAttribute("aria-live", "polite"));
      live.begin();
      flush();
    }
    if (wanted) open();
    else if (wanted === null && session.get("open") && !phone.matches) open({ focus: false });
  }

  window.Otklik = { open: () => open(), close: () => close() };
  if (document.body) main();
  else addEventListener("DOMContentLoaded", main);
})();

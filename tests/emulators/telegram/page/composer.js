// The bottom of the chat: the field, the reply keyboard, or one big button when there is nothing to write.

import { find, icon, make } from "./dom.js";

const CLIP = "M8 12l7-7a3.5 3.5 0 0 1 5 5l-9.5 9.5a5.5 5.5 0 0 1-8-8L11 3.5";
const PLANE = "M3 4l19 8-19 8 2.5-7L15 12 5.5 11z";
const drafts = new Map();
let drawn = "";

export function drawComposer(tools) {
  const { view, state } = tools;
  const { chat } = view;
  const bot = view.bots.find((item) => item.id === state.bot);
  const known = view.people.some((person) => person.id === state.chat);
  const next = JSON.stringify([state.bot, state.chat, known, chat?.is_open, chat?.is_blocked, chat?.keyboard, state.editing?.id, state.replying?.id, chat?.menu_button, bot?.menu_button, bot?.commands]);
  if (next === drawn) return;
  drawn = next;
  const footer = find("footer");
  if (!known || !bot) footer.replaceChildren();
  else if (chat?.is_blocked) footer.replaceChildren(wide("Разблокировать", () => tools.act("unblock")));
  else if (!chat?.is_open && state.chat > 0) footer.replaceChildren(wide("Запустить", () => tools.act("say", { text: "/start" })));
  else footer.replaceChildren(...parts(tools, bot));
  const scroll = find("scroll");
  scroll.scrollTop = scroll.scrollHeight;
}

const wide = (label, onclick) => make("button", { class: "wide", type: "button", onclick }, label);

function parts(tools, bot) {
  const { state, view } = tools;
  return [state.editing ? editingBar(tools) : "", state.replying ? replyingBar(tools) : "", field(tools, bot), keys(tools, view.chat?.keyboard)].filter(Boolean);
}

function editingBar({ state, startEditing }) {
  return make("div", { class: "editing" }, make("span", {}, `Изменение: ${state.editing.content.text}`),
    make("button", { class: "icon", type: "button", "aria-label": "Отменить изменение", onclick: () => startEditing(null) }, "✕"));
}

function replyingBar({ state, startReplying }) {
  const { content } = state.replying;
  return make("div", { class: "editing" }, make("span", {}, `Ответ: ${(content.text || content.caption || "сообщение").slice(0, 80)}`),
    make("button", { class: "icon", type: "button", "aria-label": "Не отвечать", onclick: () => startReplying(null) }, "✕"));
}

function field(tools, bot) {
  const { state, view } = tools;
  const key = `${state.bot}/${state.chat}`;
  const words = make("textarea", { id: "words", rows: 1, maxlength: 4096, "aria-label": "Сообщение", placeholder: view.chat?.keyboard?.input_field_placeholder || "Сообщение" });
  words.value = state.editing ? state.editing.content.text : drafts.get(key) || "";
  const grow = () => { words.style.height = "auto"; words.style.height = `${words.scrollHeight}px`; };
  words.addEventListener("input", () => { grow(); if (!state.editing) drafts.set(key, words.value); });
  const send = () => {
    const text = words.value.trim();
    if (!text) return;
    words.value = "";
    drafts.delete(key);
    grow();
    tools.say(text);
  };
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  requestAnimationFrame(grow);
  return make("form", { class: "compose", onsubmit: (event) => { event.preventDefault(); send(); } },
    menuKey(tools, bot),
    make("button", { class: "icon", type: "button", "aria-label": "Прикрепить", onclick: tools.onMenu }, icon(CLIP)),
    words,
    make("button", { class: "icon send", "aria-label": "Отправить" }, icon(PLANE)));
}

function menuKey(tools, bot) {
  const button = tools.view.chat?.menu_button || bot.menu_button;
  if (button.type === "web_app") return make("button", { class: "menu-key", type: "button", onclick: tools.openMenuButton }, button.text);
  return bot.commands.length ? make("button", { class: "menu-key", type: "button", onclick: tools.openMenuButton }, "☰ Меню") : null;
}

function keys({ say, shareContact }, keyboard) {
  if (!keyboard?.keyboard) return null;
  const press = (button) => button.request_contact ? shareContact(false) : say(button.text);
  return make("div", { class: "keys" }, ...keyboard.keyboard.map((row) => make("div", { class: "row" }, ...row.map((button) =>
    make("button", { type: "button", onclick: () => press(button) }, (button.request_contact ? "📱 " : "") + button.text)))));
}

// The page's state and its conversation with the server.

import { drawComposer } from "./composer.js";
import { askForm, chooseFrom, tell, toast } from "./dialogs.js";
import { clockOf, dayOf, find, make, paintAvatar } from "./dom.js";
import { messageElement } from "./messages.js";
import { openApp } from "./webapp.js";

const NAMES = ["Анна Белова", "Игорь Смирнов", "Мария Котова", "Павел Орлов", "Ольга Лебедева", "Денис Фомин", "Вера Зимина", "Тимур Ахметов"];
const state = { bot: 0, chat: 0, view: null, editing: null, replying: null, as: 0, toasts: null, drawn: "" };
const app = find("app");

async function act(verb, order = {}) {
  const response = await fetch(`/_ctl/${verb}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ bot: state.bot, user_id: state.chat, ...order }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer.result;
}

const attempt = (verb, order) => act(verb, order).catch((error) => toast(error.message));

// --- where we are: #bot/person -------------------------------------------------------------------------------------

function readAddress() {
  const [bot, chat] = location.hash.slice(1).split("/").map(Number);
  state.bot = bot || 0;
  state.chat = chat || 0;
  state.editing = null;
  state.replying = null;
  state.toasts = null;
  app.dataset.pane = state.chat ? "chat" : "list";
}

const go = (bot, chat) => { location.hash = `${bot}/${chat}`; };

const seenKey = (bot, chat) => `seen/${bot}/${chat}`;
const lastSeen = (chat) => Number(localStorage.getItem(seenKey(state.bot, chat)) || 0);

// --- drawing -------------------------------------------------------------------------------------------------------

function draw() {
  const { view } = state;
  drawBots(view);
  drawPeople(view);
  drawHeader(view);
  drawMessages(view);
  drawComposer({ view, state, act: attempt, say, startEditing, startReplying, onMenu: openAttachments, openMenuButton, shareContact });
  showToasts(view);
}

function drawBots({ bots }) {
  const select = find("bots");
  const options = bots.map((bot) => make("option", { value: bot.id, selected: bot.id === state.bot }, `${bot.name} (@${bot.username})`));
  select.replaceChildren(...(options.length ? options : [make("option", {}, "Ботов пока нет")]));
  const bot = bots.find((item) => item.id === state.bot);
  const trouble = bot && ((bot.error && `${bot.error}.`) || (!bot.webhook && bot.pending ? "У бота не установлен вебхук." : ""));
  find("health").hidden = !trouble;
  find("health").textContent = trouble ? `Бот не слышит. ${trouble} Ждут доставки: ${bot.pending}.` : "";
}

function drawPeople({ people, now }) {
  const sorted = [...people].sort((a, b) => (b.last?.date || 0) - (a.last?.date || 0) || a.id - b.id);
  find("people").replaceChildren(...sorted.map((person) => personItem(person, now)));
}

function personItem(person, now) {
  const avatar = make("span", { class: "avatar", "aria-hidden": "true" });
  paintAvatar(avatar, person.id, person.name);
  const open = person.id === state.chat;
  const unread = open ? 0 : person.from_bot.filter((id) => id > lastSeen(person.id)).length;
  const said = person.last ? (person.last.by_bot ? "" : "Вы: ") + person.last.text : person.phone ? `+${person.phone}` : "ещё не писал боту";
  const time = person.last ? (dayOf(person.last.date, now) === "Сегодня" ? clockOf(person.last.date) : dayOf(person.last.date, now)) : "";
  return make("li", {}, make("button", { class: "person", type: "button", "aria-current": open ? "true" : null, onclick: () => go(state.bot, person.id) },
    avatar, make("span", { class: "lines" },
      make("span", { class: "top" }, make("b", {}, person.name), make("small", {}, time)),
      make("span", { class: "bottom" }, make("small", { class: "said" }, said), unread ? make("span", { class: "badge" }, String(unread)) : null))));
}

function drawHeader({ bots, people, chat }) {
  const bot = bots.find((item) => item.id === state.bot);
  const person = people.find((item) => item.id === state.chat);
  find("bot-name").textContent = chat && chat.id < 0 ? person?.name || "" : bot?.name || "Мессенджер";
  paintAvatar(find("bot-avatar"), state.bot, bot?.name || "М");
  const status = find("bot-status");
  const me = people.find((item) => item.id === pressedBy());
  status.textContent = chat?.action ? "печатает…" : person ? `${chat?.id < 0 ? "группа" : "бот"} · вы — ${me?.name || "никто"}` : "";
  drawWho(chat, people);
  status.className = chat?.action ? "typing" : "";
  find("more").hidden = !person;
}

// In a group there are many people: whoever is chosen here writes and presses.
function drawWho(chat, people) {
  const select = find("as");
  const humans = people.filter((person) => person.id > 0);
  select.hidden = !(chat?.id < 0) || !humans.length;
  select.replaceChildren(...humans.map((person) => make("option", { value: person.id, selected: person.id === pressedBy() }, person.name)));
}

function drawMessages({ chat, bots, now }) {
  const drawn = JSON.stringify([state.bot, state.chat, chat?.messages, Boolean(bots.length)]);
  if (drawn === state.drawn) return;
  const scroll = find("scroll");
  const sameChat = state.drawn.startsWith(`[${state.bot},${state.chat},`);
  const atEnd = !sameChat || scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;
  state.drawn = drawn;
  const messages = chat?.messages || [];
  find("messages").replaceChildren(...(messages.length ? withDays(messages, chat, now, sameChat) : [emptyNote(bots)]));
  if (atEnd) scroll.scrollTop = scroll.scrollHeight;
  const fromBot = messages.filter((message) => message.by_bot);
  if (fromBot.length) localStorage.setItem(seenKey(state.bot, state.chat), fromBot.at(-1).id);
}

let newest = 0;

function withDays(messages, chat, now, sameChat) {
  const items = [];
  let day = "";
  const before = sameChat ? newest : Infinity;
  for (const message of messages) {
    if (dayOf(message.date, now) !== day) {
      day = dayOf(message.date, now);
      items.push(make("li", { class: "day" }, day));
    }
    const element = messageElement(message, { isGroup: chat.id < 0, onPress: press, onEdit: startEditing, onReply: startReplying, onCommand: say });
    if (message.id > before) element.classList.add("fresh");
    items.push(element);
  }
  newest = messages.at(-1).id;
  return items;
}

function emptyNote(bots) {
  if (!bots.length) {
    return make("li", { class: "empty" }, "Здесь пока нет ни одного бота. Подключите его: ",
      make("code", {}, `./run manage connect telegram --token 1:demo --api-url ${location.origin} --scenario …`));
  }
  return make("li", { class: "empty" }, state.chat ? "Здесь пока пусто. Нажмите «Запустить», чтобы начать разговор с ботом." : "Выберите человека слева или создайте нового.");
}

function showToasts({ chat }) {
  const answers = chat?.toasts || [];
  const fresh = state.toasts ? answers.filter((answer) => !state.toasts.has(answer.id)) : [];
  state.toasts = new Set(answers.map((answer) => answer.id));
  const mine = fresh.filter((answer) => answer.user_id === pressedBy());
  for (const answer of mine) answer.show_alert ? tell(answer.text) : toast(answer.text);
}

// --- acts ----------------------------------------------------------------------------------------------------------

const pressedBy = () => state.chat > 0 ? state.chat : state.as || (state.view.people.find((person) => person.id > 0)?.id || 1);

async function say(text) {
  if (state.editing) {
    const message_id = state.editing.id;
    startEditing(null);
    return attempt("edit", { message_id, text });
  }
  const reply_to = state.replying?.id || 0;
  startReplying(null);
  return attempt("say", state.chat > 0 ? { text, reply_to } : { text, reply_to, user_id: pressedBy(), chat_id: state.chat });
}

async function press(message, button, element) {
  if (button.url) return window.open(button.url, "_blank", "noopener");
  if (button.web_app) return openWebApp(button.text, button.web_app.url);
  element.classList.add("busy");
  setTimeout(() => element.classList.remove("busy"), 1500);
  if (button.pay) return attempt("pay", { message_id: message.id });
  return attempt("press", { user_id: pressedBy(), chat_id: state.chat, message_id: message.id, data: button.callback_data });
}

async function openWebApp(title, url) {
  const response = await fetch(`/_ctl/init_data?bot=${state.bot}&user_id=${pressedBy()}`);
  const pay = (slug) => act("pay", { slug, user_id: pressedBy() }).then(() => "paid", (error) => { toast(error.message); return "failed"; });
  return openApp(title, url, (await response.json()).init_data, pay);
}

function startReplying(message) {
  if (state.replying === message) return;
  state.replying = message;
  state.editing = null;
  draw();
  find("words")?.focus();
}

function startEditing(message) {
  state.editing = message;
  state.replying = null;
  draw();
  find("words")?.focus();
}

async function openMenuButton() {
  const { bots, chat } = state.view;
  const bot = bots.find((item) => item.id === state.bot);
  const button = chat?.menu_button || bot.menu_button;
  if (button.type === "web_app") return openWebApp(button.text, button.web_app.url);
  const chosen = await chooseFrom(bot.commands.map((item) => [`/${item.command}`, item.description, `/${item.command}`]));
  return chosen && say(chosen);
}

async function openAttachments() {
  const kind = await chooseFrom([
    ["photo", "Фотография", "🖼"], ["document", "Документ", "📄"], ["voice", "Голосовое сообщение", "🎤"], ["sticker", "Стикер", "🙂"],
    ["location", "Место на карте", "📍"], ["own", "Свой контакт", "👤"], ["foreign", "Чужой контакт", "👥"],
  ]);
  if (kind === "own" || kind === "foreign") return shareContact(kind === "foreign");
  return kind && attempt("send", { kind });
}

async function shareContact(foreign) {
  const person = state.view.people.find((item) => item.id === state.chat);
  const phone = foreign ? "79160000000" : person?.phone || `7916${String(state.chat).padStart(7, "0").slice(-7)}`;
  const answer = await askForm(foreign ? "Отправить чужой контакт" : "Поделиться своим номером", [["phone", "Телефон", phone, { inputmode: "tel", required: true }]], "Отправить");
  return answer && attempt("contact", { phone: answer.phone, foreign });
}

async function openMore() {
  if (state.chat < 0) return openGroupMenu();
  const blocked = state.view.chat?.is_blocked;
  const chosen = await chooseFrom([
    blocked ? ["unblock", "Разблокировать бота", "🔓"] : ["block", "Заблокировать бота", "⛔", "danger"],
    ["rename", "Изменить имя", "✎"],
    ["link", "Прийти по ссылке ?start=…", "🔗"],
  ]);
  if (chosen === "block" || chosen === "unblock") return attempt(chosen);
  if (chosen === "link") {
    const answer = await askForm("Переход по ссылке на бота", [["payload", "Метка после ?start=", "promo", { pattern: "[A-Za-z0-9_\\-]{1,64}" }]], "Перейти");
    return answer && attempt("say", { text: `/start ${answer.payload}`.trim() });
  }
  return chosen === "rename" && editPerson(state.chat);
}

async function openGroupMenu() {
  const chosen = await chooseFrom([["kick", "Удалить бота из группы", "⛔", "danger"], ["put_in", "Добавить бота снова", "➕"]]);
  const title = state.view.people.find((item) => item.id === state.chat)?.name;
  return chosen && attempt(chosen, { user_id: pressedBy(), chat_id: state.chat, title });
}

async function addGroup() {
  const answer = await askForm("Добавить бота в группу", [["title", "Название", "Отдел продаж", { required: true }]], "Добавить");
  if (!answer) return;
  const taken = state.view.people.map((person) => person.id);
  const chat_id = Math.min(-100500, ...taken) - 1;
  await attempt("put_in", { user_id: state.as || pressedBy() , chat_id, title: answer.title });
  go(state.bot, chat_id);
}

async function editPerson(id) {
  const known = state.view.people.find((person) => person.id === id);
  const name = known?.name || NAMES[state.view.people.length % NAMES.length];
  const answer = await askForm(known ? "Имя" : "Новый человек", [
    ["name", "Имя и фамилия", name, { required: true }],
    ["username", "Имя пользователя", known?.username || "", { placeholder: "без @, можно не указывать" }],
    ...(known ? [] : [["user_id", "Номер в Telegram (для менеджера — как в админке)", "", { inputmode: "numeric", pattern: "[0-9]*", placeholder: "придумать" }]]),
  ]);
  if (!answer) return;
  const [first_name, ...rest] = answer.name.split(/\s+/);
  const made = await attempt("person", { first_name, last_name: rest.join(" "), username: answer.username, user_id: Number(answer.user_id || id || 0), bot: undefined });
  if (made && !known) go(state.bot, made);
}

function switchTheme(theme) {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("theme", theme);
}

// --- the beginning -------------------------------------------------------------------------------------------------

let asking = null;

async function follow() {
  for (;;) {
    try {
      asking = new AbortController();
      const since = state.view ? state.view.version : -1;
      const wait = state.view?.chat?.action ? 3 : 20;
      const response = await fetch(`/_ctl/view?bot=${state.bot}&chat=${state.chat}&since=${since}&wait=${state.view ? wait : 0}`, { signal: asking.signal });
      state.view = await response.json();
      if (!state.bot && state.view.bots.length) { history.replaceState(null, "", `#${state.view.bots[0].id}/${state.chat}`); readAddress(); state.view = null; continue; }
      draw();
    } catch (error) {
      if (error.name === "AbortError") continue;
      find("bot-status").textContent = "соединение…";
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

function look() {
  readAddress();
  state.view = state.view && { ...state.view, version: -1 };
  asking?.abort();
}

const dark = matchMedia("(prefers-color-scheme: dark)").matches;
switchTheme(localStorage.getItem("theme") || (dark ? "dark" : "light"));
find("theme").addEventListener("click", () => switchTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
find("as").addEventListener("change", (event) => { state.as = Number(event.target.value); draw(); });
find("bots").addEventListener("change", (event) => go(event.target.value, state.chat));
find("new-person").addEventListener("click", () => editPerson(0));
find("new-group").addEventListener("click", addGroup);
find("back").addEventListener("click", () => go(state.bot, 0));
find("more").addEventListener("click", openMore);
find("down").addEventListener("click", () => { find("scroll").scrollTop = find("scroll").scrollHeight; });
find("scroll").addEventListener("scroll", ({ target }) => { find("down").hidden = target.scrollHeight - target.scrollTop - target.clientHeight < 200; });
window.addEventListener("hashchange", look);
readAddress();
follow();

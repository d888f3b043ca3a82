// Turns the portal's state into elements. Text goes in as text, never as markup.
import { post } from "./send.js";

const CONNECTORS = { telegrambot: "Telegram", vkgroup: "ВКонтакте", livechat: "Чат на сайте", avito: "Авито" };
const drawn = new Map();

function el(tag, props = {}, ...children) {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children.filter((child) => child !== null && child !== ""));
  return node;
}

// Redraws `place` only when `data` differs from what was drawn there; keyboard focus inside survives by data-key.
function redrawn(place, data, make) {
  const text = JSON.stringify(data);
  if (drawn.get(place) === text) return false;
  drawn.set(place, text);
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  place.replaceChildren(...make());
  if (focused) place.querySelector(`[data-key="${focused}"]`)?.focus();
  return true;
}

const $ = (selector) => document.querySelector(selector);
const time = (iso) => iso.slice(11, 16);
const day = (iso) => `${iso.slice(8, 10)}.${iso.slice(5, 7)} ${time(iso)}`;
const connector = (code) => CONNECTORS[code] || code;
const named = (rows, id) => rows.find((row) => row.id === id);

export function fillChoices(state) {
  const options = (pairs) => () => pairs.map(([value, text]) => el("option", { value, textContent: text }));
  const fill = (selector, pairs) => {
    const kept = $(selector).value;
    if (redrawn($(selector), pairs, options(pairs)) && kept) $(selector).value = kept;
  };
  fill("#sources", state.sources.map((row) => [row.id, row.name]));
  fill("#connectors", Object.entries(CONNECTORS));
  fill("#lines", state.lines.map((row) => [String(row.id), row.name]));
  fill("#operator", state.employees.filter((row) => row.active).map((row) => [String(row.id), row.name]));
}

export function drawLeads(state, view, choose) {
  if (!named(state.leads, view.lead)) view.lead = state.leads[0]?.id || 0;
  redrawn($("#lead-list"), [state.leads, view.lead, state.stages], () => state.leads.map((lead) => leadItem(state, view, lead, choose)));
  const lead = named(state.leads, view.lead);
  redrawn($("#lead"), [lead, state.stages, state.sources, state.chats.map((chat) => chat.id)], () => (lead ? leadCard(state, lead, choose) : [el("p", { className: "empty", textContent: "Лидов пока нет. Создайте лид или напишите в открытую линию." })]));
}

function stagePill(state, id) {
  const stage = named(state.stages, id) || { name: id, color: "" };
  const pill = el("span", { className: "pill", textContent: stage.name });
  pill.style.setProperty("--stage", stage.color);
  return pill;
}

function leadItem(state, view, lead, choose) {
  const phone = lead.phones[0]
    ? el("span", { className: "yes", textContent: lead.phones[0] })
    : el("span", { className: "no", textContent: "нет телефона" });
  const item = el("button", { type: "button", className: "item", onclick: () => choose("lead", lead.id) },
    el("span", { className: "line" }, el("strong", { textContent: lead.title }), el("small", { className: "muted", textContent: day(lead.created) })),
    el("span", { className: "line" }, stagePill(state, lead.stage), phone),
    el("small", { className: "muted", textContent: lead.responsible }));
  item.dataset.key = `lead${lead.id}`;
  item.setAttribute("aria-current", String(lead.id === view.lead));
  item.style.setProperty("--stage", named(state.stages, lead.stage)?.color || "");
  return el("li", {}, item);
}

function leadCard(state, lead, choose) {
  const source = named(state.sources, lead.source)?.name || lead.source;
  const rows = [
    ["Стадия", stagePill(state, lead.stage)],
    ["Телефон", lead.phones.length ? lead.phones.join(", ") : el("span", { className: "no", textContent: "не указан" })],
    ["Почта", lead.emails.join(", ")], ["Имя", lead.name], ["Ответственный", lead.responsible], ["Источник", source],
    ["UTM", lead.utm], ["Внешний код", lead.origin], ["Комментарий", lead.comments], ["Изменён", day(lead.updated)],
  ].filter(([, value]) => value);
  const list = el("dl", {}, ...rows.flatMap(([name, value]) => [el("dt", { textContent: name }), el("dd", {}, value)]));
  const chats = lead.chats.map((id) => el("button", { type: "button", className: "quiet", textContent: `Открыть чат ${id}`, onclick: () => choose("chat", id) }));
  const entries = lead.timeline.map((entry) => el("li", {},
    el("span", { textContent: { stage: "Стадия: ", todo: "Дело: " }[entry.kind] ? { stage: "Стадия: ", todo: "Дело: " }[entry.kind] + entry.text : entry.text }),
    el("small", { className: "muted", textContent: `\n${day(entry.at)}${entry.by ? ` · ${entry.by}` : ""}` })));
  return [el("h2", { textContent: lead.title }), el("p", { className: "muted", textContent: `Лид № ${lead.id}` }), list,
    ...(chats.length ? [el("div", { className: "row" }, ...chats)] : []),
    el("h3", { textContent: "Таймлайн" }), el("ul", { className: "timeline" }, ...entries)];
}

export function drawChats(state, view, choose) {
  if (!named(state.chats, view.chat)) view.chat = state.chats[0]?.id || 0;
  redrawn($("#chat-list"), [state.chats, view.chat], () => state.chats.map((chat) => chatItem(view, chat, choose)));
  const chat = named(state.chats, view.chat);
  $("#chat").hidden = !chat;
  $("#no-chat").hidden = Boolean(chat);
  if (!chat) return;
  redrawn($("#chat-head"), [chat.name, chat.owner, chat.session, chat.lead, chat.connector], () => chatHead(chat, choose));
  const box = $("#bubbles");
  if (redrawn(box, [chat.id, chat.messages], () => chat.messages.map(bubble))) box.scrollTop = box.scrollHeight;
  $("#finish").disabled = $("#take").disabled = !chat.session;
}

function chatItem(view, chat, choose) {
  const last = [...chat.messages].reverse().find((message) => message.by !== "system");
  const item = el("button", { type: "button", className: "item", onclick: () => choose("chat", chat.id) },
    el("span", { className: "line" }, el("strong", { textContent: chat.name }), el("small", { className: "muted", textContent: connector(chat.connector) })),
    el("span", { className: "muted", textContent: last ? last.text.slice(0, 80) : "" }));
  item.dataset.key = `chat${chat.id}`;
  item.setAttribute("aria-current", String(chat.id === view.chat));
  return el("li", {}, item);
}

function chatHead(chat, choose) {
  const who = chat.session ? `Отвечает: ${chat.owner || "никто"}${chat.ownerKind === "bot" ? " (бот)" : ""}` : "Диалог завершён";
  const left = el("div", {}, el("h2", { textContent: chat.name }), el("p", { className: "muted", textContent: `${connector(chat.connector)} · ${who}` }));
  const open = chat.lead ? el("button", { type: "button", className: "quiet", textContent: `Лид № ${chat.lead}`, onclick: () => choose("lead", chat.lead) }) : "";
  return [left, open].filter(Boolean);
}

function bubble(message) {
  const hidden = message.by !== "client" && message.by !== "system" && !message.toClient;
  const note = hidden ? " · клиент не видит" : "";
  return el("li", { className: `bubble ${message.by}${hidden ? " unseen" : ""}`, textContent: message.text },
    message.by === "system" ? "" : el("small", { textContent: `${message.name}, ${time(message.at)}${note}` }));
}

export function drawNotices(state) {
  redrawn($("#notices"), [state.notices, state.employees.map((row) => row.name)], () => state.employees.map((person) => {
    const mine = state.notices.filter((notice) => notice.user === person.id);
    const rows = mine.map((notice) => el("li", { className: "notice" }, plain(notice.text),
      el("small", { className: "muted", textContent: `\n${day(notice.at)}${notice.by ? ` · ${notice.by}` : ""}` })));
    return el("div", { className: "card" }, el("h2", { textContent: person.name }), el("p", { className: "muted", textContent: person.position }),
      rows.length ? el("ul", { className: "plain" }, ...rows) : el("p", { className: "muted", textContent: "Уведомлений нет" }));
  }));
}

// Notifications carry BB codes; the page shows their words only.
function plain(text) {
  return text.replace(/\[br\]/gi, "\n").replace(/\[\/?[a-z*]+(?:=[^\]]*)?\]/gi, "");
}

export function drawFaults(state, refresh) {
  redrawn($("#fault-list"), state.faults, () => (state.faults.length
    ? state.faults.map((fault) => el("li", { textContent: `${fault.times} × ${fault.code || fault.kind}` }))
    : [el("li", { className: "muted", textContent: "Ничего не заказано" })]));
  redrawn($("#delivery-list"), [state.subscriptions, state.deliveries.slice(0, 12)], () => [
    ...state.subscriptions.map((row) => el("li", { className: "muted", textContent: `${row.event} → ${row.handler}` })),
    ...state.deliveries.slice(0, 12).map((row) => el("li", {}, `${row.event}: `,
      el("span", { className: row.status >= 200 && row.status < 300 ? "yes" : "no", textContent: row.status === null ? "потеряно" : row.status || "нет ответа" }))),
  ]);
  redrawn($("#staff"), state.employees, () => state.employees.map((person) => {
    const button = el("button", { type: "button", className: "quiet", textContent: person.online ? "Отпустить" : "На работу" });
    button.dataset.key = `staff${person.id}`;
    button.onclick = async () => {
      await post("employee", { id: person.id, isOnline: !person.online, day: person.online ? "CLOSED" : "OPENED" });
      await refresh();
    };
    return el("li", { className: "row" }, el("span", { textContent: `${person.name} — ${person.online ? "на смене" : "не на смене"}` }), button);
  }));
}

export function drawCalls(state) {
  redrawn($("#call-list"), state.calls, () => state.calls.map((call) => el("tr", {},
    el("td", { textContent: new Date(call.time * 1000).toLocaleTimeString("ru") }),
    el("td", { textContent: (call.batch ? "↳ " : "") + call.method }),
    el("td", { className: call.outcome === "ok" ? "yes" : "no", textContent: call.outcome === "ok" ? "успешно" : `${call.status} ${call.outcome}` }))));
}

// One message: its words with their formatting, its file, its buttons.

import { clockOf, make } from "./dom.js";

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote" };

// Entities may nest; offsets are in UTF-16 units, the units of JavaScript's own strings.
export function formatted(text, entities = [], onCommand = () => {}) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const build = (start, end, rest) => {
    const nodes = [];
    let at = start;
    while (rest.length) {
      const entity = rest.shift();
      const stop = Math.min(entity.offset + entity.length, end);
      if (entity.offset < at) continue;
      nodes.push(text.slice(at, entity.offset));
      const inner = [];
      while (rest.length && rest[0].offset < stop) inner.push(rest.shift());
      nodes.push(wrapped(entity, text.slice(entity.offset, stop), build(entity.offset, stop, inner), onCommand));
      at = stop;
    }
    nodes.push(text.slice(at, end));
    return nodes;
  };
  return build(0, text.length, sorted);
}

function wrapped(entity, words, children, onCommand) {
  const link = { url: /^[a-z]+:/i.test(words) ? words : `https://${words}`, email: `mailto:${words}`, text_link: entity.url };
  if (link[entity.type] && /^(https?|mailto|tg|tel):/i.test(link[entity.type])) {
    return make("a", { href: link[entity.type], target: "_blank", rel: "noopener noreferrer" }, ...children);
  }
  if (entity.type === "bot_command") {
    return make("a", { href: "#", onclick: (event) => { event.preventDefault(); onCommand(words); } }, ...children);
  }
  if (entity.type === "spoiler") return make("span", { class: "spoiler" }, ...children);
  return make(TAGS[entity.type] || "span", {}, ...children);
}

const fileUrl = (id) => `/_ctl/file?id=${encodeURIComponent(id)}`;
const card = (sign, title, small) => make("div", { class: "card" },
  make("span", { class: "round", "aria-hidden": "true" }, sign), make("div", {}, make("b", {}, title), make("small", {}, small)));
const money = (amount, currency) => currency === "XTR" ? `${amount} ⭐`
  : new Intl.NumberFormat("ru", { style: "currency", currency }).format(amount / 100);

const BODIES = {
  photo: (sizes) => make("img", { src: fileUrl(sizes.at(-1).file_id), alt: "Фотография", width: 240, height: 180 }),
  sticker: (body) => make("img", { src: fileUrl(body.file_id), alt: `Стикер ${body.emoji || ""}`, width: 128, height: 128 }),
  document: (body) => card("📄", body.file_name || "Файл", `${Math.max(1, Math.round(body.file_size / 1024))} КБ`),
  voice: (body) => make("div", { class: "card" }, make("span", { class: "round" }, "▶"),
    make("div", {}, make("span", { class: "wave", "aria-hidden": "true" }, "▂▃▅▇▅▃▂▅▇▆▃▂▃▅▂"), make("small", {}, `0:0${body.duration}`))),
  audio: () => card("🎵", "Аудио", ""),
  video: () => card("🎬", "Видео", ""),
  video_note: () => card("🎥", "Видеосообщение", ""),
  animation: () => card("🎞", "Анимация", ""),
  location: (body) => card("📍", "Место на карте", `${body.latitude}, ${body.longitude}`),
  contact: (body) => card("👤", body.first_name, `+${body.phone_number.replace(/^\+/, "")}`),
  invoice: (body) => make("div", {}, make("b", {}, body.title), make("div", {}, body.description),
    make("b", {}, money(body.total_amount, body.currency))),
  successful_payment: (body) => card("✓", "Оплачено", money(body.total_amount, body.currency)),
};

function bodyOf(content) {
  const kind = Object.keys(BODIES).find((name) => name in content);
  return kind ? BODIES[kind](content[kind]) : null;
}

function previewOf({ link_preview_options: preview }) {
  return preview ? make("img", { class: "preview", src: preview.url, alt: "", loading: "lazy", onerror: (event) => event.currentTarget.remove() }) : null;
}

export function messageElement(message, { isGroup, onPress, onEdit, onReply, onCommand }) {
  const { content } = message;
  const text = content.text ?? content.caption ?? "";
  const editable = !message.by_bot && content.text !== undefined;
  const bubble = make("div", { class: ["bubble", content.sticker && "bare", !text && "file", editable && "editable"].filter(Boolean).join(" "), title: editable ? "Изменить" : null },
    isGroup ? make("div", { class: "sender" }, message.sender) : null,
    message.reply_to ? make("div", { class: "quote" }, message.reply_to) : null,
    bodyOf(content), previewOf(content),
    text ? make("span", { class: "text" }, ...formatted(text, content.entities ?? content.caption_entities, onCommand)) : null,
    make("span", { class: "meta" }, (message.is_edited ? "изменено " : "") + clockOf(message.date)));
  if (editable) bubble.addEventListener("click", (event) => event.target.tagName !== "A" && onEdit(message));
  const reply = message.by_bot && make("button", { class: "reply icon", type: "button", "aria-label": "Ответить", title: "Ответить", onclick: () => onReply(message) }, "↩");
  return make("li", { class: `message ${message.by_bot ? "theirs" : "mine"}`, "data-id": message.id },
    bubble, reply || null, keyboardOf(message, onPress));
}

function keyboardOf(message, onPress) {
  const rows = message.buttons.length || !message.content.invoice ? message.buttons
    : [[{ text: `Заплатить ${money(message.content.invoice.total_amount, message.content.invoice.currency)}`, pay: true }]];
  if (!rows.length) return null;
  const label = (button) => button.text + (button.url ? " ↗" : "");
  return make("div", { class: "inline" }, ...rows.map((row) => make("div", { class: "row" }, ...row.map((button) =>
    make("button", { type: "button", onclick: (event) => onPress(message, button, event.currentTarget) }, label(button))))));
}

/* A sheet from the side: one at a time, closed by its cross, by Escape and by a press beside it. */
import { make } from "./dom.js";

export class Sheet {
  constructor(words) {
    this.words = words;
    this.node = document.getElementById("sheet");
    this.node.addEventListener("click", (event) => event.target === this.node && this.node.close());
    this.node.addEventListener("close", () => this.onclose?.());
  }

  get isOpen() {
    return this.node.open;
  }

  get shows() {
    return this.node.open ? this.node.dataset.name : "";
  }

  open(title, children, { name = "", onclose = null } = {}) {
    this.onclose = onclose;
    this.node.dataset.name = name;
    const cross = make(
      "button",
      { type: "button", className: "act act--cross", "aria-label": this.words.close, onclick: () => this.node.close() },
      "✕",
    );
    this.node.replaceChildren(
      make("div", { className: "sheet-in" }, make("header", { className: "sheet-head" }, make("h2", {}, title), cross), ...children),
    );
    if (!this.node.open) this.node.showModal();
  }

  close() {
    if (this.node.open) this.node.close();
  }
}

export const choices = (label, buttons) =>
  make(
    "section",
    { className: "choices" },
    label && make("h3", {}, label),
    make("div", { className: "choices-row" }, buttons),
  );

export const choice = (text, onclick, { kind = "", pressed = null, name = "" } = {}) =>
  make(
    "button",
    {
      type: "button",
      className: `act ${kind && `act--${kind}`}`,
      onclick,
      "aria-pressed": pressed === null ? null : String(pressed),
      data: name ? { choice: name } : {},
    },
    text,
  );

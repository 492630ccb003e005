// The list above the message input: a heading with help, and options picked by keyboard or pointer.

import { h, replace } from "./dom.js";

const ID = "suggestions";

export class Suggestions {
  constructor() {
    this.help = h("div.suggestions-help", { hidden: true });
    this.list = h("ul.suggestions-list", { id: ID, role: "listbox", "aria-label": "Suggestions" });
    this.element = h("div.suggestions", { hidden: true }, this.help, this.list);
    this.items = [];
    this.active = 0;
    this.owner = null;
  }

  /** Show `items` ({label, detail, tag, icon}) for the input `owner`; `onpick(item)` is called with the chosen one. */
  show(owner, { help = null, items = [], onpick }) {
    this.#release();
    this.owner = owner;
    this.items = items;
    this.onpick = onpick;
    this.active = 0;
    replace(this.help, help);
    this.help.hidden = !help;
    this.element.hidden = !help && !items.length;
    owner.setAttribute("aria-controls", ID);
    this.#draw();
  }

  hide() {
    this.#release();
    this.items = [];
    this.element.hidden = true;
  }

  get open() {
    return !this.element.hidden && this.items.length > 0;
  }

  /** Take a key press of the owner; true when it was for the list. */
  key(event) {
    if (!this.open) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.active = (this.active + step + this.items.length) % this.items.length;
      this.#draw();
    } else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) {
      this.#pick(this.active);
    } else if (event.key === "Escape") {
      this.hide();
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  #pick(index) {
    const item = this.items[index];
    this.hide();
    this.onpick(item);
  }

  #release() {
    if (!this.owner) return;
    this.owner.setAttribute("aria-expanded", "false");
    this.owner.removeAttribute("aria-activedescendant");
    this.owner = null;
  }

  #draw() {
    replace(this.list, this.items.map((item, index) => this.#option(item, index)));
    this.list.hidden = !this.items.length;
    this.owner.setAttribute("aria-expanded", String(this.open));
    if (!this.open) return;
    this.owner.setAttribute("aria-activedescendant", `${ID}-${this.active}`);
    this.list.children[this.active].scrollIntoView({ block: "nearest" });
  }

  #option(item, index) {
    return h("li.suggestion", {
      id: `${ID}-${index}`,
      role: "option",
      class: index === this.active ? "active" : "",
      "aria-selected": String(index === this.active),
      onpointerdown: (event) => event.preventDefault(),
      onclick: () => this.#pick(index),
    }, item.icon, h("span.suggestion-label", {}, item.label),
    item.detail && h("span.suggestion-detail", {}, item.detail),
    item.tag && h("span.suggestion-tag", {}, item.tag));
  }
}
